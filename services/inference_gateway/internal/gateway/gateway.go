// Package gateway guards an inference service and forwards to it.
package gateway

import (
	"net/http"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/time/rate"

	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1/inferencev1connect"

	"github.com/ameideio/ameide/services/inference_gateway/internal/config"
)

// maxRequestBytes leaves room for long conversations.
const maxRequestBytes = 16 << 20

// New serves InferenceService from upstream. The rate is limited before the token is looked at, so that tokens cannot
// be tried out quickly, and both before a request's body is read.
func New(upstream inferencev1connect.InferenceServiceClient, settings config.Settings) http.Handler {
	path, service := inferencev1connect.NewInferenceServiceHandler(
		&forwarder{upstream: upstream}, connect.WithReadMaxBytes(maxRequestBytes),
	)
	refused := connect.NewErrorWriter()
	limit := newLimits(rate.Limit(settings.CallsPerSecond), settings.Burst, time.Now)
	mux := http.NewServeMux()
	mux.Handle(path, limit.wrap(refused, requireToken(settings.Token, refused, service)))
	return mux
}
