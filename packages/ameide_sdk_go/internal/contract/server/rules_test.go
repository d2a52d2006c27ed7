package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
)

func TestAnswersComeInOrderAndTheLastOneForAllThatFollow(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		expected := []connect.Code{connect.CodeDeadlineExceeded, connect.CodeAborted, connect.CodeResourceExhausted}
		for number, code := range expected {
			if err := v.get(t.Context(), "each-retryable-code"); connect.CodeOf(err) != code {
				t.Errorf("attempt %d: found %v, expected %v", number, err, code)
			}
		}
		for range 2 {
			if err := v.get(t.Context(), "each-retryable-code"); err != nil {
				t.Errorf("found %v, expected the last answer", err)
			}
		}
		if err := v.get(t.Context(), "non-retryable"); connect.CodeOf(err) != connect.CodeInvalidArgument {
			t.Errorf("found %v, expected a count that is of its scenario alone", err)
		}
	})
}

func TestAnElementIsMadeOncePerRequestIDEvenIfTheAnswerIsLost(t *testing.T) {
	v := visit(t)
	if _, err := v.create(t, "same-wish-twice", "r-1", ""); connect.CodeOf(err) != connect.CodeUnavailable {
		t.Fatalf("found %v, expected unavailable", err)
	}
	first, err := v.create(t, "same-wish-twice", "r-1", "")
	if err != nil {
		t.Fatal(err)
	}
	if found := v.seen(t, "test", "same-wish-twice").Created; found != 1 {
		t.Errorf("one request id made %d elements", found)
	}
	second, err := v.create(t, "same-wish-twice", "r-2", "")
	if err != nil || second.Msg.GetElement().GetId() == first.Msg.GetElement().GetId() {
		t.Errorf("another request id got %v, %v, expected another element", second, err)
	}
	for range 2 {
		if _, err := v.create(t, "same-wish-twice", "", ""); err != nil {
			t.Fatal(err)
		}
	}
	if found := v.seen(t, "test", "same-wish-twice").Created; found != 4 {
		t.Errorf("two request ids and two calls without made %d elements, expected 4", found)
	}
}

func TestOnlyTheTokenOfTheTableIsServed(t *testing.T) {
	v := visit(t)
	v.token = "another"
	if err := v.get(t.Context(), "ok"); connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Errorf("found %v, expected unauthenticated", err)
	}
	if _, err := v.create(t, "large-message", "r", ""); connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Errorf("found %v, expected unauthenticated", err)
	}
	if found := v.seen(t, "test", "large-message"); found.Created != 0 || found.Attempts[0].Authorized {
		t.Errorf("saw %+v, expected an attempt that is not authorized and makes nothing", found)
	}
}

func TestACallOfNoScenarioIsRefused(t *testing.T) {
	v := visit(t)
	if err := v.get(t.Context(), "okay"); connect.CodeOf(err) != connect.CodeFailedPrecondition {
		t.Errorf("found %v, expected failed_precondition", err)
	}
}

func TestSeenTellsWhatArrivedAndKeepsRunnersApart(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := v.get(ctx, "ok"); err != nil {
			t.Fatal(err)
		}
		if err := v.get(t.Context(), "ok"); err != nil {
			t.Fatal(err)
		}
		attempts := v.seen(t, "test", "ok").Attempts
		if len(attempts) != 2 || attempts[0].AtMs < 0 || attempts[1].AtMs <= attempts[0].AtMs {
			t.Fatalf("saw %+v, expected two attempts in order", attempts)
		}
		first, second := attempts[0], attempts[1]
		if first.RequestID != "r" || first.TenantID != "acme" || !first.Authorized || first.Cancelled {
			t.Errorf("saw %+v", first)
		}
		if first.LeftMs == nil || *first.LeftMs > 60_000 || *first.LeftMs < 1 || second.LeftMs != nil {
			t.Errorf("saw %v and %v left, expected a minute and no deadline", first.LeftMs, second.LeftMs)
		}
		if others := v.seen(t, "another", "ok").Attempts; len(others) != 0 {
			t.Errorf("another runner has %d attempts", len(others))
		}
	})
}

func TestAClientThatGoesAwayIsNoticed(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		calls := map[string]func(context.Context) error{
			"cancelled-call": func(ctx context.Context) error { return v.get(ctx, "cancelled-call") },
			"cancelled-stream": func(ctx context.Context) error {
				request := asking(v, &graphv1.WatchElementsRequest{}, "cancelled-stream", "r")
				stream, err := v.graph.WatchElements(ctx, request)
				if err != nil {
					return err
				}
				for stream.Receive() {
				}
				return stream.Err()
			},
		}
		for name, call := range calls {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(300*time.Millisecond, cancel)
			if err := call(ctx); connect.CodeOf(err) != connect.CodeCanceled {
				t.Errorf("%s: found %v, expected canceled", name, err)
			}
			v.untilCancelled(t, name)
		}
	})
}

func TestTheServerDoesNotEndACallForItsClient(t *testing.T) {
	v := visit(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	request := asking(v, &graphv1.GetElementRequest{ElementId: "e"}, "deadline", "r")
	request.Header().Set("Connect-Timeout-Ms", "50")
	go func() {
		_, err := v.graph.GetElement(ctx, request)
		ended <- err
	}()
	select {
	case err := <-ended:
		t.Fatalf("found %v, expected no answer: the client only announced a deadline", err)
	case <-time.After(500 * time.Millisecond):
	}
	attempts := v.seen(t, "test", "deadline").Attempts
	if len(attempts) != 1 || attempts[0].LeftMs == nil || attempts[0].Cancelled {
		t.Errorf("saw %+v, expected one attempt with a deadline whose client is still there", attempts)
	}
	cancel()
	v.untilCancelled(t, "deadline")
}

func TestAStreamHasItsMessagesAndThenItsAnswer(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		request := asking(v, &graphv1.WatchElementsRequest{}, "broken-stream", "r")
		stream, err := v.graph.WatchElements(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		received := 0
		for stream.Receive() {
			received++
		}
		if received != 2 || connect.CodeOf(stream.Err()) != connect.CodeUnavailable {
			t.Errorf("received %d messages and %v, expected 2 and unavailable", received, stream.Err())
		}
	})
}

func TestEightMebibytesPass(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		made, err := v.create(t, "large-message", "r", strings.Repeat("x", 8<<20))
		if err != nil {
			t.Fatal(err)
		}
		if found := len(made.Msg.GetElement().GetDescription()); found != 8<<20 {
			t.Errorf("%d bytes came back", found)
		}
	})
}

func TestATableWithAnUnknownAnswerIsRefused(t *testing.T) {
	for content, expected := range map[string]string{
		`{"scenarios": [{"name": "a", "server": {"answers": ["OOPS"]}}]}`: `invalid code: "\"OOPS\""`,
		`{"scenarios": [{"name": "a", "server": {"answers": []}}]}`:       `scenario "a": found no answers`,
	} {
		path := filepath.Join(t.TempDir(), "scenarios.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := loadTable(path); err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("found %v, expected %s", err, expected)
		}
	}
}
