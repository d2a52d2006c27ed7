package gateway

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	ameide "github.com/ameideio/ameide-sdk-go"
	inferencev1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1/inferencev1connect"
)

func shout(_ context.Context, text string) (string, error) { return strings.ToUpper(text), nil }

func TestCallsOfEveryProtocolAreAnsweredByTheModelOverGRPC(t *testing.T) {
	upstream := &model{infer: shout, stream: func(_ context.Context, text string, send func(string) error) error {
		for _, word := range strings.Fields(text) {
			if err := send(strings.ToUpper(word)); err != nil {
				return err
			}
		}
		return nil
	}}
	url := startGateway(t, startModel(t, upstream), generous())
	for name, client := range map[string]inferencev1connect.InferenceServiceClient{
		"connect":  ameide.NewClient(url).Inference,
		"grpc":     ameide.NewClient(url, ameide.WithGRPC()).Inference,
		"grpc-web": inferencev1connect.NewInferenceServiceClient(http.DefaultClient, url, connect.WithGRPCWeb()),
		"json":     inferencev1connect.NewInferenceServiceClient(http.DefaultClient, url, connect.WithProtoJSON()),
	} {
		answer, err := client.Infer(patient(t), ask("hello"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if answer.Msg.GetMessage().GetText() != "HELLO" || answer.Msg.GetUsage().GetOutputTokens() != 2 {
			t.Errorf("%s: Infer answered %v", name, answer.Msg)
		}
		if got := (<-upstream.seen).Get("Content-Type"); got != "application/grpc" {
			t.Errorf("%s: the model was called with %q", name, got)
		}
		parts, err := client.StreamInfer(patient(t), askStream("one two"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var texts []string
		for parts.Receive() {
			texts = append(texts, parts.Msg().GetTextDelta())
		}
		if strings.Join(texts, " ") != "ONE TWO" || parts.Err() != nil {
			t.Errorf("%s: StreamInfer answered %q, %v", name, texts, parts.Err())
		}
		<-upstream.seen
	}
}

func TestPartsArriveBeforeTheModelHasFinished(t *testing.T) {
	proceed := make(chan struct{})
	url := startGateway(t, startModel(t, &model{stream: func(ctx context.Context, _ string, send func(string) error) error {
		if err := send("first"); err != nil {
			return err
		}
		select {
		case <-proceed:
			return send("second")
		case <-ctx.Done():
			return ctx.Err()
		}
	}}), generous())
	parts, err := ameide.NewClient(url).Inference.StreamInfer(patient(t), askStream("hello"))
	if err != nil {
		t.Fatal(err)
	}
	if !parts.Receive() || parts.Msg().GetTextDelta() != "first" {
		t.Fatalf("the first part did not come while the model was working: %v", parts.Err())
	}
	close(proceed)
	if !parts.Receive() || parts.Msg().GetTextDelta() != "second" || parts.Receive() || parts.Err() != nil {
		t.Errorf("found %v, %v, expected the second part and the end", parts.Msg(), parts.Err())
	}
}

func TestModelLearnsThatTheCallerHasGone(t *testing.T) {
	gone := make(chan struct{})
	url := startGateway(t, startModel(t, &model{stream: func(ctx context.Context, _ string, send func(string) error) error {
		if err := send("first"); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			close(gone)
		case <-t.Context().Done(): // the test failed, and the server must stop
		}
		return ctx.Err()
	}}), generous())
	ctx, leave := context.WithCancel(patient(t))
	parts, err := ameide.NewClient(url, ameide.WithGRPC()).Inference.StreamInfer(ctx, askStream("hello"))
	if err != nil || !parts.Receive() {
		t.Fatal(err, parts.Err())
	}
	leave()
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("the model still works for a caller that has gone")
	}
}

func TestDeadlineOfTheCallerReachesTheModel(t *testing.T) {
	left := make(chan time.Duration, 1)
	url := startGateway(t, startModel(t, &model{infer: func(ctx context.Context, _ string) (string, error) {
		deadline, bounded := ctx.Deadline()
		if !bounded {
			return "", errors.New("no deadline")
		}
		left <- time.Until(deadline)
		select {
		case <-ctx.Done():
		case <-t.Context().Done(): // the test failed, and the server must stop
		}
		return "", ctx.Err()
	}}), generous())
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := ameide.NewClient(url).Inference.Infer(ctx, ask("hello"))
	if connect.CodeOf(err) != connect.CodeDeadlineExceeded {
		t.Errorf("found %v, expected deadline_exceeded", err)
	}
	if found := <-left; found > 300*time.Millisecond {
		t.Errorf("the model had %s, expected at most 300ms", found)
	}
}

func TestSharedHeadersAreForwardedAndTheTokenIsNot(t *testing.T) {
	upstream := &model{infer: shout}
	settings := generous()
	settings.Token = "secret"
	url := startGateway(t, startModel(t, upstream), settings)
	client := ameide.NewClient(url, ameide.WithToken("secret"), ameide.WithTenantID("acme"))
	request := ask("hello")
	request.Header().Set("X-Request-Id", "r-1")
	if _, err := client.Inference.Infer(patient(t), request); err != nil {
		t.Fatal(err)
	}
	seen := <-upstream.seen
	if seen.Get("X-Request-Id") != "r-1" || seen.Get("X-Tenant-Id") != "acme" {
		t.Errorf("the model saw %v", seen)
	}
	if token, sent := seen["Authorization"]; sent {
		t.Errorf("the model was shown %q", token)
	}
}

func TestWhatTheModelRefusesKeepsCodeTextAndDetails(t *testing.T) {
	refusal := func() error {
		err := connect.NewError(connect.CodeInvalidArgument, errors.New("messages[0]: found no text"))
		detail, detailErr := connect.NewErrorDetail(&inferencev1.Usage{InputTokens: 7})
		if detailErr != nil {
			t.Error(detailErr)
		}
		err.AddDetail(detail)
		return err
	}
	url := startGateway(t, startModel(t, &model{
		infer: func(context.Context, string) (string, error) { return "", refusal() },
		stream: func(_ context.Context, _ string, send func(string) error) error {
			if err := send("x"); err != nil {
				return err
			}
			return refusal()
		},
	}), generous())
	client := ameide.NewClient(url).Inference
	_, unary := client.Infer(patient(t), ask("hello"))
	parts, err := client.StreamInfer(patient(t), askStream("hello"))
	if err != nil || !parts.Receive() || parts.Receive() {
		t.Fatalf("found %v, %v, expected one part and then the error", err, parts.Err())
	}
	for name, err := range map[string]error{"call": unary, "stream": parts.Err()} {
		var refused *connect.Error
		if !errors.As(err, &refused) || refused.Code() != connect.CodeInvalidArgument ||
			refused.Message() != "messages[0]: found no text" {
			t.Errorf("%s: found %v", name, err)
			continue
		}
		if len(refused.Details()) != 1 {
			t.Errorf("%s: found %d details, expected 1", name, len(refused.Details()))
			continue
		}
		value, err := refused.Details()[0].Value()
		if usage, ok := value.(*inferencev1.Usage); err != nil || !ok || usage.GetInputTokens() != 7 {
			t.Errorf("%s: found the detail %v, %v", name, value, err)
		}
	}
}

func TestModelThatIsAwayIsUnavailableAndItsAddressStaysPrivate(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	_ = closed.Close()
	client := ameide.NewClient(startGateway(t, "http://"+address, generous()), once()).Inference
	_, unary := client.Infer(patient(t), ask("hello"))
	parts, err := client.StreamInfer(patient(t), askStream("hello"))
	if err != nil || parts.Receive() {
		t.Fatalf("found %v, expected a stream without parts", err)
	}
	for name, err := range map[string]error{"call": unary, "stream": parts.Err()} {
		if connect.CodeOf(err) != connect.CodeUnavailable || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: found %v", name, err)
		}
	}
}

func TestModelGetsACallAsOftenAsItsCallerSendsIt(t *testing.T) {
	upstream := &model{infer: func(context.Context, string) (string, error) {
		return "", connect.NewError(connect.CodeUnavailable, nil)
	}}
	client := ameide.NewClient(startGateway(t, startModel(t, upstream), generous()), once())
	if _, err := client.Inference.Infer(patient(t), ask("hello")); connect.CodeOf(err) != connect.CodeUnavailable {
		t.Errorf("found %v, expected unavailable", err)
	}
	if calls := len(upstream.seen); calls != 1 {
		t.Errorf("the model got %d calls, expected 1", calls)
	}
}
