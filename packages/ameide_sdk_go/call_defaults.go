package ameide

import (
	"context"
	"net/http"
	"runtime/debug"
	"time"
	"uuid"

	"connectrpc.com/connect"
)

// Headers that the services read.
const (
	HeaderTenantID  = "X-Tenant-Id"
	HeaderRequestID = "X-Request-Id"
)

const modulePath = "github.com/ameideio/ameide-sdk-go"

// withHeaders adds what every request carries. A header that the call has set itself stays as it is.
//
// It wraps the HTTP client and is no interceptor: connect adds the headers of a stream's call after the interceptors
// have run, so one of those could not know them.
type withHeaders struct {
	next      connect.HTTPClient
	headers   http.Header
	userAgent string
}

func (w withHeaders) Do(request *http.Request) (*http.Response, error) {
	for name, values := range w.headers {
		setDefault(request.Header, name, values[0])
	}
	setDefault(request.Header, HeaderRequestID, uuid.New().String())
	request.Header.Set("User-Agent", w.userAgent+" "+request.Header.Get("User-Agent"))
	return w.next.Do(request)
}

func setDefault(header http.Header, name, value string) {
	if _, own := header[name]; !own {
		header[name] = []string{value}
	}
}

func timeoutInterceptor(timeout time.Duration) connect.UnaryInterceptorFunc {
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

// userAgent tells servers which version of the SDK the program was built with.
func userAgent() string {
	const name = "ameide-sdk-go"
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == modulePath {
				return name + "/" + module.Version
			}
		}
	}
	return name
}
