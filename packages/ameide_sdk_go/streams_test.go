package ameide

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"

	"connectrpc.com/connect"

	inferencev1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1"
)

// emptyStream has nothing to say.
func emptyStream(context.Context, connect.Spec) connect.StreamingClientConn { return failedStream{} }

func TestReadingAStreamWaitsForWhatItSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := openLate(t.Context(), connect.Spec{}, connect.Peer{}, emptyStream)
		received := make(chan error, 1)
		go func() { received <- stream.Receive(nil) }()
		synctest.Wait()
		if len(received) != 0 {
			t.Error("found an answer before anything was sent")
		}
		if err := stream.Send(nil); err != nil {
			t.Error(err)
		}
		if err := <-received; err != nil {
			t.Error(err)
		}
	})
}

func TestReadingAStreamThatSendsNothingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stream := openLate(ctx, connect.Spec{}, connect.Peer{}, emptyStream)
	cancel()
	mustHaveCode(t, stream.Receive(nil), connect.CodeCanceled)
}

func TestStreamKnowsItsPeerBeforeItIsOpened(t *testing.T) {
	for protocol, options := range map[string][]Option{
		connect.ProtocolConnect: nil, connect.ProtocolGRPC: {WithGRPC()},
	} {
		w := &wire{answer: func(int) *http.Response { return response(http.StatusNotFound, "", "") }}
		client := NewClient("https://example.com:8443/base", append(options, WithHTTPClient(w))...)
		request := connect.NewRequest(&inferencev1.StreamInferRequest{})
		if _, err := client.Inference.StreamInfer(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		if peer := request.Peer(); peer.Addr != "example.com:8443" || peer.Protocol != protocol {
			t.Errorf("found %v, expected example.com:8443 by %s", peer, protocol)
		}
		if found, expected := request.Spec().Procedure, "/ameide_core_proto.inference.v1.InferenceService/StreamInfer"; found != expected {
			t.Errorf("found %s, expected %s", found, expected)
		}
	}
}
