// Package gateway guards an inference service and forwards to it.
package gateway

import (
	"net/http"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/time/rate"

	ameide "github.com/ameideio/ameide-sdk-go"
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

// Upstream is a client of the service behind the gateway. It repeats no calls: the gateway's callers do, and each of
// their attempts would become as many again.
func Upstream(settings config.Settings) *ameide.AmeideClient {
	return ameide.NewClient(
		settings.UpstreamURL, ameide.WithGRPC(), ameide.WithTimeout(settings.UpstreamTimeout),
		ameide.WithRetry(func(policy *ameide.RetryPolicy) { policy.MaxAttempts = 1 }),
	)
}
