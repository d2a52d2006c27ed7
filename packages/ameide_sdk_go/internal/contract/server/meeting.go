package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc/codes"
)

// meeting is one attempt being served.
type meeting struct {
	caller

	behaviour  behaviour
	attempt    *attempt
	number     int
	journal    *journal
	connection context.Context
}

func (m *meeting) answer() error {
	due := m.behaviour.answer(m.number)
	if due.never {
		<-m.connection.Done()
		return m.gone(m.connection.Err())
	}
	if err := m.wait(m.behaviour.Delay.duration()); err != nil {
		return err
	}
	if due.code == codes.OK {
		return nil
	}
	return connect.NewError(connect.Code(due.code), fmt.Errorf("as %s says", m.scenario))
}

// wait fails where the client does not stay.
func (m *meeting) wait(span time.Duration) error {
	select {
	case <-m.connection.Done():
		return m.gone(m.connection.Err())
	case <-time.After(span):
		return nil
	}
}

func (m *meeting) gone(err error) error {
	m.journal.cancel(m.attempt)
	return err
}

type connectionKey struct{}

// withConnection keeps the context of the HTTP request for the handlers, whose own also ends at the client's deadline:
// it could not tell a client that went away from one that only announced when it would.
func withConnection(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), connectionKey{}, r.Context())))
	})
}

func connectionOf(ctx context.Context) context.Context {
	return ctx.Value(connectionKey{}).(context.Context)
}
