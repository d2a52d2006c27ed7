// Package ameide is the client of the Ameide services.
//
//	client := ameide.NewClient("", ameide.WithTokenProvider(token), ameide.WithTenantID("acme"))
//	defer client.Close()
//	answer, err := client.Graph.GetElement(ctx, connect.NewRequest(&graphv1.GetElementRequest{ElementId: id}))
//
// Calls with one answer end after DefaultTimeout and are repeated where that may help; see WithTimeout and WithRetry.
// Each attempt is a span of OpenTelemetry's global tracer provider, and carries its context by the global propagator.
//
// Messages and enums live in the packages below proto/.
package ameide

import (
	"net/http"

	"connectrpc.com/connect"

	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1/agentsv1connect"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1/graphv1connect"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/inference/v1/inferencev1connect"
)

// AmeideClient holds a client per service. It may be used from several goroutines at once.
type AmeideClient struct {
	Graph     graphv1connect.GraphServiceClient
	Agents    agentsv1connect.AgentsServiceClient
	Inference inferencev1connect.InferenceServiceClient

	transport connect.HTTPClient
}

// NewClient makes a client of the services at baseURL, which starts with http:// or https://. "" stands for the public
// address of Ameide.
//
// It opens no connection, so a base URL that leads nowhere shows in the error of the first call.
func NewClient(baseURL string, options ...Option) *AmeideClient {
	if baseURL == "" {
		baseURL = defaults.Endpoints.BaseURL
	}
	settings := newSettings(options)
	transport := settings.httpClient
	if transport == nil {
		transport = newHTTPClient(settings.grpc)
	}
	doer := withUserAgent{next: transport, userAgent: userAgent()}
	calls := settings.clientOptions(baseURL)
	return &AmeideClient{
		Graph:     graphv1connect.NewGraphServiceClient(doer, baseURL, calls...),
		Agents:    agentsv1connect.NewAgentsServiceClient(doer, baseURL, calls...),
		Inference: inferencev1connect.NewInferenceServiceClient(doer, baseURL, calls...),
		transport: transport,
	}
}

// Close gives back the connections that no call uses.
func (c *AmeideClient) Close() {
	if client, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		client.CloseIdleConnections()
	}
}

// newHTTPClient speaks HTTP/1.1 or HTTP/2, as the server likes; gRPC needs HTTP/2, also without TLS.
func newHTTPClient(grpc bool) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP1(!grpc)
	transport.Protocols.SetHTTP2(true)
	transport.Protocols.SetUnencryptedHTTP2(grpc)
	return &http.Client{Transport: transport}
}
