package ameide

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// recordSpans installs the OpenTelemetry SDK until the test ends.
func recordSpans(t *testing.T) *tracetest.SpanRecorder {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)))
	otel.SetTextMapPropagator(propagation.TraceContext{})
	t.Cleanup(func() {
		otel.SetTracerProvider(noop.NewTracerProvider())
		otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator())
	})
	return recorder
}

func attributesOf(span sdktrace.ReadOnlySpan) map[string]string {
	found := map[string]string{}
	for _, each := range span.Attributes() {
		found[string(each.Key)] = each.Value.String()
	}
	return found
}

func mustHaveAttributes(t *testing.T, span sdktrace.ReadOnlySpan, expected map[string]string) {
	t.Helper()
	found := attributesOf(span)
	if len(found) != len(expected) {
		t.Errorf("found the attributes %v, expected %v", found, expected)
	}
	for name, value := range expected {
		if found[name] != value {
			t.Errorf("%s: found %q, expected %q", name, found[name], value)
		}
	}
}

func TestEachAttemptIsASpanWhoseContextItCarries(t *testing.T) {
	recorder := recordSpans(t)
	ctx, parent := otel.Tracer("test").Start(t.Context(), "parent")
	w := succeeding(connect.CodeUnavailable)
	if err := call(ctx, w, withFactor(exactly(0))); err != nil {
		t.Fatal(err)
	}
	spans := recorder.Ended()
	if len(spans) != 2 {
		t.Fatalf("found %d spans, expected 2", len(spans))
	}
	for i, span := range spans {
		if span.Name() != "ameide_core_proto.agents.v1.AgentsService/GetAgent" || span.SpanKind() != trace.SpanKindClient {
			t.Errorf("found %s of kind %s", span.Name(), span.SpanKind())
		}
		if span.Parent().SpanID() != parent.SpanContext().SpanID() {
			t.Errorf("found the parent %s, expected the caller's span", span.Parent().SpanID())
		}
		if carried := w.sent[i].header.Get("Traceparent"); !strings.Contains(carried, span.SpanContext().SpanID().String()) {
			t.Errorf("attempt %d: found the traceparent %q, expected that of its span", i, carried)
		}
	}
	expected := map[string]string{
		"rpc.system.name": "connectrpc", "rpc.method": "ameide_core_proto.agents.v1.AgentsService/GetAgent",
	}
	mustHaveAttributes(t, spans[1], expected)
	if status := spans[1].Status(); status.Code != codes.Unset {
		t.Errorf("found the status %v of an attempt that succeeded", status)
	}
	expected["rpc.response.status_code"], expected["error.type"] = "UNAVAILABLE", "UNAVAILABLE"
	mustHaveAttributes(t, spans[0], expected)
	if status := spans[0].Status(); status.Code != codes.Error {
		t.Errorf("found the status %v of an attempt that failed", status)
	}
}

func TestSpansNameTheProtocolAndSpellCodesAsGRPCDoes(t *testing.T) {
	recorder := recordSpans(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	mustHaveCode(t, call(ctx, succeeding(), WithGRPC()), connect.CodeCanceled)
	found := attributesOf(recorder.Ended()[0])
	if found["rpc.system.name"] != "grpc" || found["rpc.response.status_code"] != "CANCELLED" {
		t.Errorf("found %v", found)
	}
}

func TestSpansKeepWhatTheServerSaysToThemselves(t *testing.T) {
	recorder := recordSpans(t)
	w := &wire{answer: func(int) *http.Response {
		return response(http.StatusUnauthorized, "application/json", `{"code": "unauthenticated", "message": "bad `+secret+`"}`)
	}}
	mustHaveCode(t, call(t.Context(), w, WithToken(secret)), connect.CodeUnauthenticated)
	span := recorder.Ended()[0]
	mustNotHold(t, "span", span.Attributes(), span.Status(), span.Events(), span.Name())
}

func TestNothingIsTracedOfWhatIsNotSent(t *testing.T) {
	recorder := recordSpans(t)
	for name, run := range both {
		client := NewClient("", WithHTTPClient(succeeding()), WithTokenProvider(func(context.Context) (string, error) {
			return "", context.Canceled
		}))
		mustHaveCode(t, run(t.Context(), client), connect.CodeUnauthenticated)
		if len(recorder.Started()) != 0 {
			t.Errorf("%s: found %d spans", name, len(recorder.Started()))
		}
	}
}

func TestWithoutAnSDKTheContextOfTheCallerTravelsOn(t *testing.T) {
	w := succeeding()
	if err := call(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if carried, there := w.sent[0].header["Traceparent"]; there {
		t.Errorf("found the traceparent %q, expected none", carried)
	}
	otel.SetTextMapPropagator(propagation.TraceContext{})
	t.Cleanup(func() { otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator()) })
	remote := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, Remote: true})
	if err := call(trace.ContextWithSpanContext(t.Context(), remote), w); err != nil {
		t.Fatal(err)
	}
	if carried := w.sent[1].header.Get("Traceparent"); !strings.Contains(carried, remote.TraceID().String()) {
		t.Errorf("found the traceparent %q, expected that of the caller", carried)
	}
}
