// Buildkitclient builds a Dockerfile with a BuildKit. Its options are those of `docker buildx build` that nox-rings uses:
// buildx itself compiles 470 packages more, for other drivers, bake files and policies.
//
// buildctl would do, but for one thing: it cannot tell BuildKit which folder a build context is. All contexts would then
// be synchronized into one, in which files of the same path, size and time count as the same, whatever is in them.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/solver/errdefs"
	// The codec of BuildKit's messages.
	_ "github.com/moby/buildkit/util/grpcutil/encoding/proto"
	"github.com/moby/buildkit/util/progress/progressui"
	"golang.org/x/sync/errgroup"
)

func main() {
	address := flag.String("addr", "", "where buildkitd listens, `unix://…`")
	mode := flag.String("progress", "plain", "plain or rawjson")
	metadata := flag.String("metadata-file", "", "`file` for what the exporter answers, as JSON")
	options := newOptions(flag.CommandLine)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	request, err := options.request(flag.Arg(0), *address)
	if err == nil {
		err = solve(ctx, *address, request, progressui.DisplayMode(*mode), *metadata)
	}
	if err != nil {
		for _, source := range errdefs.Sources(err) {
			source.Print(os.Stderr)
		}
		fmt.Fprintf(os.Stderr, "ERROR: failed to build: %v\n", err)
		os.Exit(1)
	}
}

func solve(
	ctx context.Context, address string, request client.SolveOpt, mode progressui.DisplayMode, metadata string,
) error {
	daemon, err := client.New(ctx, address)
	if err != nil {
		return err
	}
	defer daemon.Close()
	display, err := progressui.NewDisplay(os.Stderr, mode)
	if err != nil {
		return err
	}
	status := make(chan *client.SolveStatus)
	var answer *client.SolveResponse
	var group errgroup.Group
	group.Go(func() (err error) {
		answer, err = daemon.Solve(ctx, nil, request, status)
		return err
	})
	group.Go(func() error {
		// What failed is shown after an interruption too.
		warnings, err := display.UpdateFrom(context.WithoutCancel(ctx), status)
		if mode != progressui.RawJSONMode { // which holds them already
			for _, warning := range warnings {
				fmt.Fprintf(os.Stderr, "WARNING: %s\n", warning.Short)
			}
		}
		return err
	})
	if err := group.Wait(); err != nil || metadata == "" {
		return err
	}
	text, err := json.MarshalIndent(answer.ExporterResponse, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(metadata, append(text, '\n'), 0o644)
}
