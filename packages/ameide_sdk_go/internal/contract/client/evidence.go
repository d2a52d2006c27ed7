package main

import (
	"errors"
	"fmt"
	"strings"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// scope names the spans that are the runner's own.
const scope = "contract"

// span describes one that the SDK made.
type span struct {
	Name       string         `json:"name"`
	Kind       string         `json:"kind"`
	Status     string         `json:"status"`
	Attributes map[string]any `json:"attributes"`
	TraceID    string         `json:"traceId"`
	SpanID     string         `json:"spanId"`
}

type recorded struct {
	exporter *tracetest.InMemoryExporter
	tracer   trace.Tracer
}

// recordSpans installs the OpenTelemetry SDK as a program does that wants its traces to cross processes.
func recordSpans() *recorded {
	exporter := tracetest.NewInMemoryExporter()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter)))
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return &recorded{exporter, otel.Tracer(scope)}
}

// below are the SDK's spans in the trace of the runner's own.
func (r *recorded) below(own trace.Span) tracetest.SpanStubs {
	var found tracetest.SpanStubs
	for _, each := range r.exporter.GetSpans() {
		if each.SpanContext.TraceID() == own.SpanContext().TraceID() && each.InstrumentationScope.Name != scope {
			found = append(found, each)
		}
	}
	return found
}

func described(spans tracetest.SpanStubs) []span {
	all := []span{}
	for _, each := range spans {
		attributes := map[string]any{}
		for _, attribute := range each.Attributes {
			attributes[string(attribute.Key)] = attribute.Value.AsInterface()
		}
		all = append(all, span{
			Name:       each.Name,
			Kind:       strings.ToUpper(each.SpanKind.String()),
			Status:     strings.ToUpper(each.Status.Code.String()),
			Attributes: attributes,
			TraceID:    each.SpanContext.TraceID().String(),
			SpanID:     each.SpanContext.SpanID().String(),
		})
	}
	return all
}

// leaked says whether a secret stands in the error, what it wraps, the client or a span.
func leaked(secrets []string, err error, client any, spans tracetest.SpanStubs) bool {
	shown := []any{client}
	for ; err != nil; err = errors.Unwrap(err) {
		shown = append(shown, err)
	}
	for _, each := range spans {
		shown = append(shown, each.Name, each.Status, each.Attributes, each.Events)
	}
	for _, each := range shown {
		text := fmt.Sprintf("%v %+v %#v", each, each, each)
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				return true
			}
		}
	}
	return false
}
