// Command inference-gateway is the door to the inference service: it speaks Connect, gRPC and gRPC-Web, checks the
// caller's token, limits its rate and passes calls and streams on over gRPC.
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

	"github.com/ameideio/ameide/services/inference_gateway/internal/config"
	"github.com/ameideio/ameide/services/inference_gateway/internal/gateway"
	"github.com/ameideio/ameide/services/inference_gateway/internal/serve"
)

const name = "inference-gateway"

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
	settings, err := config.Load(os.Getenv)
	if err != nil {
		return err
	}
	if settings.Token == "" {
		slog.Warn("INFERENCE_GATEWAY_TOKEN is not set: anyone who reaches this server may call it")
	}
	stopping, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listeners, err := serve.Listen(os.Getenv)
	if err != nil {
		return err
	}
	upstream := gateway.Upstream(settings)
	defer upstream.Close()
	mux := http.NewServeMux()
	mux.Handle("/", gateway.New(upstream.Inference, settings))
	mux.Handle("GET /healthz", serve.Health(name, version))
	slog.Info("starting", "name", name, "version", version, "upstream", settings.UpstreamURL)
	return serve.Run(stopping, mux, listeners)
}
