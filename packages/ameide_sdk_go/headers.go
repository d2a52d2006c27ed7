package ameide

import (
	"context"
	"net/http"

	"connectrpc.com/connect"
)

// ownHeaders is the outermost interceptor. It gives each call headers that the interceptors below may write: those of the
// caller's request stay as they were, so that sending it again is another call, with an id and a token of its own.
type ownHeaders struct{ peer connect.Peer }

func (o ownHeaders) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		return next(ctx, withOwnHeader(request))
	}
}

func (o ownHeaders) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		return openLate(ctx, spec, o.peer, next)
	}
}

func (o ownHeaders) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// sendHeaders is the innermost interceptor. It gives a stream the headers that have come together on the way.
type sendHeaders struct{}

func (sendHeaders) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc { return next }

func (sendHeaders) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		conn := next(ctx, spec)
		for name, values := range streamHeader(ctx) {
			conn.RequestHeader()[name] = values
		}
		return conn
	}
}

func (sendHeaders) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// fill is an interceptor that adds headers to a call or stream, once and before it is sent.
type fill func(ctx context.Context, header http.Header) error

func (f fill) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		if err := f(ctx, request.Header()); err != nil {
			return nil, err
		}
		return next(ctx, request)
	}
}

func (f fill) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		if err := f(ctx, streamHeader(ctx)); err != nil {
			return failedStream{spec: spec, err: err}
		}
		return next(ctx, spec)
	}
}

func (f fill) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// setDefault leaves a header alone that the call has set itself, also to nothing.
func setDefault(header http.Header, name, value string) {
	if _, own := header[name]; !own {
		header[name] = []string{value}
	}
}

// requestWithHeader is a request whose headers are not those that it was made with.
type requestWithHeader struct {
	connect.AnyRequest
	header http.Header
}

func (r requestWithHeader) Header() http.Header { return r.header }

// withOwnHeader answers with a request that starts with the headers of another. Writing to those of a request that was
// sent is no choice either: the transport may still be reading them after a call has ended.
func withOwnHeader(request connect.AnyRequest) connect.AnyRequest {
	header := request.Header().Clone()
	if header == nil {
		header = http.Header{}
	}
	return requestWithHeader{request, header}
}
