package gateway

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/time/rate"

	ameide "github.com/ameideio/ameide-sdk-go"
)

func TestOnlyTheTokenOpensTheGate(t *testing.T) {
	upstream := &model{infer: shout}
	settings := generous()
	settings.Token = "secret"
	url := startGateway(t, startModel(t, upstream), settings)
	for header, open := range map[string]bool{
		"Bearer secret":  true,
		"bearer secret":  true,
		"":               false,
		"Bearer":         false,
		"Bearer ":        false,
		"Bearer secrets": false,
		"Basic secret":   false,
		"secret":         false,
	} {
		for name, client := range map[string]*ameide.AmeideClient{
			"connect": ameide.NewClient(url), "grpc": ameide.NewClient(url, ameide.WithGRPC()),
		} {
			request := ask("hello")
			request.Header().Set("Authorization", header)
			_, err := client.Inference.Infer(patient(t), request)
			if open && err != nil || !open && connect.CodeOf(err) != connect.CodeUnauthenticated {
				t.Errorf("%s with %q: found %v, expected it to pass: %t", name, header, err, open)
			}
		}
	}
	if calls := len(upstream.seen); calls != 4 {
		t.Errorf("the model got %d calls, expected 4", calls)
	}
}

func TestStreamsNeedTheTokenToo(t *testing.T) {
	upstream := &model{}
	settings := generous()
	settings.Token = "secret"
	client := ameide.NewClient(startGateway(t, startModel(t, upstream), settings), ameide.WithToken("wrong"))
	parts, err := client.Inference.StreamInfer(patient(t), askStream("hello"))
	if err != nil || parts.Receive() || connect.CodeOf(parts.Err()) != connect.CodeUnauthenticated {
		t.Errorf("found %v, %v, expected unauthenticated", err, parts.Err())
	}
	if calls := len(upstream.seen); calls != 0 {
		t.Errorf("the model got %d calls", calls)
	}
}

func TestRefusalTellsPlainHTTPClientsWhatToDo(t *testing.T) {
	settings := generous()
	settings.Token = "secret"
	url := startGateway(t, startModel(t, &model{}), settings)
	answer, err := http.Post(
		url+"/ameide_core_proto.inference.v1.InferenceService/Infer", "application/json", strings.NewReader("{}"),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusUnauthorized || answer.Header.Get("WWW-Authenticate") != "Bearer" ||
		!strings.Contains(string(body), `"code":"unauthenticated"`) {
		t.Errorf("found %s, %v, %s", answer.Status, answer.Header, body)
	}
}

func TestBurstPassesAndTheNextCallIsToldWhenToRetry(t *testing.T) {
	upstream := &model{infer: shout}
	settings := generous()
	settings.CallsPerSecond, settings.Burst = 0.2, 2
	client := ameide.NewClient(startGateway(t, startModel(t, upstream), settings), once())
	for range 2 {
		if _, err := client.Inference.Infer(patient(t), ask("hello")); err != nil {
			t.Fatal(err)
		}
	}
	_, err := client.Inference.Infer(patient(t), ask("hello"))
	var refused *connect.Error
	if !errors.As(err, &refused) || refused.Code() != connect.CodeResourceExhausted || refused.Meta().Get("Retry-After") != "5" {
		t.Errorf("found %v, expected resource_exhausted for 5 s", err)
	}
	if calls := len(upstream.seen); calls != 2 {
		t.Errorf("the model got %d calls, expected 2", calls)
	}
}

func TestGuessingTokensCountsAsCalling(t *testing.T) {
	settings := generous()
	settings.Token, settings.CallsPerSecond, settings.Burst = "secret", 0.2, 1
	url := startGateway(t, startModel(t, &model{infer: shout}), settings)
	client := ameide.NewClient(url, ameide.WithToken("wrong"), once())
	for _, wanted := range []connect.Code{connect.CodeUnauthenticated, connect.CodeResourceExhausted} {
		if _, err := client.Inference.Infer(patient(t), ask("hello")); connect.CodeOf(err) != wanted {
			t.Errorf("found %v, expected %s", err, wanted)
		}
	}
}

func TestBucketsRefillWithTimeAndBelongToOneCaller(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	limit := newLimits(rate.Limit(1), 2, func() time.Time { return now })
	if !limit.allow("a") || !limit.allow("a") || limit.allow("a") {
		t.Error("a: expected two calls and no third")
	}
	if !limit.allow("b") {
		t.Error("b has not called before")
	}
	now = now.Add(time.Second)
	if !limit.allow("a") || limit.allow("a") {
		t.Error("a: expected one more call a second later")
	}
}

func TestQuietCallersAreForgottenAndBusyOnesAreNot(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	limit := newLimits(rate.Limit(0.01), 2, func() time.Time { return now })
	limit.allow("busy")
	limit.allow("busy")
	limit.buckets["quiet"] = rate.NewLimiter(0.01, 2)
	now = now.Add(sweepEvery)
	if limit.allow("busy") {
		t.Error("busy: the sweep filled its bucket")
	}
	if _, kept := limit.buckets["quiet"]; kept {
		t.Error("quiet: its full bucket is still kept")
	}
}
