package ameide

import (
	"context"
	"net/http"
	"sync"

	"connectrpc.com/connect"
)

type streamHeaderKey struct{}

// streamHeader holds the headers of the stream that is being opened.
func streamHeader(ctx context.Context) http.Header {
	header, _ := ctx.Value(streamHeaderKey{}).(http.Header)
	return header
}

// lateStream is opened by the first thing that it sends. connect adds the headers of the call to what the interceptors
// have made, and sends; until then nobody can tell which of the defaults the call overrides.
type lateStream struct {
	ctx    context.Context
	spec   connect.Spec
	peer   connect.Peer
	header http.Header
	open   func() connect.StreamingClientConn
	opened chan struct{}
}

func openLate(
	ctx context.Context, spec connect.Spec, peer connect.Peer, next connect.StreamingClientFunc,
) *lateStream {
	stream := &lateStream{ctx: ctx, spec: spec, peer: peer, header: http.Header{}, opened: make(chan struct{})}
	stream.open = sync.OnceValue(func() connect.StreamingClientConn {
		defer close(stream.opened)
		return next(context.WithValue(ctx, streamHeaderKey{}, stream.header), spec)
	})
	return stream
}

func (s *lateStream) Spec() connect.Spec         { return s.spec }
func (s *lateStream) Peer() connect.Peer         { return s.peer }
func (s *lateStream) RequestHeader() http.Header { return s.header }
func (s *lateStream) Send(message any) error     { return s.open().Send(message) }
func (s *lateStream) CloseRequest() error        { return s.open().CloseRequest() }

func (s *lateStream) Receive(message any) error    { return s.answers().Receive(message) }
func (s *lateStream) ResponseHeader() http.Header  { return s.answers().ResponseHeader() }
func (s *lateStream) ResponseTrailer() http.Header { return s.answers().ResponseTrailer() }
func (s *lateStream) CloseResponse() error         { return s.answers().CloseResponse() }

// answers waits for the stream to be opened, as reading from a connection waits for its request.
func (s *lateStream) answers() connect.StreamingClientConn {
	select {
	case <-s.opened:
		return s.open()
	default:
	}
	select {
	case <-s.opened:
		return s.open()
	case <-s.ctx.Done():
		return failedStream{spec: s.spec, err: contextError(s.ctx)}
	}
}

// failedStream is a stream of which nothing was sent.
type failedStream struct {
	spec connect.Spec
	err  error
}

func (f failedStream) Spec() connect.Spec           { return f.spec }
func (f failedStream) Peer() connect.Peer           { return connect.Peer{} }
func (f failedStream) RequestHeader() http.Header   { return http.Header{} }
func (f failedStream) Send(any) error               { return f.err }
func (f failedStream) CloseRequest() error          { return f.err }
func (f failedStream) Receive(any) error            { return f.err }
func (f failedStream) ResponseHeader() http.Header  { return http.Header{} }
func (f failedStream) ResponseTrailer() http.Header { return http.Header{} }
func (f failedStream) CloseResponse() error         { return nil }
