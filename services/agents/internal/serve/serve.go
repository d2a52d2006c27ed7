// Package serve runs an HTTP handler in plain text, over HTTP/1.1 and HTTP/2, until it is told to stop.
package serve

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// grace is how long running calls may go on after the server was told to stop; kubelets kill after 30 seconds.
const grace = 20 * time.Second

const defaultPort = "8080"

// Listen opens PORT and, where it is set, GRPC_PORT on HOST (empty for all addresses).
func Listen(getenv func(string) string) ([]net.Listener, error) {
	ports := map[string]string{"PORT": cmp.Or(getenv("PORT"), defaultPort), "GRPC_PORT": getenv("GRPC_PORT")}
	var listeners []net.Listener
	for _, variable := range []string{"PORT", "GRPC_PORT"} {
		if ports[variable] == "" || variable == "GRPC_PORT" && ports[variable] == ports["PORT"] {
			continue
		}
		listener, err := net.Listen("tcp", net.JoinHostPort(getenv("HOST"), ports[variable]))
		if err != nil {
			for _, open := range listeners {
				_ = open.Close()
			}
			return nil, fmt.Errorf("%s=%s: %w", variable, ports[variable], err)
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// Run serves handler until stopping is done, and lets running calls end. Each listener speaks both HTTP versions, so
// Connect, gRPC-Web and gRPC reach every port.
func Run(stopping context.Context, handler http.Handler, listeners []net.Listener) error {
	server := &http.Server{Handler: handler, Protocols: new(http.Protocols), ReadHeaderTimeout: 10 * time.Second}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	failed := make(chan error, len(listeners))
	for _, listener := range listeners {
		slog.Info("listening", "address", listener.Addr().String())
		go func() { failed <- server.Serve(listener) }()
	}
	select {
	case err := <-failed:
		return errors.Join(err, server.Close())
	case <-stopping.Done():
	}
	slog.Info("stopping")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(stopping), grace)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("calls were still running after %s: %w", grace, err), server.Close())
	}
	return nil
}

// Health answers that the server is up, and which one it is.
func Health(name, version string) http.Handler {
	body, err := json.Marshal(map[string]string{"status": "ok", "name": name, "version": version})
	if err != nil {
		panic(err) // three strings are always JSON
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	})
}
