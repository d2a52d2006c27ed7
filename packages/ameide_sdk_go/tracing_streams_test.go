package ameide

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"connectrpc.com/connect"

	inferencev1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1"
)

// parts of a stream of the Connect protocol, each a flag, a length and a body.
const (
	part = "\x00\x00\x00\x00\x00"
	last = "\x02\x00\x00\x00\x02{}"
)

func TestStreamIsOneSpanThatEndsWithIt(t *testing.T) {
	broken := "\x02\x00\x00\x00\x20" + `{"error":{"code":"unavailable"}}`
	for name, test := range map[string]struct {
		body string
		read func(cancel func(), parts *connect.ServerStreamForClient[inferencev1.StreamInferResponse])
		code string
	}{
		"read to the end": {part + last, readAll, ""},
		"broken":          {part + broken, readAll, "UNAVAILABLE"},
		"closed early": {part + last, func(_ func(), parts *connect.ServerStreamForClient[inferencev1.StreamInferResponse]) {
			_ = parts.Close()
		}, ""},
		"given up": {part + last, func(cancel func(), _ *connect.ServerStreamForClient[inferencev1.StreamInferResponse]) {
			cancel()
		}, "CANCELLED"},
	} {
		t.Run(name, func(t *testing.T) {
			recorder := recordSpans(t)
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(int) *http.Response {
					return response(http.StatusOK, "application/connect+proto", test.body)
				}}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				request := connect.NewRequest(&inferencev1.StreamInferRequest{})
				parts, err := NewClient("", WithHTTPClient(w)).Inference.StreamInfer(ctx, request)
				if err != nil {
					t.Fatal(err)
				}
				if len(recorder.Ended()) != 0 {
					t.Error("the span ended before the stream")
				}
				test.read(cancel, parts)
				synctest.Wait()
				if len(recorder.Ended()) != 1 {
					t.Fatalf("found %d spans, expected one", len(recorder.Ended()))
				}
				span := recorder.Ended()[0]
				if found := attributesOf(span)["rpc.response.status_code"]; found != test.code {
					t.Errorf("found the code %q, expected %q", found, test.code)
				}
				if carried := w.sent[0].header["Traceparent"]; len(carried) != 1 ||
					!strings.Contains(carried[0], span.SpanContext().SpanID().String()) {
					t.Errorf("found the traceparent %q, expected that of the span", carried)
				}
			})
		})
	}
}

func readAll(_ func(), parts *connect.ServerStreamForClient[inferencev1.StreamInferResponse]) {
	for parts.Receive() {
	}
}
