package ameide_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"connectrpc.com/connect"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1/agentsv1connect"
	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1/graphv1connect"
	inferencev1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1/inferencev1connect"
)

// platform is a server of all three services that remembers the requests it got.
type platform struct {
	graphv1connect.UnimplementedGraphServiceHandler
	agentsv1connect.UnimplementedAgentsServiceHandler
	inferencev1connect.UnimplementedInferenceServiceHandler

	url      string
	elements sync.Map
	mutex    sync.Mutex
	requests []*http.Request
}

func startPlatform(t *testing.T) *platform {
	t.Helper()
	served := &platform{}
	mux := http.NewServeMux()
	mux.Handle(graphv1connect.NewGraphServiceHandler(served))
	mux.Handle(agentsv1connect.NewAgentsServiceHandler(served))
	mux.Handle(inferencev1connect.NewInferenceServiceHandler(served))
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.mutex.Lock()
		served.requests = append(served.requests, r.Clone(context.WithoutCancel(r.Context())))
		served.mutex.Unlock()
		mux.ServeHTTP(w, r)
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	served.url = server.URL
	return served
}

func (p *platform) lastRequest(t *testing.T) *http.Request {
	t.Helper()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.requests) == 0 {
		t.Fatal("the server got no request")
	}
	return p.requests[len(p.requests)-1]
}

func (p *platform) CreateElement(
	_ context.Context, request *connect.Request[graphv1.CreateElementRequest],
) (*connect.Response[graphv1.CreateElementResponse], error) {
	element := request.Msg.GetElement()
	element.Id = "element-1"
	p.elements.Store(element.Id, element)
	return connect.NewResponse(&graphv1.CreateElementResponse{Element: element}), nil
}

func (p *platform) GetElement(
	_ context.Context, request *connect.Request[graphv1.GetElementRequest],
) (*connect.Response[graphv1.GetElementResponse], error) {
	element, found := p.elements.Load(request.Msg.GetElementId())
	if !found {
		return nil, connect.NewError(connect.CodeNotFound, nil)
	}
	return connect.NewResponse(&graphv1.GetElementResponse{Element: element.(*graphv1.Element)}), nil
}

// GetAgent answers with the time left, so that tests see which deadline arrived.
func (p *platform) GetAgent(
	ctx context.Context, request *connect.Request[agentsv1.GetAgentRequest],
) (*connect.Response[agentsv1.GetAgentResponse], error) {
	if request.Msg.GetAgentId() == "slow" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	agent := &agentsv1.Agent{Id: request.Msg.GetAgentId()}
	if deadline, bounded := ctx.Deadline(); bounded {
		agent.Name = deadline.Format(deadlineLayout)
	}
	return connect.NewResponse(&agentsv1.GetAgentResponse{Agent: agent}), nil
}

// StreamInfer answers with the text of every message, one part each.
func (p *platform) StreamInfer(
	ctx context.Context,
	request *connect.Request[inferencev1.StreamInferRequest],
	stream *connect.ServerStream[inferencev1.StreamInferResponse],
) error {
	if _, bounded := ctx.Deadline(); bounded {
		return connect.NewError(connect.CodeFailedPrecondition, nil)
	}
	for _, message := range request.Msg.GetMessages() {
		part := &inferencev1.StreamInferResponse_TextDelta{TextDelta: message.GetText()}
		if err := stream.Send(&inferencev1.StreamInferResponse{Part: part}); err != nil {
			return err
		}
	}
	return nil
}
