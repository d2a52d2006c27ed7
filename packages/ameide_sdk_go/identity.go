package ameide

import (
	"context"
	"errors"
	"net/http"
	"uuid"

	"connectrpc.com/connect"
)

type tokenProvider = func(ctx context.Context) (string, error)

// identify names the tenant and the call.
func identify(tenantID string) fill {
	return func(_ context.Context, header http.Header) error {
		if tenantID != "" {
			setDefault(header, HeaderTenantID, tenantID)
		}
		setDefault(header, HeaderRequestID, uuid.New().String())
		return nil
	}
}

// authorize names the caller.
func authorize(provider tokenProvider) fill {
	return func(ctx context.Context, header http.Header) error {
		if _, own := header["Authorization"]; own || provider == nil {
			return nil
		}
		token, err := provider(ctx)
		if err == nil {
			header["Authorization"] = []string{"Bearer " + token}
			return nil
		}
		if ctx.Err() != nil {
			return contextError(ctx)
		}
		return connect.NewError(connect.CodeUnauthenticated, errors.New("the token provider of the client failed"))
	}
}
