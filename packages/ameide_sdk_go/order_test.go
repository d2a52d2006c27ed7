package ameide

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"connectrpc.com/connect"
	"go.opentelemetry.io/otel/trace"
)

// probe notes when it is reached, and what calls and streams look like there.
type probe struct {
	name string
	saw  func(name string, ctx context.Context, header http.Header)
}

func (p probe) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		p.saw(p.name, ctx, request.Header())
		return next(ctx, request)
	}
}

func (p probe) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		conn := next(ctx, spec)
		p.saw(p.name, ctx, conn.RequestHeader())
		return conn
	}
}

func (p probe) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// marks is what an interceptor leaves on a call, by its name in the manifest.
var marks = map[string]func(ctx context.Context, header http.Header) bool{
	"metadata": func(_ context.Context, header http.Header) bool { return header.Get(HeaderTenantID) == "acme" },
	"auth":     func(_ context.Context, header http.Header) bool { return header.Get("Authorization") == "Bearer t" },
	"timeout":  func(ctx context.Context, _ http.Header) bool { _, bounded := ctx.Deadline(); return bounded },
	"tracing":  func(ctx context.Context, _ http.Header) bool { return trace.SpanFromContext(ctx).IsRecording() },
}

// A probe before each interceptor sees the marks of those that the manifest puts before it, and no others.
func TestInterceptorsRunInTheOrderOfTheManifest(t *testing.T) {
	recordSpans(t)
	var order []string
	see := func(name string, ctx context.Context, header http.Header) {
		if slices.Contains(order, name) {
			return // a repetition
		}
		order = append(order, name)
		for marked, there := range marks {
			before := slices.Index(defaults.Interceptors, marked) < slices.Index(defaults.Interceptors, name)
			if there(ctx, header) != before {
				t.Errorf("%s: found the mark of %s: %t, expected %t", name, marked, !before, before)
			}
		}
	}
	settings := newSettings([]Option{WithTenantID("acme"), WithToken("t"), WithInterceptors(sendHeaders{})})
	probed := []connect.Interceptor{ownHeaders{}}
	for _, stage := range settings.stages() {
		probed = append(probed, probe{stage.name, see}, stage)
	}
	w := failing(connect.CodeUnavailable)
	client := connect.NewClient[struct{}, struct{}](w, "http://h/s.v1.S/M", connect.WithInterceptors(probed...), connect.WithCodec(noCodec{}))
	_, err := client.CallUnary(t.Context(), connect.NewRequest(&struct{}{}))
	mustHaveCode(t, err, connect.CodeUnavailable)
	if !slices.Equal(order, defaults.Interceptors) {
		t.Errorf("found %q, expected %q", order, defaults.Interceptors)
	}
}

type noCodec struct{}

func (noCodec) Name() string                { return "none" }
func (noCodec) Marshal(any) ([]byte, error) { return nil, nil }
func (noCodec) Unmarshal([]byte, any) error { return nil }

func TestInterceptorsOfTheUserSeeEachAttemptWithAllHeaders(t *testing.T) {
	recordSpans(t)
	for name, expected := range map[string]int{"call": 3, "stream": 1} {
		var runs []string
		user := func(which string) probe {
			return probe{which, func(which string, ctx context.Context, header http.Header) {
				runs = append(runs, which)
				for _, wanted := range []string{HeaderTenantID, HeaderRequestID, "Authorization", "Traceparent"} {
					if header.Get(wanted) == "" {
						t.Errorf("%s: %s sees no %s in %v", name, which, wanted, header)
					}
				}
			}}
		}
		client := NewClient("", WithHTTPClient(failing(connect.CodeUnavailable)), WithTenantID("acme"), WithToken("t"),
			WithInterceptors(user("first")), WithInterceptors(user("second")), withFactor(exactly(0)))
		mustHaveCode(t, both[name](t.Context(), client), connect.CodeUnavailable)
		if len(runs) != 2*expected {
			t.Errorf("%s: found the runs %q, expected %d of each", name, runs, expected)
		}
	}
}
