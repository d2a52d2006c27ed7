package ameide

import (
	"context"
	"time"

	"connectrpc.com/connect"
)

// Option is a choice made when a client is built.
type Option func(*settings)

type settings struct {
	tenantID     string
	token        tokenProvider
	timeout      time.Duration
	retry        RetryPolicy
	factor       factor
	grpc         bool
	httpClient   connect.HTTPClient
	interceptors []connect.Interceptor
}

func newSettings(options []Option) *settings {
	made := &settings{timeout: DefaultTimeout, retry: defaults.retryPolicy(), factor: randomFactor}
	for _, option := range options {
		option(made)
	}
	return made
}

func (s *settings) clientOptions(baseURL string) []connect.ClientOption {
	options := []connect.ClientOption{
		connect.WithInterceptors(s.chain(baseURL)...),
		connect.WithReadMaxBytes(defaults.MaxMessageBytes),
	}
	if s.grpc {
		options = append(options, connect.WithGRPC())
	}
	return options
}

// WithToken sends token as the bearer token of every call. Over http:// it travels readable.
func WithToken(token string) Option {
	return WithTokenProvider(func(context.Context) (string, error) { return token, nil })
}

// WithTokenProvider asks provider for the bearer token of every call that brings none, once before its first attempt.
//
// If it fails, nothing is sent, and the call ends with connect.CodeUnauthenticated. Its error shows nowhere, because it
// may hold a token: provider must log what it wants to be known.
func WithTokenProvider(provider func(ctx context.Context) (string, error)) Option {
	return func(s *settings) { s.token = provider }
}

// WithTenantID names the tenant on whose behalf calls are made.
func WithTenantID(tenantID string) Option {
	return func(s *settings) { s.tenantID = tenantID }
}

// WithTimeout bounds calls with one answer whose context has no deadline, all attempts together; 0 leaves them
// unbounded. A stream lasts as long as its context.
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings) { s.timeout = timeout }
}

// WithRetry changes single values of the policy by which calls are repeated. This one is never repeated:
//
//	ameide.WithRetry(func(policy *ameide.RetryPolicy) { policy.MaxAttempts = 1 })
func WithRetry(change func(policy *RetryPolicy)) Option {
	return func(s *settings) { change(&s.retry) }
}

// WithGRPC speaks gRPC instead of the Connect protocol, with http:// URLs over plain-text HTTP/2.
func WithGRPC() Option {
	return func(s *settings) { s.grpc = true }
}

// WithHTTPClient sends requests through httpClient, which then decides about TLS, proxies and HTTP versions.
func WithHTTPClient(httpClient connect.HTTPClient) Option {
	return func(s *settings) { s.httpClient = httpClient }
}

// WithInterceptors adds interceptors, the first one outermost. They run for each attempt of a call, and see the headers
// that the client adds. Requests reach them as connect.AnyRequest alone: Any is the message.
func WithInterceptors(interceptors ...connect.Interceptor) Option {
	return func(s *settings) { s.interceptors = append(s.interceptors, interceptors...) }
}
