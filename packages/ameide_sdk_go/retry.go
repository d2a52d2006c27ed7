package ameide

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"connectrpc.com/connect"
)

// RetryPolicy says which calls with one answer are repeated, how often and after which waits.
type RetryPolicy struct {
	MaxAttempts       int // the first one included
	InitialBackoff    time.Duration
	BackoffMultiplier float64
	MaxBackoff        time.Duration
	Jitter            Jitter
	RetryableCodes    []connect.Code
}

// Jitter bounds the random factor that a wait is multiplied by.
type Jitter struct{ Min, Max float64 }

// factor picks a number from low up to high.
type factor func(low, high float64) float64

func randomFactor(low, high float64) float64 { return low + rand.Float64()*(high-low) }

// wait is the time between attempt n and the one after it.
func (p RetryPolicy) wait(n int, pick factor) time.Duration {
	wait := float64(p.InitialBackoff)
	for range n - 1 {
		wait *= p.BackoffMultiplier
	}
	return time.Duration(min(wait, float64(p.MaxBackoff)) * pick(p.Jitter.Min, p.Jitter.Max))
}

// repeat sends calls again that failed for a reason that may pass.
func repeat(policy RetryPolicy, pick factor) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
			for attempt := 1; ; attempt++ {
				answer, err := next(ctx, withOwnHeader(request))
				if err == nil || attempt >= policy.MaxAttempts || !slices.Contains(policy.RetryableCodes, connect.CodeOf(err)) {
					return answer, err
				}
				wait := policy.wait(attempt, pick)
				if deadline, bounded := ctx.Deadline(); bounded && time.Until(deadline) <= wait {
					return nil, err
				}
				select {
				case <-time.After(wait):
				case <-ctx.Done():
					return nil, contextError(ctx)
				}
			}
		}
	}
}
