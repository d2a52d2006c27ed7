package ameide

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"connectrpc.com/connect"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// tracing makes each attempt a span. connectrpc.com/otelconnect is not used: of its spans, neither the attributes can be
// named as the clients of other languages name them, nor the server's words be kept out, which may repeat a token.
type tracing struct {
	tracer trace.Tracer
	system attribute.KeyValue
}

func newTracing(grpc bool) tracing {
	system := "connectrpc"
	if grpc {
		system = "grpc"
	}
	return tracing{
		tracer: otel.Tracer(modulePath, trace.WithInstrumentationVersion(sdkVersion())),
		system: attribute.String("rpc.system.name", system),
	}
}

func (t tracing) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		ctx, span := t.start(ctx, request.Spec(), request.Header())
		answer, err := next(ctx, request)
		end(span, err)
		return answer, err
	}
}

func (t tracing) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		ctx, span := t.start(ctx, spec, streamHeader(ctx))
		var once sync.Once
		stream := &tracedStream{end: func(err error) { once.Do(func() { end(span, err) }) }}
		// Nobody has to read a stream on whose context they have given up.
		stream.forget = context.AfterFunc(ctx, func() { stream.end(contextError(ctx)) })
		stream.StreamingClientConn = next(ctx, spec)
		return stream
	}
}

func (t tracing) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// start begins the span of an attempt, and writes its context into the headers.
func (t tracing) start(ctx context.Context, spec connect.Spec, header http.Header) (context.Context, trace.Span) {
	name := strings.TrimPrefix(spec.Procedure, "/")
	attributes := trace.WithAttributes(t.system, attribute.String("rpc.method", name))
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), attributes)
	otel.GetTextMapPropagator().Inject(ctx, propagation.HeaderCarrier(header))
	return ctx, span
}

func end(span trace.Span, err error) {
	if err != nil {
		code := codeName(connect.CodeOf(err))
		span.SetAttributes(attribute.Stringer("rpc.response.status_code", code), attribute.Stringer("error.type", code))
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// tracedStream ends its span with the stream, whichever way that comes.
type tracedStream struct {
	connect.StreamingClientConn
	end    func(error)
	forget func() bool
}

func (s *tracedStream) Send(message any) error {
	err := s.StreamingClientConn.Send(message)
	if err != nil && !errors.Is(err, io.EOF) { // with io.EOF, Receive knows what happened
		s.finish(err)
	}
	return err
}

func (s *tracedStream) CloseRequest() error {
	err := s.StreamingClientConn.CloseRequest()
	if err != nil {
		s.finish(err)
	}
	return err
}

func (s *tracedStream) Receive(message any) error {
	err := s.StreamingClientConn.Receive(message)
	switch {
	case errors.Is(err, io.EOF):
		s.finish(nil)
	case err != nil:
		s.finish(err)
	}
	return err
}

func (s *tracedStream) CloseResponse() error {
	err := s.StreamingClientConn.CloseResponse()
	s.finish(err)
	return err
}

func (s *tracedStream) finish(err error) {
	s.forget()
	s.end(err)
}
