package rpc

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/timestamppb"

	ameide "github.com/ameideio/ameide-sdk-go"
	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1/agentsv1connect"

	"github.com/ameideio/ameide/services/agents/internal/registry"
)

const again = "5b0c6a3e-94c8-4b60-8f3f-1d6b4c0f0a11"

// start serves an empty registry and answers with its URL.
func start(t *testing.T, stopping context.Context) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(agentsv1connect.NewAgentsServiceHandler(NewService(stopping, registry.New()), Limits()))
	server := httptest.NewUnstartedServer(mux)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

func register(t *testing.T, client *ameide.AmeideClient) *agentsv1.Agent {
	t.Helper()
	answer, err := client.Agents.RegisterAgent(t.Context(), connect.NewRequest(&agentsv1.RegisterAgentRequest{
		Agent:     &agentsv1.Agent{Name: "planner", Model: "m-1"},
		RequestId: again,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return answer.Msg.GetAgent()
}

func stream(
	t *testing.T, ctx context.Context, client *ameide.AmeideClient, request *agentsv1.StreamAgentEventsRequest,
) *connect.ServerStreamForClient[agentsv1.StreamAgentEventsResponse] {
	t.Helper()
	events, err := client.Agents.StreamAgentEvents(ctx, connect.NewRequest(request))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = events.Close() })
	return events
}

// bounded keeps a stream that never answers from hanging the test.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestWhatIsRegisteredIsReadAndListedOverBothProtocols(t *testing.T) {
	url := start(t, t.Context())
	for name, client := range map[string]*ameide.AmeideClient{
		"connect": ameide.NewClient(url), "grpc": ameide.NewClient(url, ameide.WithGRPC()),
	} {
		made := register(t, client)
		read, err := client.Agents.GetAgent(t.Context(), connect.NewRequest(&agentsv1.GetAgentRequest{AgentId: made.GetId()}))
		if err != nil || read.Msg.GetAgent().GetName() != "planner" {
			t.Errorf("%s: GetAgent answered %v, %v", name, read, err)
		}
		page, err := client.Agents.ListAgents(t.Context(), connect.NewRequest(&agentsv1.ListAgentsRequest{}))
		if err != nil || len(page.Msg.GetAgents()) != 1 || page.Msg.GetAgents()[0].GetId() != made.GetId() {
			t.Errorf("%s: ListAgents answered %v, %v", name, page, err)
		}
	}
}

func TestErrorsHaveTheirCodes(t *testing.T) {
	client := ameide.NewClient(start(t, t.Context()))
	get := func(id string) error {
		_, err := client.Agents.GetAgent(t.Context(), connect.NewRequest(&agentsv1.GetAgentRequest{AgentId: id}))
		return err
	}
	follow := func(request *agentsv1.StreamAgentEventsRequest) error {
		events := stream(t, bounded(t), client, request)
		for events.Receive() {
		}
		return events.Err()
	}
	_, registration := client.Agents.RegisterAgent(t.Context(), connect.NewRequest(&agentsv1.RegisterAgentRequest{}))
	for name, test := range map[string]struct {
		err  error
		code connect.Code
	}{
		"unknown agent":            {get("none"), connect.CodeNotFound},
		"empty id":                 {get(""), connect.CodeInvalidArgument},
		"nothing to register":      {registration, connect.CodeInvalidArgument},
		"events of unknown agent":  {follow(&agentsv1.StreamAgentEventsRequest{AgentId: "none"}), connect.CodeNotFound},
		"time that does not exist": {follow(&agentsv1.StreamAgentEventsRequest{AgentId: "x", Since: &timestamppb.Timestamp{Nanos: -1}}), connect.CodeInvalidArgument},
	} {
		if connect.CodeOf(test.err) != test.code {
			t.Errorf("%s: found %v, expected %s", name, test.err, test.code)
		}
	}
}

func TestEventsArriveWhileTheStreamIsOpen(t *testing.T) {
	url := start(t, t.Context())
	for name, client := range map[string]*ameide.AmeideClient{
		"connect": ameide.NewClient(url), "grpc": ameide.NewClient(url, ameide.WithGRPC()),
	} {
		made := register(t, client)
		since := made.GetMetadata().GetCreateTime()
		events := stream(t, bounded(t), client, &agentsv1.StreamAgentEventsRequest{AgentId: made.GetId(), Since: since})
		if !events.Receive() || events.Msg().GetEvent().GetStateChanged() == nil {
			t.Fatalf("%s: the past event did not come: %v", name, events.Err())
		}
		live := stream(t, bounded(t), client, &agentsv1.StreamAgentEventsRequest{AgentId: made.GetId()})
		live.ResponseHeader() // waits for the headers: the stream is open
		register(t, client)
		if !live.Receive() || live.Msg().GetEvent().GetLog() == "" {
			t.Errorf("%s: found %v, %v, expected the repeated registration", name, live.Msg(), live.Err())
		}
	}
}

func TestStoppingServerEndsItsStreams(t *testing.T) {
	stopping, stop := context.WithCancel(t.Context())
	client := ameide.NewClient(start(t, stopping))
	events := stream(t, bounded(t), client, &agentsv1.StreamAgentEventsRequest{AgentId: register(t, client).GetId()})
	events.ResponseHeader()
	stop()
	if events.Receive() || connect.CodeOf(events.Err()) != connect.CodeUnavailable {
		t.Errorf("found %v, expected unavailable", events.Err())
	}
}
