package ameide

import (
	"context"
	"errors"
	"math"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"uuid"

	"connectrpc.com/connect"
)

// effectiveDefaults tell what a client really does, in the units of the manifest: none of them reads a setting where an
// observation would do.
var effectiveDefaults = map[string]func(t *testing.T) any{
	"roster":                  effectiveRoster,
	"endpoints.baseUrl":       effectiveBaseURL,
	"endpoints.target":        effectiveTarget,
	"headers.tenantId":        func(t *testing.T) any { return headerWith(t, func(value string) bool { return value == "acme" }) },
	"headers.requestId":       func(t *testing.T) any { return headerWith(t, isUUID) },
	"interceptors":            effectiveInterceptors,
	"timeoutMs":               effectiveTimeout,
	"maxMessageBytes":         effectiveMessageBound,
	"retry.maxAttempts":       func(t *testing.T) any { return len(repeated(t).sent) },
	"retry.initialBackoffMs":  func(t *testing.T) any { return inMilliseconds(waits(t, 1, attempts(2))[0]) },
	"retry.backoffMultiplier": effectiveMultiplier,
	"retry.maxBackoffMs":      effectiveMaxBackoff,
	"retry.jitter.min":        func(t *testing.T) any { low, _ := effectiveJitter(t); return low },
	"retry.jitter.max":        func(t *testing.T) any { _, high := effectiveJitter(t); return high },
	"retry.retryableCodes":    effectiveRetryableCodes,
}

// effectiveRoster calls a method of each service that a client has.
func effectiveRoster(t *testing.T) any {
	type entry struct {
		Name    string `json:"name"`
		Service string `json:"service"`
	}
	var roster []entry
	w := succeeding()
	client := reflect.ValueOf(NewClient("", WithHTTPClient(w))).Elem()
	for field, value := range client.Fields() {
		if !field.IsExported() {
			continue
		}
		method := value.Method(0)
		request := reflect.New(method.Type().In(1).Elem())
		message := request.Elem().FieldByName("Msg")
		message.Set(reflect.New(message.Type().Elem()))
		method.Call([]reflect.Value{reflect.ValueOf(t.Context()), request})
		service := strings.Split(mustParse(t, w.sent[len(w.sent)-1].url).Path, "/")[1]
		roster = append(roster, entry{strings.ToLower(field.Name), service})
	}
	return roster
}

func effectiveBaseURL(t *testing.T) any {
	w := succeeding()
	if err := call(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	called := mustParse(t, w.sent[0].url)
	return called.Scheme + "://" + called.Host
}

// effectiveTarget is what a client dials. Clients of other languages are given it as it is.
func effectiveTarget(t *testing.T) any {
	var dialed string
	transport := &http.Transport{DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
		dialed = address
		return nil, errors.New("this test has no network")
	}}
	client := NewClient("", WithHTTPClient(&http.Client{Transport: transport}), attempts(1))
	mustHaveCode(t, ask(t.Context(), client), connect.CodeUnavailable)
	return dialed
}

func headerWith(t *testing.T, holds func(value string) bool) any {
	w := succeeding()
	if err := call(t.Context(), w, WithTenantID("acme")); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name, values := range w.sent[0].header {
		if holds(values[0]) {
			names = append(names, strings.ToLower(name))
		}
	}
	if len(names) != 1 {
		t.Fatalf("found it in the headers %q of %v, expected one", names, w.sent[0].header)
	}
	return names[0]
}

func effectiveInterceptors(*testing.T) any {
	var names []string
	for _, stage := range newSettings([]Option{WithInterceptors(sendHeaders{})}).stages() {
		names = append(names, stage.name)
	}
	return names
}

func effectiveTimeout(t *testing.T) (found any) {
	synctest.Test(t, func(t *testing.T) {
		w := succeeding()
		start := time.Now()
		if err := call(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		if deadline, bounded := w.sent[0].context.Deadline(); bounded {
			found = inMilliseconds(deadline.Sub(start))
		}
	})
	return found
}

// effectiveMessageBound announces a message of 4 GiB and reads which bound refuses it.
func effectiveMessageBound(t *testing.T) any {
	w := &wire{answer: func(int) *http.Response {
		return response(http.StatusOK, "application/grpc", "\x00\xff\xff\xff\xff")
	}}
	err := call(t.Context(), w, WithGRPC(), attempts(1))
	mustHaveCode(t, err, connect.CodeResourceExhausted)
	bound := regexp.MustCompile(`configured max (\d+)`).FindStringSubmatch(err.Error())
	if bound == nil {
		t.Fatalf("found %v, expected an error that names the bound", err)
	}
	bytes, _ := strconv.Atoi(bound[1])
	return bytes
}

func effectiveMultiplier(t *testing.T) any {
	found := waits(t, 2, WithRetry(func(policy *RetryPolicy) {
		policy.MaxAttempts, policy.InitialBackoff, policy.MaxBackoff = 3, time.Millisecond, time.Hour
	}))
	return float64(found[1]) / float64(found[0])
}

func effectiveMaxBackoff(t *testing.T) any {
	return inMilliseconds(waits(t, 1, WithRetry(func(policy *RetryPolicy) {
		policy.MaxAttempts, policy.InitialBackoff = 2, math.MaxInt64
	}))[0])
}

func effectiveJitter(t *testing.T) (low, high float64) {
	repeated(t, attempts(2), withFactor(func(from, to float64) float64 {
		low, high = from, to
		return 1
	}))
	return low, high
}

func effectiveRetryableCodes(t *testing.T) any {
	var names []string
	for code := connect.CodeCanceled; code <= connect.CodeUnauthenticated; code++ {
		w := failing(code)
		mustHaveCode(t, call(t.Context(), w, attempts(2), withFactor(exactly(0))), code)
		if len(w.sent) > 1 {
			names = append(names, codeName(code).String())
		}
	}
	return names
}

func inMilliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}

func isUUID(value string) bool {
	_, err := uuid.Parse(value)
	return err == nil
}

func mustParse(t *testing.T, text string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
