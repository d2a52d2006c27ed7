package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1/graphv1connect"
)

const scenarios = `{
	"token": "contract-token",
	"scenarios": [
		{"name": "ok", "server": {"answers": ["OK"]}},
		{"name": "aborted", "server": {"answers": ["ABORTED"]}},
		{"name": "better-and-better", "server": {"answers": ["CANCELLED", "UNAVAILABLE", "INVALID_ARGUMENT", "OK"]}},
		{"name": "better-the-second-time", "server": {"answers": ["UNAVAILABLE", "OK"]}},
		{"name": "silent", "server": {"answers": ["NEVER"]}},
		{"name": "slow", "server": {"answers": ["OK"], "delayMs": 100}},
		{"name": "broken-stream", "server": {"answers": ["UNAVAILABLE"], "messages": 2, "everyMs": 50}},
		{"name": "endless-stream", "server": {"answers": ["OK"], "messages": 100000, "everyMs": 10}}
	]
}`

var protocols = map[string][]connect.ClientOption{
	"connect":  nil,
	"grpc":     {connect.WithGRPC()},
	"grpc-web": {connect.WithGRPCWeb()},
}

// visitor calls a server of the table that nobody else does.
type visitor struct {
	graph graphv1connect.GraphServiceClient
	url   string
	token string
}

func visit(t *testing.T, options ...connect.ClientOption) *visitor {
	t.Helper()
	known, err := loadTable(write(t, scenarios))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(known)
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	transport := &http.Transport{Protocols: new(http.Protocols)}
	// Only gRPC needs HTTP/2, and a client that may speak both speaks HTTP/1.1 without TLS.
	transport.Protocols.SetHTTP1(!strings.Contains(t.Name(), "/grpc"))
	transport.Protocols.SetUnencryptedHTTP2(strings.Contains(t.Name(), "/grpc"))
	address := "http://" + listener.Addr().String()
	client := graphv1connect.NewGraphServiceClient(&http.Client{Transport: transport}, address, options...)
	return &visitor{graph: client, url: address, token: known.Token}
}

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scenarios.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func asking[T any](v *visitor, message *T, scenario, requestID string) *connect.Request[T] {
	request := connect.NewRequest(message)
	request.Header().Set(headerRunner, "test")
	request.Header().Set(headerScenario, scenario)
	request.Header().Set("Authorization", "Bearer "+v.token)
	request.Header().Set("X-Request-Id", requestID)
	request.Header().Set("X-Tenant-Id", "acme")
	return request
}

func (v *visitor) get(ctx context.Context, scenario string) error {
	_, err := v.graph.GetElement(ctx, asking(v, &graphv1.GetElementRequest{ElementId: "e"}, scenario, "r"))
	return err
}

func (v *visitor) create(
	t *testing.T, scenario, requestID, description string,
) (*connect.Response[graphv1.CreateElementResponse], error) {
	wanted := &graphv1.Element{Name: "billing", Description: description}
	return v.graph.CreateElement(
		t.Context(), asking(v, &graphv1.CreateElementRequest{Element: wanted}, scenario, requestID))
}

func (v *visitor) seen(t *testing.T, runner, scenario string) record {
	t.Helper()
	asked := url.Values{"runner": {runner}, "scenario": {scenario}}
	answer, err := http.Get(v.url + "/contract/seen?" + asked.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var found record
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

// untilSeen waits for the server to notice, which the client cannot know.
func (v *visitor) untilSeen(t *testing.T, scenario, what string, is func(*attempt) bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if attempts := v.seen(t, "test", scenario).Attempts; len(attempts) == 1 && is(attempts[0]) {
			return
		}
	}
	t.Errorf("%s: the server has not noticed that the client %s", scenario, what)
}

func hasCome(*attempt) bool       { return true }
func hasGone(found *attempt) bool { return found.Cancelled }

func inEachProtocol(t *testing.T, test func(*testing.T, *visitor)) {
	for name, options := range protocols {
		t.Run(name, func(t *testing.T) { test(t, visit(t, options...)) })
	}
}
