package registry

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
	"uuid"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
)

// eventsKept bounds the memory of one agent's history.
const eventsKept = 1000

// ErrFellBehind ends a Follower that read so slowly that events it had not seen are gone.
var ErrFellBehind = errors.New("events were dropped before they were read")

// eventLog is the history of one agent. Positions count all events ever added, also those dropped since.
type eventLog struct {
	mutex   sync.Mutex
	dropped int
	kept    []*agentsv1.AgentEvent
	grown   chan struct{}
}

func newEventLog() *eventLog {
	return &eventLog{grown: make(chan struct{})}
}

// add gives the event an id and wakes the followers. The event must not be written afterwards.
func (l *eventLog) add(event *agentsv1.AgentEvent) {
	event.Id = uuid.NewV7().String()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.kept = append(l.kept, event)
	if surplus := len(l.kept) - eventsKept; surplus > 0 {
		l.kept = l.kept[surplus:]
		l.dropped += surplus
	}
	close(l.grown)
	l.grown = make(chan struct{})
}

func (l *eventLog) follow(since *time.Time) *Follower {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	position := len(l.kept)
	if since != nil {
		// Not a binary search: a clock that was set back leaves the times out of order.
		first := slices.IndexFunc(l.kept, func(e *agentsv1.AgentEvent) bool { return !e.GetTime().AsTime().Before(*since) })
		if first >= 0 {
			position = first
		}
	}
	return &Follower{log: l, position: l.dropped + position}
}

// next answers with the event at position, or with a channel that closes when there may be one.
func (l *eventLog) next(position int) (*agentsv1.AgentEvent, <-chan struct{}, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	switch index := position - l.dropped; {
	case index < 0:
		return nil, nil, ErrFellBehind
	case index < len(l.kept):
		return l.kept[index], nil, nil
	default:
		return nil, l.grown, nil
	}
}

// Follower is one reader of an agent's events; it holds nothing that needs closing.
type Follower struct {
	log      *eventLog
	position int
}

// Next waits for the next event. The event is shared: read it only.
//
// Fails with ErrFellBehind, and with the cause of ctx when that is done.
func (f *Follower) Next(ctx context.Context) (*agentsv1.AgentEvent, error) {
	for {
		event, grown, err := f.log.next(f.position)
		if err != nil {
			return nil, err
		}
		if event != nil {
			f.position++
			return event, nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
