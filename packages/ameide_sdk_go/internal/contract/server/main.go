// Command server meets the clients of all languages as sdk/contract/scenarios.json says, and tells what it saw.
//
//	server sdk/contract/scenarios.json
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1/graphv1connect"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: server SCENARIOS")
	}
	if err := run(os.Args[1], os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run serves the table at path and ends when input does.
func run(path string, input io.Reader, output io.Writer) error {
	known, err := loadTable(path)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := newServer(known)
	go func() {
		_, _ = io.Copy(io.Discard, input)
		_ = server.Close()
	}()
	if _, err := fmt.Fprintf(output, "{\"port\": %d}\n", listener.Addr().(*net.TCPAddr).Port); err != nil {
		return err
	}
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// newServer speaks Connect, gRPC and gRPC-Web, and HTTP/2 without TLS, which gRPC needs.
func newServer(known *table) *http.Server {
	kept := newJournal()
	calls := http.NewServeMux()
	calls.Handle(graphv1connect.NewGraphServiceHandler(&graph{table: known, journal: kept}))
	mux := http.NewServeMux()
	mux.Handle("/", withConnection(calls))
	mux.Handle("GET /contract/seen", kept)
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{Handler: mux, Protocols: protocols}
}
