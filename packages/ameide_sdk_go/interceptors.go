package ameide

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"connectrpc.com/connect"
)

// chain holds a client's interceptors, outermost first: the stages, between the two that make headers work alike for
// calls and streams.
func (s *settings) chain(baseURL string) []connect.Interceptor {
	all := []connect.Interceptor{ownHeaders{peer: s.peer(baseURL)}}
	for _, each := range s.stages() {
		all = append(all, each)
	}
	return append(all, sendHeaders{})
}

// stage is an interceptor and its name in the manifest.
type stage struct {
	name string
	connect.Interceptor
}

// stages come in the order of the manifest.
func (s *settings) stages() []stage {
	var all []stage
	for _, name := range defaults.Interceptors {
		for _, interceptor := range s.interceptorsOf(name) {
			all = append(all, stage{name, interceptor})
		}
	}
	return all
}

func (s *settings) interceptorsOf(name string) []connect.Interceptor {
	switch name {
	case "metadata":
		return []connect.Interceptor{identify(s.tenantID)}
	case "auth":
		return []connect.Interceptor{authorize(s.token)}
	case "timeout":
		return []connect.Interceptor{bound(s.timeout)}
	case "retry":
		return []connect.Interceptor{repeat(s.retry, s.factor)}
	case "tracing":
		return []connect.Interceptor{newTracing(s.grpc)}
	case "user":
		return s.interceptors
	default:
		panic(fmt.Sprintf("ameide-client.json: interceptors: found %q, expected one that this SDK has", name))
	}
}

func (s *settings) peer(baseURL string) connect.Peer {
	peer := connect.Peer{Protocol: connect.ProtocolConnect}
	if s.grpc {
		peer.Protocol = connect.ProtocolGRPC
	}
	if parsed, err := url.Parse(baseURL); err == nil { // connect says what is wrong with it
		peer.Addr = parsed.Host
	}
	return peer
}

// bound gives calls with one answer a deadline, unless they have one or timeout is 0.
func bound(timeout time.Duration) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
			if _, bounded := ctx.Deadline(); bounded || timeout <= 0 {
				return next(ctx, request)
			}
			ctx, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			return next(ctx, request)
		}
	}
}

// contextError is what a call ends with whose context is done.
func contextError(ctx context.Context) error {
	code := connect.CodeCanceled
	if ctx.Err() == context.DeadlineExceeded {
		code = connect.CodeDeadlineExceeded
	}
	return connect.NewError(code, ctx.Err())
}
