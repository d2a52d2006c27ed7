package main

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/code"

	ameide "github.com/ameideio/ameide-sdk-go"
)

// result is what sdk/contract/README.md asks a runner for.
type result struct {
	Code          string `json:"code"`
	Received      int    `json:"received"`
	Bytes         int    `json:"bytes"`
	ProviderCalls int64  `json:"providerCalls"`
	UserCalls     int64  `json:"userCalls"`
	Leaked        bool   `json:"leaked"`
	ElapsedMs     int64  `json:"elapsedMs"`
	Spans         []span `json:"spans"`
	TraceID       string `json:"traceId"`
}

type player struct {
	name     string
	url      string
	protocol []ameide.Option
	table    *table
	recorded *recorded
}

// play runs a scenario with a client of its own.
func (p *player) play(each scenario) result {
	provided, user := &provider{told: each.Client, usual: p.table.Token}, &counter{}
	client := ameide.NewClient(p.url, p.options(each.Client, provided, user)...)
	defer client.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if each.Client.CancelAfterMs > 0 {
		time.AfterFunc(milliseconds(each.Client.CancelAfterMs), cancel)
	}
	ctx, scenario := p.recorded.tracer.Start(ctx, "scenario")
	header := http.Header{"X-Contract-Scenario": {each.Name}, "X-Contract-Runner": {p.name}}
	start := time.Now()
	found, err := each.Call(ctx, attempted{client, header, each.Client, cancel})
	elapsed := time.Since(start)
	scenario.End()
	spans := p.recorded.below(scenario)
	return result{
		Code:          codeOf(err),
		Received:      found.received,
		Bytes:         found.bytes,
		ProviderCalls: provided.calls.Load(),
		UserCalls:     user.calls.Load(),
		Leaked:        leaked(provided.secrets(), err, client, spans),
		ElapsedMs:     elapsed.Milliseconds(),
		Spans:         described(spans),
		TraceID:       scenario.SpanContext().TraceID().String(),
	}
}

func (p *player) options(told instructions, provided *provider, user *counter) []ameide.Option {
	options := append([]ameide.Option{
		ameide.WithTenantID(p.table.TenantID),
		ameide.WithTokenProvider(provided.token),
		ameide.WithInterceptors(user),
		ameide.WithRetry(func(policy *ameide.RetryPolicy) { *policy, _ = told.change(*policy) }), // checked when it was read
	}, p.protocol...)
	if told.TimeoutMs != nil {
		options = append(options, ameide.WithTimeout(milliseconds(*told.TimeoutMs)))
	}
	return options
}

// provider gives the token that a scenario names, or fails as it says.
type provider struct {
	told  instructions
	usual string
	calls atomic.Int64
}

func (p *provider) token(context.Context) (string, error) {
	p.calls.Add(1)
	if p.told.ProviderFails != "" {
		return "", errors.New(p.told.ProviderFails)
	}
	return p.secrets()[0], nil
}

// secrets are what must show nowhere, the token first.
func (p *provider) secrets() []string {
	token := p.usual
	if p.told.Token != "" {
		token = p.told.Token
	}
	if p.told.ProviderFails != "" {
		return []string{token, p.told.ProviderFails}
	}
	return []string{token}
}

// counter is a user's interceptor that counts its runs.
type counter struct{ calls atomic.Int64 }

func (c *counter) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		c.calls.Add(1)
		return next(ctx, request)
	}
}

func (c *counter) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		c.calls.Add(1)
		return next(ctx, spec)
	}
}

func (c *counter) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// codeOf spells a code as gRPC does.
func codeOf(err error) string {
	if err == nil {
		return code.Code_OK.String()
	}
	return code.Code(connect.CodeOf(err)).String()
}
