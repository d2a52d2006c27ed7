// Command agents serves the catalogue of agents over Connect, gRPC and gRPC-Web.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1/agentsv1connect"

	"github.com/ameideio/ameide/services/agents/internal/registry"
	"github.com/ameideio/ameide/services/agents/internal/rpc"
	"github.com/ameideio/ameide/services/agents/internal/serve"
)

const name = "agents"

// version is set by the build: -ldflags "-X main.version=…".
var version = "0.0.0-dev"

func main() {
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *showVersion {
		fmt.Println(name, version)
		return
	}
	if err := run(); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

func run() error {
	stopping, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listeners, err := serve.Listen(os.Getenv)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle(agentsv1connect.NewAgentsServiceHandler(rpc.NewService(stopping, registry.New()), rpc.Limits()))
	mux.Handle("GET /healthz", serve.Health(name, version))
	slog.Info("starting", "name", name, "version", version)
	return serve.Run(stopping, mux, listeners)
}
