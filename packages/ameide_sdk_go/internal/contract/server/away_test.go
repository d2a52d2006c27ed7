package main

import (
	"context"
	"testing"
	"time"

	"connectrpc.com/connect"

	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
)

func TestAClientThatGoesAwayIsNoticed(t *testing.T) {
	inEachProtocol(t, func(t *testing.T, v *visitor) {
		calls := map[string]func(context.Context) error{
			"silent":         func(ctx context.Context) error { return v.get(ctx, "silent") },
			"endless-stream": func(ctx context.Context) error { return v.watchAll(ctx, "endless-stream") },
		}
		for name, call := range calls {
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- call(ctx) }()
			v.untilSeen(t, name, "came", hasCome)
			cancel()
			if err := <-ended; connect.CodeOf(err) != connect.CodeCanceled {
				t.Errorf("%s: found %v, expected canceled", name, err)
			}
			v.untilSeen(t, name, "went away", hasGone)
		}
	})
}

func (v *visitor) watchAll(ctx context.Context, scenario string) error {
	stream, err := v.graph.WatchElements(ctx, asking(v, &graphv1.WatchElementsRequest{}, scenario, "r"))
	if err != nil {
		return err
	}
	for stream.Receive() {
	}
	return stream.Err()
}

func TestTheServerDoesNotEndACallForItsClient(t *testing.T) {
	v := visit(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	request := asking(v, &graphv1.GetElementRequest{ElementId: "e"}, "silent", "r")
	request.Header().Set("Connect-Timeout-Ms", "50")
	go func() {
		_, err := v.graph.GetElement(ctx, request)
		ended <- err
	}()
	v.untilSeen(t, "silent", "came with a deadline", func(found *attempt) bool { return found.LeftMs != nil })
	select {
	case err := <-ended:
		t.Fatalf("found %v, expected no answer: the client only announced a deadline", err)
	case <-time.After(500 * time.Millisecond):
	}
	if v.seen(t, "test", "silent").Attempts[0].Cancelled {
		t.Error("the client is said to have gone away, but is still there")
	}
	cancel()
	v.untilSeen(t, "silent", "went away", hasGone)
}
