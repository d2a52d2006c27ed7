package registry

import (
	"context"
	"errors"
	"testing"
	"time"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
)

const again = "5b0c6a3e-94c8-4b60-8f3f-1d6b4c0f0a11"

func follow(t *testing.T, agents *Registry, agentID string, since *time.Time) *Follower {
	t.Helper()
	follower, err := agents.Follow(agentID, since)
	if err != nil {
		t.Fatal(err)
	}
	return follower
}

func next(t *testing.T, follower *Follower) *agentsv1.AgentEvent {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	event, err := follower.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func expectNothing(t *testing.T, follower *Follower) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if event, err := follower.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("found %v, %v, expected no event", event, err)
	}
}

func TestRegistrationOfAnActiveAgentIsTwoChangesOfState(t *testing.T) {
	agents := newAt(noon)
	made := register(t, agents, "planner", active, "")
	follower := follow(t, agents, made.GetId(), &noon)
	for _, wanted := range [][2]agentsv1.AgentState{
		{agentsv1.AgentState_AGENT_STATE_UNSPECIFIED, registered},
		{registered, active},
	} {
		event := next(t, follower)
		change := event.GetStateChanged()
		if change.GetFrom() != wanted[0] || change.GetTo() != wanted[1] {
			t.Errorf("found %v, expected %v", change, wanted)
		}
		if event.GetId() == "" || event.GetAgentId() != made.GetId() || !event.GetTime().AsTime().Equal(noon) {
			t.Errorf("found %v", event)
		}
	}
	expectNothing(t, follower)
}

func TestSinceDecidesWhichPastEventsCome(t *testing.T) {
	agents := newAt(noon)
	made := register(t, agents, "planner", registered, again) // noon
	register(t, agents, "planner", registered, again)         // a second later
	second := noon.Add(time.Second)
	if event := next(t, follow(t, agents, made.GetId(), &second)); event.GetLog() == "" {
		t.Errorf("found %v, expected the second registration", event)
	}
	later := second.Add(time.Nanosecond)
	expectNothing(t, follow(t, agents, made.GetId(), &later))
	expectNothing(t, follow(t, agents, made.GetId(), nil))
}

func TestWaitingFollowersAllGetAnEventAsItHappens(t *testing.T) {
	agents := New()
	made := register(t, agents, "planner", registered, again)
	other := register(t, agents, "writer", registered, "")
	got := make(chan string)
	for range 3 {
		follower := follow(t, agents, made.GetId(), nil)
		go func() {
			event, err := follower.Next(t.Context())
			if err != nil {
				got <- err.Error()
				return
			}
			got <- event.GetLog()
		}()
	}
	register(t, agents, "planner", registered, again)
	for range 3 {
		select {
		case line := <-got:
			if line != "registered again with request id "+again {
				t.Errorf("found %q", line)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("a follower got nothing")
		}
	}
	expectNothing(t, follow(t, agents, other.GetId(), nil))
}

func TestFollowerThatFellBehindIsTold(t *testing.T) {
	log := newEventLog()
	slow := log.follow(nil)
	for range eventsKept {
		log.add(&agentsv1.AgentEvent{})
	}
	kept := *slow
	next(t, &kept)
	log.add(&agentsv1.AgentEvent{})
	if _, err := slow.Next(t.Context()); !errors.Is(err, ErrFellBehind) {
		t.Errorf("found %v", err)
	}
	next(t, &kept)
}
