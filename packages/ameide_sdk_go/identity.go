package ameide

import (
	"context"
	"errors"
	"net/http"
	"strings"
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
		switch {
		case err == nil && isToken(token):
			header["Authorization"] = []string{"Bearer " + token}
			return nil
		case err == nil:
			return connect.NewError(connect.CodeUnauthenticated, errors.New("the token of the client is none that a header can hold"))
		case ctx.Err() != nil:
			return contextError(ctx)
		default:
			return connect.NewError(connect.CodeUnauthenticated, errors.New("the token provider of the client failed"))
		}
	}
}

// isToken tells whether all protocols can send it: neither empty, nor with white space or anything beyond ASCII.
func isToken(token string) bool {
	return token != "" && !strings.ContainsFunc(token, func(r rune) bool { return r < '!' || r > '~' })
}
