package registry

import (
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	commonv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/common/v1"
)

const (
	registered = agentsv1.AgentState_AGENT_STATE_REGISTERED
	active     = agentsv1.AgentState_AGENT_STATE_ACTIVE
	suspended  = agentsv1.AgentState_AGENT_STATE_SUSPENDED
)

// newAt makes a registry whose clock starts at noon and moves a second with every look at it.
func newAt(noon time.Time) *Registry {
	made := New()
	looks := 0
	made.now = func() time.Time {
		looks++
		return noon.Add(time.Duration(looks-1) * time.Second)
	}
	return made
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func register(t *testing.T, agents *Registry, name string, state agentsv1.AgentState, requestID string) *agentsv1.Agent {
	t.Helper()
	made, err := agents.Register(&agentsv1.RegisterAgentRequest{
		Agent:     &agentsv1.Agent{Name: name, Model: "m-1", State: state},
		RequestId: requestID,
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestServerFieldsAreItsOwnAndTheRestIsTheCallers(t *testing.T) {
	agents := newAt(noon)
	made, err := agents.Register(&agentsv1.RegisterAgentRequest{Agent: &agentsv1.Agent{
		Id:           "mine",
		Name:         "planner",
		Model:        "m-1",
		Instructions: "plan",
		Tools:        []*agentsv1.Tool{{Name: "search"}},
		RunTimeout:   durationpb.New(time.Minute),
		Metadata:     &commonv1.ResourceMetadata{Etag: "mine", Labels: map[string]string{"team": "a"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if made.GetId() == "mine" || made.GetId() == "" || made.GetMetadata().GetEtag() == "mine" || made.GetMetadata().GetEtag() == "" {
		t.Errorf("id and etag are the server's to choose, found %v", made)
	}
	if made.GetState() != registered || !made.GetMetadata().GetCreateTime().AsTime().Equal(noon) {
		t.Errorf("found %v, expected an agent registered at noon", made)
	}
	if made.GetInstructions() != "plan" || made.GetTools()[0].GetName() != "search" ||
		made.GetRunTimeout().AsDuration() != time.Minute || made.GetMetadata().GetLabels()["team"] != "a" {
		t.Errorf("found %v, expected what the caller sent", made)
	}
	read, err := agents.Get(made.GetId())
	if err != nil || !proto.Equal(read, made) {
		t.Errorf("Get answered %v, %v", read, err)
	}
}

func TestAnswersAreCopies(t *testing.T) {
	agents := New()
	made := register(t, agents, "planner", registered, "")
	made.Name = "changed"
	read, _ := agents.Get(made.GetId())
	read.Name = "changed"
	if again, _ := agents.Get(made.GetId()); again.GetName() != "planner" {
		t.Errorf("found %q, expected the stored agent untouched", again.GetName())
	}
}

func TestRepeatedRequestIDAnswersWithTheFirstAgent(t *testing.T) {
	const requestID = "5b0c6a3e-94c8-4b60-8f3f-1d6b4c0f0a11"
	agents := New()
	first := register(t, agents, "planner", active, requestID)
	if again := register(t, agents, "another name", registered, requestID); !proto.Equal(again, first) {
		t.Errorf("found %v, expected %v", again, first)
	}
	register(t, agents, "planner", active, "")
	register(t, agents, "planner", active, "")
	page, _ := agents.List(&agentsv1.ListAgentsRequest{})
	if page.GetPage().GetTotalSize() != 3 {
		t.Errorf("found %d agents, expected 3", page.GetPage().GetTotalSize())
	}
}

func TestUnknownAgentIsNotFound(t *testing.T) {
	_, err := New().Get("none")
	var notFound *NotFoundError
	if !errors.As(err, &notFound) || notFound.AgentID != "none" {
		t.Errorf("found %v", err)
	}
}

func TestEveryViolationIsNamed(t *testing.T) {
	_, err := New().Register(&agentsv1.RegisterAgentRequest{
		RequestId: "not a uuid",
		Agent: &agentsv1.Agent{
			Name:       strings.Repeat("é", 129),
			State:      suspended,
			Tools:      []*agentsv1.Tool{{Name: "fine"}, {Name: "Not Fine"}},
			RunTimeout: durationpb.New(0),
			Metadata:   &commonv1.ResourceMetadata{Labels: map[string]string{"": "x"}},
		},
	})
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("found %v", err)
	}
	wanted := []string{
		`request_id: found "not a uuid"`,
		"agent.name: found 129 characters",
		"agent.model: found none",
		"agent.state: found AGENT_STATE_SUSPENDED",
		`agent.tools[1].name: found "Not Fine"`,
		"agent.run_timeout: found 0s",
		`agent.metadata.labels: key "": found 0 characters`,
	}
	if len(invalid.Violations) != len(wanted) {
		t.Fatalf("found %q", invalid.Violations)
	}
	for index, start := range wanted {
		if !strings.HasPrefix(invalid.Violations[index], start) {
			t.Errorf("found %q, expected %q…", invalid.Violations[index], start)
		}
	}
}

func TestBoundsThemselvesAreAllowed(t *testing.T) {
	_, err := New().Register(&agentsv1.RegisterAgentRequest{Agent: &agentsv1.Agent{
		Name:     strings.Repeat("é", 128),
		Model:    "m",
		Tools:    []*agentsv1.Tool{{Name: "a" + strings.Repeat("9", 62)}},
		Metadata: &commonv1.ResourceMetadata{Labels: map[string]string{strings.Repeat("k", 63): strings.Repeat("v", 256)}},
	}})
	if err != nil {
		t.Error(err)
	}
}
