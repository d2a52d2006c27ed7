package ameide

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
)

const secret = "secret-17c2"

// both are the two ways in which a client is asked.
var both = map[string]func(context.Context, *AmeideClient) error{"call": ask, "stream": stream}

func mustNotHold(t *testing.T, what string, values ...any) {
	t.Helper()
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, secret) {
				t.Errorf("%s tells the secret as %s: %s", what, verb, text)
			}
		}
	}
}

// doer is an HTTP client that holds nothing one could print.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(request *http.Request) (*http.Response, error) { return d(request) }

// captureLog collects what anything logs, at whatever level.
func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	logged := &bytes.Buffer{}
	logger, writer, flags := slog.Default(), log.Writer(), log.Flags()
	slog.SetDefault(slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() {
		slog.SetDefault(logger)
		log.SetOutput(writer)
		log.SetFlags(flags)
	})
	return logged
}

func TestProviderIsAskedOnceACallWithoutADeadlineOfTheClient(t *testing.T) {
	calls := 0
	provider := func(ctx context.Context) (string, error) {
		if _, bounded := ctx.Deadline(); bounded {
			t.Error("found a deadline, expected the timeout to begin with the first attempt")
		}
		calls++
		return fmt.Sprint("token-", calls), nil
	}
	w := failing(connect.CodeUnavailable)
	client := NewClient("", WithHTTPClient(w), WithTokenProvider(provider), withFactor(exactly(0)))
	for range 2 {
		mustHaveCode(t, ask(t.Context(), client), connect.CodeUnavailable)
	}
	if calls != 2 || len(w.sent) != 6 {
		t.Fatalf("found %d questions for %d attempts, expected 2 for 6", calls, len(w.sent))
	}
	for i, each := range w.sent {
		if expected := fmt.Sprint("Bearer token-", i/3+1); each.header.Get("Authorization") != expected {
			t.Errorf("attempt %d: found %q, expected %q", i, each.header["Authorization"], expected)
		}
	}
}

func TestProviderIsNotAskedForACallThatBringsItsOwn(t *testing.T) {
	w := succeeding()
	client := NewClient("", WithHTTPClient(w), WithTokenProvider(func(context.Context) (string, error) {
		return "", errors.New("asked")
	}))
	for _, own := range []string{"Bearer other", ""} {
		request := connect.NewRequest(&agentsv1.GetAgentRequest{})
		request.Header().Set("Authorization", own)
		if _, err := client.Agents.GetAgent(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		if found := w.sent[len(w.sent)-1].header["Authorization"]; len(found) != 1 || found[0] != own {
			t.Errorf("found %q, expected only %q", found, own)
		}
	}
}

func TestProviderThatFailsSendsNothingAndTellsNothing(t *testing.T) {
	for name, run := range both {
		w := succeeding()
		client := NewClient("", WithHTTPClient(w), WithTokenProvider(func(context.Context) (string, error) {
			return secret, errors.New("cannot refresh with " + secret)
		}))
		err := run(t.Context(), client)
		mustHaveCode(t, err, connect.CodeUnauthenticated)
		if len(w.sent) != 0 {
			t.Errorf("%s: found %d requests, expected none", name, len(w.sent))
		}
		for ; err != nil; err = errors.Unwrap(err) {
			mustNotHold(t, name, err)
		}
	}
}

func TestProviderThatTheCallerGivesUpOnEndsTheCallAsGivenUp(t *testing.T) {
	for code, limited := range map[connect.Code]func() (context.Context, context.CancelFunc){
		connect.CodeCanceled:         func() (context.Context, context.CancelFunc) { return context.WithCancel(t.Context()) },
		connect.CodeDeadlineExceeded: func() (context.Context, context.CancelFunc) { return context.WithTimeout(t.Context(), 0) },
	} {
		for _, run := range both {
			ctx, cancel := limited()
			client := NewClient("", WithHTTPClient(succeeding()), WithTokenProvider(func(ctx context.Context) (string, error) {
				cancel()
				<-ctx.Done()
				return "", ctx.Err()
			}))
			mustHaveCode(t, run(ctx, client), code)
		}
	}
}

func TestTokenShowsInTheRequestAlone(t *testing.T) {
	logged := captureLog(t)
	w := failing(connect.CodeUnavailable)
	client := NewClient("", WithHTTPClient(doer(w.Do)), WithToken(secret), withFactor(exactly(0)))
	request := connect.NewRequest(&agentsv1.GetAgentRequest{})
	_, err := client.Agents.GetAgent(t.Context(), request)
	mustHaveCode(t, err, connect.CodeUnavailable)
	if !strings.Contains(fmt.Sprint(w.sent[0].header), secret) {
		t.Fatal("the token was not sent")
	}
	mustNotHold(t, "client", client, *client, newSettings([]Option{WithToken(secret)}))
	mustNotHold(t, "error", err, request.Header(), logged.String())
}

func TestTokenThatNoHeaderHoldsIsNeitherSentNorTold(t *testing.T) {
	for _, token := range []string{"", secret + "\n", "two " + secret, secret + "é", "\x7f" + secret} {
		for name, run := range both {
			w := succeeding()
			err := run(t.Context(), NewClient("", WithHTTPClient(w), WithToken(token)))
			mustHaveCode(t, err, connect.CodeUnauthenticated)
			if len(w.sent) != 0 {
				t.Errorf("%s: %q: found %d requests, expected none", name, token, len(w.sent))
			}
			mustNotHold(t, name, err)
		}
	}
}

func TestRequestThatIsSentAgainIsAnotherCall(t *testing.T) {
	w := succeeding()
	client := NewClient("", WithHTTPClient(w), WithToken("t"), WithTenantID("acme"))
	request := connect.NewRequest(&agentsv1.GetAgentRequest{})
	for range 2 {
		if _, err := client.Agents.GetAgent(t.Context(), request); err != nil {
			t.Fatal(err)
		}
	}
	if first, second := w.sent[0].header, w.sent[1].header; first.Get(HeaderRequestID) == second.Get(HeaderRequestID) {
		t.Errorf("found the id %s twice", first.Get(HeaderRequestID))
	}
	for _, name := range []string{HeaderRequestID, HeaderTenantID, "Authorization"} {
		if values, left := request.Header()[name]; left {
			t.Errorf("found %s: %q left in the caller's request", name, values)
		}
	}
}

func TestHeadersOfTheContextAreThoseOfTheCall(t *testing.T) {
	for name, run := range both {
		w := succeeding()
		if name == "stream" {
			w.answer = func(int) *http.Response {
				return response(http.StatusOK, "application/connect+proto", "\x02\x00\x00\x00\x02{}")
			}
		}
		ctx, info := connect.NewClientContext(t.Context())
		info.RequestHeader().Set(HeaderRequestID, "r-1")
		if err := run(ctx, NewClient("", WithHTTPClient(w))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if found := w.sent[0].header[HeaderRequestID]; len(found) != 1 || found[0] != "r-1" {
			t.Errorf("%s: found %q, expected only r-1", name, found)
		}
	}
}
