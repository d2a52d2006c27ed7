package ameide

import (
	"net/http"
	"time"

	"connectrpc.com/connect"
)

// DefaultTimeout bounds calls with one answer, unless WithTimeout or the call's context says otherwise.
const DefaultTimeout = 5 * time.Second

// Option is a choice made when a client is built.
type Option func(*settings)

type settings struct {
	headers      http.Header
	timeout      time.Duration
	grpc         bool
	httpClient   connect.HTTPClient
	interceptors []connect.Interceptor
}

func newSettings(options []Option) *settings {
	made := &settings{headers: http.Header{}, timeout: DefaultTimeout}
	for _, option := range options {
		option(made)
	}
	return made
}

func (s *settings) clientOptions() []connect.ClientOption {
	all := append([]connect.Interceptor{timeoutInterceptor(s.timeout)}, s.interceptors...)
	options := []connect.ClientOption{connect.WithInterceptors(all...)}
	if s.grpc {
		options = append(options, connect.WithGRPC())
	}
	return options
}

// WithToken sends token as the bearer token of every call. Over http:// it travels readable.
func WithToken(token string) Option {
	return func(s *settings) { s.headers.Set("Authorization", "Bearer "+token) }
}

// WithTenantID names the tenant on whose behalf calls are made.
func WithTenantID(tenantID string) Option {
	return func(s *settings) { s.headers.Set(HeaderTenantID, tenantID) }
}

// WithTimeout bounds calls with one answer whose context has no deadline; 0 leaves them unbounded.
// A stream lasts as long as its context.
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings) { s.timeout = timeout }
}

// WithGRPC speaks gRPC instead of the Connect protocol, with http:// URLs over plain-text HTTP/2.
func WithGRPC() Option {
	return func(s *settings) { s.grpc = true }
}

// WithHTTPClient sends requests through httpClient, which then decides about TLS, proxies and HTTP versions.
func WithHTTPClient(httpClient connect.HTTPClient) Option {
	return func(s *settings) { s.httpClient = httpClient }
}

// WithInterceptors adds interceptors, the first one outermost. They run inside of the timeout.
func WithInterceptors(interceptors ...connect.Interceptor) Option {
	return func(s *settings) { s.interceptors = append(s.interceptors, interceptors...) }
}
