// Package registry keeps the catalogue of agents and what happened to each of them, in memory.
package registry

import (
	"fmt"
	"sync"
	"time"
	"uuid"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	commonv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/common/v1"
)

// NotFoundError says that no agent has this id.
type NotFoundError struct{ AgentID string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("agent %q does not exist", e.AgentID) }

// Registry holds agents in the order of their registration. It hands out copies, never its own.
type Registry struct {
	now func() time.Time

	mutex     sync.RWMutex
	records   []*record
	byID      map[string]*record
	byRequest map[string]*record
}

// record's agent is never written after registration.
type record struct {
	agent  *agentsv1.Agent
	events *eventLog
}

// New makes an empty registry.
func New() *Registry {
	return &Registry{now: time.Now, byID: map[string]*record{}, byRequest: map[string]*record{}}
}

// Register stores a new agent under an id of its own. A repeated request id answers with the agent of the first call
// and leaves a line in that agent's log.
//
// Fails with *InvalidError.
func (r *Registry) Register(request *agentsv1.RegisterAgentRequest) (*agentsv1.Agent, error) {
	if err := validateRegistration(request); err != nil {
		return nil, err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if first, repeated := r.byRequest[request.GetRequestId()]; repeated {
		first.events.add(&agentsv1.AgentEvent{
			AgentId: first.agent.GetId(),
			Time:    timestamppb.New(r.now()),
			Event:   &agentsv1.AgentEvent_Log{Log: "registered again with request id " + request.GetRequestId()},
		})
		return proto.CloneOf(first.agent), nil
	}
	made := r.newRecord(request.GetAgent())
	r.records = append(r.records, made)
	r.byID[made.agent.GetId()] = made
	if request.GetRequestId() != "" {
		r.byRequest[request.GetRequestId()] = made
	}
	return proto.CloneOf(made.agent), nil
}

// newRecord takes what the caller may choose and fills in what the server does.
func (r *Registry) newRecord(asked *agentsv1.Agent) *record {
	now := timestamppb.New(r.now())
	agent := proto.CloneOf(asked)
	agent.Id = uuid.New().String()
	agent.Metadata = &commonv1.ResourceMetadata{
		CreateTime: now,
		UpdateTime: now,
		Etag:       uuid.New().String(),
		Labels:     agent.GetMetadata().GetLabels(),
	}
	events := newEventLog()
	state := agentsv1.AgentState_AGENT_STATE_UNSPECIFIED
	for _, next := range pathTo(agent.GetState()) {
		events.add(&agentsv1.AgentEvent{
			AgentId: agent.GetId(),
			Time:    now,
			Event: &agentsv1.AgentEvent_StateChanged_{
				StateChanged: &agentsv1.AgentEvent_StateChanged{From: state, To: next},
			},
		})
		state = next
	}
	agent.State = state
	return &record{agent: agent, events: events}
}

// pathTo lists the states through which registration goes: an active agent was registered before.
func pathTo(asked agentsv1.AgentState) []agentsv1.AgentState {
	path := []agentsv1.AgentState{agentsv1.AgentState_AGENT_STATE_REGISTERED}
	if asked == agentsv1.AgentState_AGENT_STATE_ACTIVE {
		path = append(path, asked)
	}
	return path
}

// Get fails with *NotFoundError, and with *InvalidError for an empty id.
func (r *Registry) Get(agentID string) (*agentsv1.Agent, error) {
	found, err := r.find(agentID)
	if err != nil {
		return nil, err
	}
	return proto.CloneOf(found.agent), nil
}

// Follow reads the events of an agent: those of `since` and later when it is given, then each one as it happens.
//
// Fails as Get does.
func (r *Registry) Follow(agentID string, since *time.Time) (*Follower, error) {
	found, err := r.find(agentID)
	if err != nil {
		return nil, err
	}
	return found.events.follow(since), nil
}

func (r *Registry) find(agentID string) (*record, error) {
	if agentID == "" {
		return nil, &InvalidError{Violations: []string{"agent_id: found none, expected the id of an agent"}}
	}
	r.mutex.RLock()
	defer r.mutex.RUnlock()
	found, known := r.byID[agentID]
	if !known {
		return nil, &NotFoundError{AgentID: agentID}
	}
	return found, nil
}
