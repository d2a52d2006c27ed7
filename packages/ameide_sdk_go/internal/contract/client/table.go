package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc/codes"

	ameide "github.com/ameideio/ameide-sdk-go"
)

// table is what the runner reads of sdk/contract/scenarios.json.
type table struct {
	TenantID  string     `json:"tenantId"`
	Token     string     `json:"token"`
	Scenarios []scenario `json:"scenarios"`
}

type scenario struct {
	Name   string       `json:"name"`
	Call   call         `json:"call"`
	Client instructions `json:"client"`
}

// instructions are what a client is told, besides the defaults.
type instructions struct {
	TimeoutMs           *float64        `json:"timeoutMs"`
	Retry               json.RawMessage `json:"retry"`
	Token               string          `json:"token"`
	ProviderFails       string          `json:"providerFails"`
	Bytes               int             `json:"bytes"`
	CancelAfterMs       float64         `json:"cancelAfterMs"`
	CancelAfterMessages int             `json:"cancelAfterMessages"`
}

// UnmarshalJSON refuses what this runner does not know: a client that is told less passes for the wrong reason.
func (i *instructions) UnmarshalJSON(data []byte) error {
	type plain instructions
	if err := strictly(data, (*plain)(i)); err != nil {
		return err
	}
	_, err := i.change(ameide.RetryPolicy{})
	return err
}

// change answers with a policy in which the values stand that Retry names.
func (i *instructions) change(policy ameide.RetryPolicy) (ameide.RetryPolicy, error) {
	if i.Retry == nil {
		return policy, nil
	}
	values := struct {
		MaxAttempts                                       int
		InitialBackoffMs, BackoffMultiplier, MaxBackoffMs float64
		Jitter                                            ameide.Jitter
		RetryableCodes                                    []codes.Code
	}{
		policy.MaxAttempts,
		inMilliseconds(policy.InitialBackoff), policy.BackoffMultiplier, inMilliseconds(policy.MaxBackoff),
		policy.Jitter, nil,
	}
	if err := strictly(i.Retry, &values); err != nil {
		return policy, err
	}
	policy.MaxAttempts, policy.BackoffMultiplier, policy.Jitter = values.MaxAttempts, values.BackoffMultiplier, values.Jitter
	policy.InitialBackoff, policy.MaxBackoff = milliseconds(values.InitialBackoffMs), milliseconds(values.MaxBackoffMs)
	if values.RetryableCodes != nil {
		policy.RetryableCodes = nil
	}
	for _, code := range values.RetryableCodes {
		policy.RetryableCodes = append(policy.RetryableCodes, connect.Code(code))
	}
	return policy, nil
}

func readTable(input io.Reader) (*table, error) {
	read := &table{}
	if err := json.NewDecoder(input).Decode(read); err != nil {
		return nil, fmt.Errorf("standard input: found no scenarios: %w", err)
	}
	return read, nil
}

func strictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func milliseconds(count float64) time.Duration {
	return time.Duration(count * float64(time.Millisecond))
}

func inMilliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}
