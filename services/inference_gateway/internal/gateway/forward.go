package gateway

import (
	"context"
	"errors"
	"log/slog"

	"connectrpc.com/connect"

	ameide "github.com/ameideio/ameide-sdk-go"
	inferencev1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1/inferencev1connect"
)

// forwarder passes calls on. The caller's deadline and its going away reach the upstream through the context.
type forwarder struct {
	upstream inferencev1connect.InferenceServiceClient
}

func (f *forwarder) Infer(
	ctx context.Context, request *connect.Request[inferencev1.InferRequest],
) (*connect.Response[inferencev1.InferResponse], error) {
	answer, err := f.upstream.Infer(ctx, forwarded(request))
	if err != nil {
		return nil, translated(err)
	}
	return connect.NewResponse(answer.Msg), nil
}

// StreamInfer sends each part on as soon as it has come.
func (f *forwarder) StreamInfer(
	ctx context.Context,
	request *connect.Request[inferencev1.StreamInferRequest],
	stream *connect.ServerStream[inferencev1.StreamInferResponse],
) error {
	parts, err := f.upstream.StreamInfer(ctx, forwarded(request))
	if err != nil {
		return translated(err)
	}
	defer parts.Close()
	for parts.Receive() {
		if err := stream.Send(parts.Msg()); err != nil {
			return err
		}
	}
	return translated(parts.Err())
}

// forwarded keeps the headers that the services share; the token was for the gateway alone.
func forwarded[T any](request *connect.Request[T]) *connect.Request[T] {
	onward := connect.NewRequest(request.Msg)
	for _, header := range []string{ameide.HeaderRequestID, ameide.HeaderTenantID} {
		if value := request.Header().Get(header); value != "" {
			onward.Header().Set(header, value)
		}
	}
	return onward
}

// translated passes on what the upstream said itself, with its code and details. Of other failures callers learn the
// kind; the text, which holds addresses, goes to the log.
func translated(err error) error {
	if err == nil || connect.IsWireError(err) {
		return err
	}
	switch code := connect.CodeOf(err); code {
	case connect.CodeCanceled:
		return connect.NewError(code, errors.New("the call was canceled"))
	case connect.CodeDeadlineExceeded:
		return connect.NewError(code, errors.New("the inference service did not answer in time"))
	default:
		slog.Error("the inference service cannot be reached", "error", err)
		return connect.NewError(connect.CodeUnavailable, errors.New("the inference service cannot be reached"))
	}
}
