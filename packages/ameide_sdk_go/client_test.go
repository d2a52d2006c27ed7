package ameide_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"uuid"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	ameide "github.com/ameideio/ameide-sdk-go"
	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
	inferencev1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1"
)

const deadlineLayout = time.RFC3339Nano

func getAgent(id string) *connect.Request[agentsv1.GetAgentRequest] {
	return connect.NewRequest(&agentsv1.GetAgentRequest{AgentId: id})
}

func say(texts ...string) *connect.Request[inferencev1.StreamInferRequest] {
	request := &inferencev1.StreamInferRequest{Model: "m"}
	for _, text := range texts {
		content := &inferencev1.Message_Text{Text: text}
		request.Messages = append(request.Messages, &inferencev1.Message{Role: inferencev1.Role_ROLE_USER, Content: content})
	}
	return connect.NewRequest(request)
}

func receiveTexts(t *testing.T, stream *connect.ServerStreamForClient[inferencev1.StreamInferResponse]) []string {
	t.Helper()
	var texts []string
	for stream.Receive() {
		texts = append(texts, stream.Msg().GetTextDelta())
	}
	if err := stream.Err(); err != nil {
		t.Fatalf("the stream ended with %v", err)
	}
	return texts
}

func TestEveryServiceIsReachedOverBothProtocols(t *testing.T) {
	for name, protocol := range map[string]struct {
		options     []ameide.Option
		contentType string
		httpMajor   int
	}{
		"connect": {nil, "application/connect+proto", 1},
		"grpc":    {[]ameide.Option{ameide.WithGRPC()}, "application/grpc", 2},
	} {
		t.Run(name, func(t *testing.T) {
			server := startPlatform(t)
			client := ameide.NewClient(server.url, protocol.options...)
			defer client.Close()

			asked := &graphv1.Element{Name: "billing", Kind: graphv1.ElementKind_ELEMENT_KIND_PROCESS}
			made, err := client.Graph.CreateElement(t.Context(), connect.NewRequest(&graphv1.CreateElementRequest{Element: asked}))
			if err != nil {
				t.Fatal(err)
			}
			read, err := client.Graph.GetElement(t.Context(), connect.NewRequest(&graphv1.GetElementRequest{ElementId: "element-1"}))
			if err != nil {
				t.Fatal(err)
			}
			if !proto.Equal(read.Msg.GetElement(), made.Msg.GetElement()) || read.Msg.GetElement().GetName() != "billing" {
				t.Errorf("read %v, made %v", read.Msg, made.Msg)
			}
			agent, err := client.Agents.GetAgent(t.Context(), getAgent("a-1"))
			if err != nil || agent.Msg.GetAgent().GetId() != "a-1" {
				t.Errorf("GetAgent: %v, %v", agent, err)
			}
			stream, err := client.Inference.StreamInfer(t.Context(), say("one", "two"))
			if err != nil {
				t.Fatal(err)
			}
			if texts := receiveTexts(t, stream); strings.Join(texts, " ") != "one two" {
				t.Errorf("StreamInfer answered %q", texts)
			}
			last := server.lastRequest(t)
			if got := last.Header.Get("Content-Type"); !strings.HasPrefix(got, protocol.contentType) {
				t.Errorf("Content-Type %q, expected %s", got, protocol.contentType)
			}
			if last.ProtoMajor != protocol.httpMajor {
				t.Errorf("spoke %s, expected HTTP/%d", last.Proto, protocol.httpMajor)
			}
		})
	}
}

