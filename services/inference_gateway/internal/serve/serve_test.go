package serve

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// get asks over the given HTTP version.
func get(t *testing.T, url string, major int) string {
	t.Helper()
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP1(major == 1)
	transport.Protocols.SetUnencryptedHTTP2(major == 2)
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport, Timeout: 5 * time.Second}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.ProtoMajor != major {
		t.Errorf("answered over %s, expected HTTP/%d", answer.Proto, major)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestBothPortsSpeakBothVersionsAndStopLetsCallsEnd(t *testing.T) {
	// 00 is also port 0, whichever is free, but not the same text as PORT.
	listeners, err := Listen(environment(map[string]string{"HOST": "127.0.0.1", "PORT": "0", "GRPC_PORT": "00"}))
	if err != nil {
		t.Fatal(err)
	}
	if len(listeners) != 2 {
		t.Fatalf("found %d listeners, expected 2", len(listeners))
	}
	entered, release := make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", Health("inference-gateway", "1.2.3"))
	mux.HandleFunc("GET /slow", func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		_, _ = io.WriteString(w, "done")
	})
	stopping, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(stopping, mux, listeners) }()

	for _, listener := range listeners {
		for _, major := range []int{1, 2} {
			var health map[string]string
			if err := json.Unmarshal([]byte(get(t, "http://"+listener.Addr().String()+"/healthz", major)), &health); err != nil {
				t.Fatal(err)
			}
			if health["status"] != "ok" || health["name"] != "inference-gateway" || health["version"] != "1.2.3" {
				t.Errorf("found %v", health)
			}
		}
	}

	slow := make(chan string, 1)
	go func() { slow <- get(t, "http://"+listeners[0].Addr().String()+"/slow", 2) }()
	<-entered
	stop()
	select {
	case err := <-ended:
		t.Fatalf("ended with a call still running: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	if body := <-slow; body != "done" {
		t.Errorf("the running call answered %q", body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", listeners[1].Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}

func TestPortThatCannotBeOpenedIsNamed(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for variable, values := range map[string]map[string]string{
		"PORT=eighty":        {"PORT": "eighty"},
		"GRPC_PORT=" + port:  {"HOST": "127.0.0.1", "PORT": "0", "GRPC_PORT": port},
		"PORT=" + port + ":": {"HOST": "127.0.0.1", "PORT": port},
	} {
		if _, err := Listen(environment(values)); err == nil || !strings.HasPrefix(err.Error(), variable) {
			t.Errorf("found %v, expected %s…", err, variable)
		}
	}
}

func TestOnePortNamedTwiceIsOpenedOnce(t *testing.T) {
	listeners, err := Listen(environment(map[string]string{"HOST": "127.0.0.1", "PORT": "0", "GRPC_PORT": "0"}))
	if err != nil || len(listeners) != 1 {
		t.Fatalf("found %d listeners, %v, expected 1", len(listeners), err)
	}
	_ = listeners[0].Close()
}
