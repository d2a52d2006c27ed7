package ameide

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/code"
)

//go:embed ameide-client.json
var manifestText []byte

// defaults are what a client does unless an option says otherwise.
var defaults = mustParseManifest(manifestText)

// Names of headers that the services read.
var (
	HeaderTenantID  = http.CanonicalHeaderKey(defaults.Headers.TenantID)
	HeaderRequestID = http.CanonicalHeaderKey(defaults.Headers.RequestID)
)

// DefaultTimeout bounds calls with one answer, unless WithTimeout or the call's context says otherwise.
var DefaultTimeout = milliseconds(defaults.TimeoutMs)

// manifest is what the clients of all languages read, less what only others need.
type manifest struct {
	Endpoints struct{ BaseURL string }
	Headers   struct {
		TenantID  string
		RequestID string
	}
	Interceptors    []string
	TimeoutMs       float64
	MaxMessageBytes int
	Retry           struct {
		MaxAttempts       int
		InitialBackoffMs  float64
		BackoffMultiplier float64
		MaxBackoffMs      float64
		Jitter            Jitter
		RetryableCodes    []codeName
	}
}

// mustParseManifest panics, because the text is part of the program: a client that guesses its defaults is worse.
func mustParseManifest(text []byte) manifest {
	var parsed manifest
	if err := json.Unmarshal(text, &parsed); err != nil {
		panic(fmt.Sprintf("ameide-client.json: %v", err))
	}
	return parsed
}

// retryPolicy answers with a policy of the caller's own.
func (m manifest) retryPolicy() RetryPolicy {
	policy := RetryPolicy{
		MaxAttempts:       m.Retry.MaxAttempts,
		InitialBackoff:    milliseconds(m.Retry.InitialBackoffMs),
		BackoffMultiplier: m.Retry.BackoffMultiplier,
		MaxBackoff:        milliseconds(m.Retry.MaxBackoffMs),
		Jitter:            m.Retry.Jitter,
	}
	for _, retryable := range m.Retry.RetryableCodes {
		policy.RetryableCodes = append(policy.RetryableCodes, connect.Code(retryable))
	}
	return policy
}

func milliseconds(count float64) time.Duration {
	return time.Duration(count * float64(time.Millisecond))
}

// codeName is a code in the spelling of gRPC, which differs from that of connect: CANCELLED.
type codeName connect.Code

func (c codeName) String() string { return code.Code(c).String() }

func (c *codeName) UnmarshalText(text []byte) error {
	value, known := code.Code_value[string(text)]
	if !known {
		return fmt.Errorf("found the code %q, expected one of gRPC's, such as UNAVAILABLE", text)
	}
	*c = codeName(value)
	return nil
}
