package gateway

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"connectrpc.com/connect"

	ameide "github.com/ameideio/ameide-sdk-go"
	inferencev1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1/inferencev1connect"

	"github.com/ameideio/ameide/services/inference_gateway/internal/config"
)

// model is an inference service whose answers a test decides; seen are the headers of the calls it got.
type model struct {
	infer  func(ctx context.Context, text string) (string, error)
	stream func(ctx context.Context, text string, send func(string) error) error
	seen   chan http.Header
}

func (m *model) Infer(
	ctx context.Context, request *connect.Request[inferencev1.InferRequest],
) (*connect.Response[inferencev1.InferResponse], error) {
	m.seen <- request.Header()
	text, err := m.infer(ctx, request.Msg.GetMessages()[0].GetText())
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(&inferencev1.InferResponse{
		Message: &inferencev1.Message{
			Role:    inferencev1.Role_ROLE_ASSISTANT,
			Content: &inferencev1.Message_Text{Text: text},
		},
		FinishReason: inferencev1.FinishReason_FINISH_REASON_STOP,
		Usage:        &inferencev1.Usage{InputTokens: 1, OutputTokens: 2},
	}), nil
}

func (m *model) StreamInfer(
	ctx context.Context,
	request *connect.Request[inferencev1.StreamInferRequest],
	stream *connect.ServerStream[inferencev1.StreamInferResponse],
) error {
	m.seen <- request.Header()
	return m.stream(ctx, request.Msg.GetMessages()[0].GetText(), func(text string) error {
		return stream.Send(&inferencev1.StreamInferResponse{Part: &inferencev1.StreamInferResponse_TextDelta{TextDelta: text}})
	})
}

// serve answers with the URL of a server that speaks HTTP/1.1 and plain-text HTTP/2.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

func generous() config.Settings {
	return config.Settings{CallsPerSecond: 1000, Burst: 1000}
}

// startGateway serves a gateway before upstreamURL and answers with its URL.
func startGateway(t *testing.T, upstreamURL string, settings config.Settings) string {
	t.Helper()
	settings.UpstreamURL, settings.UpstreamTimeout = upstreamURL, time.Minute
	upstream := Upstream(settings)
	t.Cleanup(upstream.Close)
	return serve(t, New(upstream.Inference, settings))
}

func startModel(t *testing.T, served *model) string {
	t.Helper()
	served.seen = make(chan http.Header, 100)
	mux := http.NewServeMux()
	mux.Handle(inferencev1connect.NewInferenceServiceHandler(served))
	return serve(t, mux)
}

func ask(text string) *connect.Request[inferencev1.InferRequest] {
	return connect.NewRequest(&inferencev1.InferRequest{Model: "m", Messages: said(text)})
}

func askStream(text string) *connect.Request[inferencev1.StreamInferRequest] {
	return connect.NewRequest(&inferencev1.StreamInferRequest{Model: "m", Messages: said(text)})
}

func said(text string) []*inferencev1.Message {
	content := &inferencev1.Message_Text{Text: text}
	return []*inferencev1.Message{{Role: inferencev1.Role_ROLE_USER, Content: content}}
}

// once makes a client that repeats nothing.
func once() ameide.Option {
	return ameide.WithRetry(func(policy *ameide.RetryPolicy) { policy.MaxAttempts = 1 })
}

// patient is a context that keeps a call that is never answered from hanging the test.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}