func TestCallsAndStreamsCarryTheDefaultsUnlessTheyNameTheirOwn(t *testing.T) {
	server := startPlatform(t)
	client := ameide.NewClient(server.url, ameide.WithToken("secret"), ameide.WithTenantID("acme"))
	own := map[string]string{"Authorization": "Bearer other", "X-Tenant-Id": "globex", "X-Request-Id": "r-1"}
	calls := map[string]func(headers map[string]string) error{
		"call": func(headers map[string]string) error {
			request := getAgent("a-1")
			for name, value := range headers {
				request.Header().Set(name, value)
			}
			_, err := client.Agents.GetAgent(t.Context(), request)
			return err
		},
		"stream": func(headers map[string]string) error {
			request := say("hello")
			for name, value := range headers {
				request.Header().Set(name, value)
			}
			stream, err := client.Inference.StreamInfer(t.Context(), request)
			if err == nil {
				receiveTexts(t, stream)
			}
			return err
		},
	}
	seen := map[string]bool{}
	for name, call := range calls {
		if err := call(nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sent := server.lastRequest(t).Header
		if sent.Get("Authorization") != "Bearer secret" || sent.Get("X-Tenant-Id") != "acme" {
			t.Errorf("%s: sent %v", name, sent)
		}
		if !strings.HasPrefix(sent.Get("User-Agent"), "ameide-sdk-go") {
			t.Errorf("%s: User-Agent %q", name, sent.Get("User-Agent"))
		}
		requestID := sent.Get("X-Request-Id")
		if _, err := uuid.Parse(requestID); err != nil || seen[requestID] {
			t.Errorf("%s: X-Request-Id %q, expected a new UUID", name, requestID)
		}
		seen[requestID] = true

		if err := call(own); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for header, value := range own {
			if got := server.lastRequest(t).Header.Values(header); len(got) != 1 || got[0] != value {
				t.Errorf("%s: %s sent as %q, expected only %q", name, header, got, value)
			}
		}
	}
}

func TestWithoutOptionsNothingIdentifiesTheCaller(t *testing.T) {
	server := startPlatform(t)
	if _, err := ameide.NewClient(server.url).Agents.GetAgent(t.Context(), getAgent("a-1")); err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{"Authorization", "X-Tenant-Id"} {
		if values, sent := server.lastRequest(t).Header[header]; sent {
			t.Errorf("%s sent as %q", header, values)
		}
	}
}

func TestTimeoutEndsACallThatHasNoDeadline(t *testing.T) {
	server := startPlatform(t)
	client := ameide.NewClient(server.url, ameide.WithTimeout(50*time.Millisecond))
	_, err := client.Agents.GetAgent(t.Context(), getAgent("slow"))
	if connect.CodeOf(err) != connect.CodeDeadlineExceeded {
		t.Errorf("found %v, expected deadline_exceeded", err)
	}
}

func TestDeadlineOfTheContextWinsAndZeroMeansNone(t *testing.T) {
	server := startPlatform(t)
	for name, test := range map[string]struct {
		timeout time.Duration
		own     time.Duration
		least   time.Duration
		most    time.Duration
	}{
		"default":       {timeout: ameide.DefaultTimeout, least: 4 * time.Second, most: 5 * time.Second},
		"own is longer": {timeout: time.Second, own: time.Hour, least: 59 * time.Minute, most: time.Hour},
		"none":          {},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			if test.own > 0 {
				bounded, cancel := context.WithTimeout(ctx, test.own)
				defer cancel()
				ctx = bounded
			}
			answer, err := ameide.NewClient(server.url, ameide.WithTimeout(test.timeout)).Agents.GetAgent(ctx, getAgent("a-1"))
			if err != nil {
				t.Fatal(err)
			}
			arrived := answer.Msg.GetAgent().GetName()
			if test.most == 0 {
				if arrived != "" {
					t.Errorf("the deadline %s arrived, expected none", arrived)
				}
				return
			}
			deadline, err := time.Parse(deadlineLayout, arrived)
			if err != nil {
				t.Fatalf("no deadline arrived: %v", err)
			}
			if left := time.Until(deadline); left < test.least || left > test.most {
				t.Errorf("%s left, expected between %s and %s", left, test.least, test.most)
			}
		})
	}
}

func TestInterceptorsSeeEveryCall(t *testing.T) {
	server := startPlatform(t)
	var procedures []string
	watch := connect.UnaryInterceptorFunc(func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
			procedures = append(procedures, request.Spec().Procedure)
			return next(ctx, request)
		}
	})
	client := ameide.NewClient(server.url, ameide.WithInterceptors(watch))
	if _, err := client.Agents.GetAgent(t.Context(), getAgent("a-1")); err != nil {
		t.Fatal(err)
	}
	if len(procedures) != 1 || procedures[0] != "/ameide_core_proto.agents.v1.AgentsService/GetAgent" {
		t.Errorf("saw %q", procedures)
	}
}

func TestErrorsOfTheServerKeepTheirCode(t *testing.T) {
	server := startPlatform(t)
	for _, client := range []*ameide.AmeideClient{
		ameide.NewClient(server.url), ameide.NewClient(server.url, ameide.WithGRPC()),
	} {
		_, err := client.Graph.GetElement(t.Context(), connect.NewRequest(&graphv1.GetElementRequest{ElementId: "none"}))
		if connect.CodeOf(err) != connect.CodeNotFound {
			t.Errorf("found %v, expected not_found", err)
		}
	}
}

func TestFirstCallSaysThatTheBaseURLHasNoScheme(t *testing.T) {
	_, err := ameide.NewClient("localhost:8080").Agents.GetAgent(t.Context(), getAgent("a-1"))
	if err == nil || !strings.Contains(err.Error(), `unsupported protocol scheme "localhost"`) {
		t.Errorf("found %v, expected an error that names the scheme", err)
	}
}
