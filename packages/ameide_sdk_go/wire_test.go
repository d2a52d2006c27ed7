package ameide

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	inferencev1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1"
)

// wire is an HTTP client that answers itself and keeps what it was sent. It opens no sockets, so tests of waits may run
// in a bubble of testing/synctest, where time passes when nothing else does.
type wire struct {
	answer func(attempt int) *http.Response

	mutex sync.Mutex
	sent  []sent
}

type sent struct {
	at      time.Time
	url     string
	header  http.Header
	context context.Context
}

func (w *wire) Do(request *http.Request) (*http.Response, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	w.sent = append(w.sent, sent{time.Now(), request.URL.String(), request.Header.Clone(), request.Context()})
	return w.answer(len(w.sent)), nil
}

// waits are the times between attempts.
func (w *wire) waits() []time.Duration {
	var waits []time.Duration
	for i, each := range w.sent[1:] {
		waits = append(waits, each.at.Sub(w.sent[i].at))
	}
	return waits
}

// failing answers the first attempts with these codes, one each, and all others with the last of them.
func failing(codes ...connect.Code) *wire {
	return &wire{answer: func(attempt int) *http.Response {
		body := fmt.Sprintf(`{"code": %q}`, codes[min(attempt, len(codes))-1])
		return response(http.StatusServiceUnavailable, "application/json", body)
	}}
}

// succeeding answers all but the first attempts, which it fails with these codes.
func succeeding(codes ...connect.Code) *wire {
	failures := failing(append(codes, connect.CodeInternal)...)
	return &wire{answer: func(attempt int) *http.Response {
		if attempt <= len(codes) {
			return failures.answer(attempt)
		}
		return response(http.StatusOK, "application/proto", "")
	}}
}

func response(status int, contentType, body string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {contentType}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
}

// call asks for an agent through w, and answers with the error.
func call(ctx context.Context, w *wire, options ...Option) error {
	return ask(ctx, NewClient("", append([]Option{WithHTTPClient(w)}, options...)...))
}

func ask(ctx context.Context, client *AmeideClient) error {
	_, err := client.Agents.GetAgent(ctx, connect.NewRequest(&agentsv1.GetAgentRequest{AgentId: "a-1"}))
	return err
}

// stream reads a stream to its end, and answers with its error.
func stream(ctx context.Context, client *AmeideClient) error {
	parts, err := client.Inference.StreamInfer(ctx, connect.NewRequest(&inferencev1.StreamInferRequest{Model: "m"}))
	if err != nil {
		return err
	}
	defer parts.Close()
	for parts.Receive() {
	}
	return parts.Err()
}

// withFactor puts pick in the place of chance.
func withFactor(pick factor) Option { return func(s *settings) { s.factor = pick } }

func exactly(number float64) factor { return func(float64, float64) float64 { return number } }

func mustHaveCode(t *testing.T, err error, code connect.Code) {
	t.Helper()
	if connect.CodeOf(err) != code || err == nil {
		t.Errorf("found %v, expected %s", err, code)
	}
}

// repeated is the wire of a call without deadline that is never answered well, and whose waits chance leaves alone.
func repeated(t *testing.T, options ...Option) *wire {
	t.Helper()
	w := failing(connect.CodeUnavailable)
	synctest.Test(t, func(t *testing.T) {
		only := WithRetry(func(policy *RetryPolicy) { policy.RetryableCodes = []connect.Code{connect.CodeUnavailable} })
		options = append([]Option{WithTimeout(0), withFactor(exactly(1)), only}, options...)
		mustHaveCode(t, call(t.Context(), w, options...), connect.CodeUnavailable)
	})
	return w
}

func waits(t *testing.T, number int, options ...Option) []time.Duration {
	t.Helper()
	found := repeated(t, options...).waits()
	if len(found) != number {
		t.Fatalf("found the waits %s, expected %d", found, number)
	}
	return found
}

func attempts(number int) Option {
	return WithRetry(func(policy *RetryPolicy) { policy.MaxAttempts = number })
}
