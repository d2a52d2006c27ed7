package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
)

func TestAnswersComeInOrderAndTheLastOneForAllThatFollow(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		expected := []connect.Code{connect.CodeCanceled, connect.CodeUnavailable, connect.CodeInvalidArgument}
		for number, code := range expected {
			if err := v.get(t.Context(), "better-and-better"); connect.CodeOf(err) != code {
				t.Errorf("attempt %d: found %v, expected %v", number, err, code)
			}
		}
		for range 2 {
			if err := v.get(t.Context(), "better-and-better"); err != nil {
				t.Errorf("found %v, expected the last answer", err)
			}
		}
		if err := v.get(t.Context(), "aborted"); connect.CodeOf(err) != connect.CodeAborted {
			t.Errorf("found %v, expected a count that is of its scenario alone", err)
		}
	})
}

func TestAnElementIsMadeOncePerRequestIDEvenIfTheAnswerIsLost(t *testing.T) {
	v := visit(t)
	if _, err := v.create(t, "better-the-second-time", "r-1", ""); connect.CodeOf(err) != connect.CodeUnavailable {
		t.Fatalf("found %v, expected unavailable", err)
	}
	first, err := v.create(t, "better-the-second-time", "r-1", "")
	if err != nil {
		t.Fatal(err)
	}
	if found := v.seen(t, "test", "better-the-second-time").Created; found != 1 {
		t.Errorf("one request id made %d elements", found)
	}
	second, err := v.create(t, "better-the-second-time", "r-2", "")
	if err != nil || second.Msg.GetElement().GetId() == first.Msg.GetElement().GetId() {
		t.Errorf("another request id got %v, %v, expected another element", second, err)
	}
	for range 2 {
		if _, err := v.create(t, "better-the-second-time", "", ""); err != nil {
			t.Fatal(err)
		}
	}
	if found := v.seen(t, "test", "better-the-second-time").Created; found != 4 {
		t.Errorf("two request ids and two calls without made %d elements, expected 4", found)
	}
}

func TestOnlyTheTokenOfTheTableIsServed(t *testing.T) {
	v := visit(t)
	v.token = "another"
	if err := v.get(t.Context(), "silent"); connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Errorf("found %v, expected unauthenticated", err)
	}
	if _, err := v.create(t, "ok", "r", ""); connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Errorf("found %v, expected unauthenticated", err)
	}
	if found := v.seen(t, "test", "ok"); found.Created != 0 || found.Attempts[0].Authorized {
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

func TestAnAnswerIsDelayed(t *testing.T) {
	v, began := visit(t), time.Now()
	if err := v.get(t.Context(), "slow"); err != nil || time.Since(began) < 100*time.Millisecond {
		t.Errorf("found %v after %s, expected an answer after 100ms", err, time.Since(began))
	}
}

func TestAStreamHasItsMessagesAndThenItsAnswer(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		began := time.Now()
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
		if took := time.Since(began); took < 100*time.Millisecond {
			t.Errorf("took %s, expected 50ms before each message", took)
		}
	})
}

func TestEightMebibytesPass(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		made, err := v.create(t, "ok", "r", strings.Repeat("x", 8<<20))
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
		if _, err := loadTable(write(t, content)); err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("found %v, expected %s", err, expected)
		}
	}
}
