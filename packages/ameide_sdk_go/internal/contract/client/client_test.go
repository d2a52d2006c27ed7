package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	ameide "github.com/ameideio/ameide-sdk-go"
	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1/graphv1connect"
)

// graph creates what it is asked for, and otherwise knows nothing.
type graph struct {
	graphv1connect.UnimplementedGraphServiceHandler
}

func (graph) CreateElement(
	_ context.Context, request *connect.Request[graphv1.CreateElementRequest],
) (*connect.Response[graphv1.CreateElementResponse], error) {
	return connect.NewResponse(&graphv1.CreateElementResponse{Element: request.Msg.GetElement()}), nil
}

func (graph) GetElement(
	_ context.Context, request *connect.Request[graphv1.GetElementRequest],
) (*connect.Response[graphv1.GetElementResponse], error) {
	told := request.Header().Get("Authorization") + request.Header().Get("X-Contract-Scenario")
	return nil, connect.NewError(connect.CodeAborted, errors.New(told))
}

func (graph) WatchElements(
	ctx context.Context, _ *connect.Request[graphv1.WatchElementsRequest],
	stream *connect.ServerStream[graphv1.WatchElementsResponse],
) error {
	for ctx.Err() == nil {
		if err := stream.Send(&graphv1.WatchElementsResponse{}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func startGraph(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(graphv1connect.NewGraphServiceHandler(graph{}))
	server := httptest.NewUnstartedServer(mux)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

const scenarios = `{"tenantId": "acme", "token": "secret", "scenarios": [
	{"name": "made", "call": "createElement", "client": {"bytes": 3}},
	{"name": "echoed", "call": "getElement", "client": {"retry": {"maxAttempts": 2, "initialBackoffMs": 1}}},
	{"name": "unasked", "call": "getElement", "client": {"providerFails": "it broke"}},
	{"name": "watched", "call": "watchElements", "client": {"cancelAfterMessages": 2}}
]}`

func TestResultsSayWhatHappened(t *testing.T) {
	url := startGraph(t)
	for name, system := range map[string]string{"go-connect": "connectrpc", "go-grpc": "grpc"} {
		var output bytes.Buffer
		if err := run(name, url, strings.NewReader(scenarios), &output); err != nil {
			t.Fatal(err)
		}
		var results map[string]result
		if err := json.Unmarshal(output.Bytes(), &results); err != nil {
			t.Fatal(err)
		}
		statuses := map[string][]string{}
		for scenario, each := range results {
			for _, span := range each.Spans {
				statuses[scenario] = append(statuses[scenario], fmt.Sprint(span.Status, " ", span.Attributes["rpc.system.name"]))
				if span.TraceID != each.TraceID || span.Kind != "CLIENT" {
					t.Errorf("%s: %s: found the span %v, expected one of the trace %s", name, scenario, span, each.TraceID)
				}
			}
			each.Spans, each.TraceID, each.ElapsedMs = nil, "", 0
			results[scenario] = each
		}
		if expected := map[string]result{
			"made":    {Code: "OK", Received: 1, Bytes: 3, ProviderCalls: 1, UserCalls: 1},
			"echoed":  {Code: "ABORTED", ProviderCalls: 1, UserCalls: 2, Leaked: true},
			"unasked": {Code: "UNAUTHENTICATED", ProviderCalls: 1},
			"watched": {Code: "CANCELLED", Received: 2, ProviderCalls: 1, UserCalls: 1},
		}; !reflect.DeepEqual(results, expected) {
			t.Errorf("%s: found %+v, expected %+v", name, results, expected)
		}
		if expected := map[string][]string{
			"made":    {"UNSET " + system},
			"echoed":  {"ERROR " + system, "ERROR " + system},
			"watched": {"ERROR " + system},
		}; !reflect.DeepEqual(statuses, expected) {
			t.Errorf("%s: found %v, expected %v", name, statuses, expected)
		}
	}
}

func TestLeaksAreFoundWhereverTheyAre(t *testing.T) {
	inSpan := tracetest.SpanStubs{{Attributes: []attribute.KeyValue{attribute.String("token", "secret")}}}
	for name, found := range map[string]bool{
		"error":         leaked([]string{"secret"}, errors.New("a secret"), nil, nil),
		"wrapped error": leaked([]string{"secret"}, fmt.Errorf("%w", hiding{errors.New("a secret")}), nil, nil),
		"client":        leaked([]string{"secret"}, nil, struct{ token string }{"secret"}, nil),
		"span":          leaked([]string{"secret"}, nil, nil, inSpan),
		"second secret": leaked([]string{"other", "secret"}, errors.New("a secret"), nil, nil),
	} {
		if !found {
			t.Errorf("%s: found no leak", name)
		}
	}
	if leaked([]string{"secret"}, errors.New("nothing"), struct{}{}, nil) {
		t.Error("found a leak where none is")
	}
}

// hiding is an error that says nothing of what it wraps.
type hiding struct{ error }

func (h hiding) Error() string              { return "hidden" }
func (h hiding) Unwrap() error              { return h.error }
func (h hiding) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("hidden")) }

func TestPolicyChangesWhereAScenarioNamesAValue(t *testing.T) {
	usual := ameide.RetryPolicy{
		MaxAttempts: 3, InitialBackoff: time.Second, BackoffMultiplier: 2, MaxBackoff: time.Minute,
		Jitter: ameide.Jitter{Min: 0.5, Max: 1.5}, RetryableCodes: []connect.Code{connect.CodeUnavailable, connect.CodeAborted},
	}
	other := ameide.RetryPolicy{
		MaxAttempts: 4, InitialBackoff: time.Millisecond, BackoffMultiplier: 3, MaxBackoff: time.Hour,
		Jitter: ameide.Jitter{Min: 0.5, Max: 1}, RetryableCodes: []connect.Code{connect.CodeCanceled},
	}
	const text = `{"maxAttempts": 4, "initialBackoffMs": 1, "backoffMultiplier": 3, "maxBackoffMs": 3600000,
		"jitter": {"max": 1}, "retryableCodes": ["CANCELLED"]}`
	for text, expected := range map[string]ameide.RetryPolicy{text: other, `{}`: usual, "": usual} {
		told := instructions{}
		if text != "" {
			told.Retry = []byte(text)
		}
		if found, err := told.change(usual); err != nil || !reflect.DeepEqual(found, expected) {
			t.Errorf("%s: found %+v, %v, expected %+v", text, found, err, expected)
		}
	}
}

func TestWhatTheRunnerDoesNotKnowIsRefused(t *testing.T) {
	for text, named := range map[string]string{
		`{"scenarios": [{"call": "deleteElement"}]}`:                                       "deleteElement",
		`{"scenarios": [{"call": "getElement", "client": {"compress": true}}]}`:            "compress",
		`{"scenarios": [{"call": "getElement", "client": {"retry": {"budget": 1}}}]}`:      "budget",
		`{"scenarios": [{"call": "getElement", "client": {"retry": {"maxAttempts":""}}}]}`: "maxAttempts",
	} {
		if err := run("go-grpc", "", strings.NewReader(text), nil); err == nil || !strings.Contains(err.Error(), named) {
			t.Errorf("%s: found %v, expected an error that names %s", text, err, named)
		}
	}
	if err := run("rust", "", nil, nil); err == nil || !strings.Contains(err.Error(), `"rust"`) {
		t.Errorf("found %v, expected an error that names the runner", err)
	}
}
