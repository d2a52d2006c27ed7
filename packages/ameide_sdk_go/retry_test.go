package ameide

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"
)

func TestWaitsGrowUpToTheirBound(t *testing.T) {
	policy := RetryPolicy{InitialBackoff: time.Second, BackoffMultiplier: 3, MaxBackoff: 20 * time.Second}
	for attempt, expected := range map[int]time.Duration{
		1: time.Second, 2: 3 * time.Second, 3: 9 * time.Second, 4: 20 * time.Second, 10_000: 20 * time.Second,
	} {
		if found := policy.wait(attempt, exactly(1)); found != expected {
			t.Errorf("after attempt %d: found %s, expected %s", attempt, found, expected)
		}
	}
	if found := policy.wait(4, exactly(1.5)); found != 30*time.Second {
		t.Errorf("found %s, expected a factor on top of the bound", found)
	}
}

func TestChanceStaysInItsRangeAndFillsIt(t *testing.T) {
	lowest, highest := 2.0, 0.0
	for range 10_000 {
		factor := randomFactor(0.5, 1.5)
		lowest, highest = min(lowest, factor), max(highest, factor)
	}
	if lowest < 0.5 || lowest > 0.6 || highest < 1.4 || highest > 1.5 {
		t.Errorf("found factors from %v to %v, expected 0.5 to 1.5", lowest, highest)
	}
}

func TestWaitsOfACallAreThoseOfThePolicyTimesChance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := succeeding(connect.CodeUnavailable, connect.CodeUnavailable)
		if err := call(t.Context(), w, withFactor(func(low, high float64) float64 { return high })); err != nil {
			t.Fatal(err)
		}
		expected := []time.Duration{375 * time.Millisecond, 750 * time.Millisecond}
		if !slices.Equal(w.waits(), expected) {
			t.Errorf("found %s, expected %s", w.waits(), expected)
		}
	})
}

func TestOneAttemptOrLessMeansNoRepetition(t *testing.T) {
	for _, most := range []int{1, 0, -1} {
		w := failing(connect.CodeUnavailable)
		mustHaveCode(t, call(t.Context(), w, attempts(most)), connect.CodeUnavailable)
		if len(w.sent) != 1 {
			t.Errorf("%d: found %d attempts", most, len(w.sent))
		}
	}
}

func TestLastErrorIsTheAnswer(t *testing.T) {
	w := failing(connect.CodeUnavailable, connect.CodeAborted, connect.CodeNotFound)
	mustHaveCode(t, call(t.Context(), w, attempts(9), withFactor(exactly(0))), connect.CodeNotFound)
	if len(w.sent) != 3 {
		t.Errorf("found %d attempts, expected 3", len(w.sent))
	}
}

func TestCancellingEndsAWaitAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		w := failing(connect.CodeUnavailable)
		start := time.Now()
		err := call(ctx, w, WithTimeout(0), WithRetry(func(policy *RetryPolicy) {
			policy.InitialBackoff, policy.MaxBackoff = time.Hour, time.Hour
		}))
		mustHaveCode(t, err, connect.CodeCanceled)
		if took := time.Since(start); took != time.Second || len(w.sent) != 1 {
			t.Errorf("found the end after %s and %d attempts, expected 1s and one", took, len(w.sent))
		}
	})
}

func TestWaitThatDoesNotEndBeforeTheDeadlineIsNotBegun(t *testing.T) {
	for wait, attempts := range map[time.Duration]int{time.Second: 1, time.Second - 1: 2} {
		synctest.Test(t, func(t *testing.T) {
			w := failing(connect.CodeUnavailable)
			start := time.Now()
			err := call(t.Context(), w, WithTimeout(time.Second), withFactor(exactly(1)), WithRetry(func(policy *RetryPolicy) {
				policy.InitialBackoff = wait
			}))
			mustHaveCode(t, err, connect.CodeUnavailable)
			if took := time.Since(start); len(w.sent) != attempts || attempts == 1 && took != 0 {
				t.Errorf("wait of %s: found %d attempts in %s, expected %d", wait, len(w.sent), took, attempts)
			}
		})
	}
}

func TestEachAttemptTellsWhatIsLeftOfTheDeadline(t *testing.T) {
	for header, test := range map[string]struct {
		options  []Option
		expected []string
	}{
		"Connect-Timeout-Ms": {nil, []string{"5000", "4750", "4250"}},
		"Grpc-Timeout":       {[]Option{WithGRPC()}, []string{"5000000u", "4750000u", "4250000u"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := failing(connect.CodeUnavailable)
			mustHaveCode(t, call(t.Context(), w, append(test.options, withFactor(exactly(1)))...), connect.CodeUnavailable)
			var found []string
			for _, each := range w.sent {
				found = append(found, each.header.Get(header))
			}
			if !slices.Equal(found, test.expected) {
				t.Errorf("%s: found %q, expected %q", header, found, test.expected)
			}
		})
	}
}

func TestAttemptsCarryTheSameHeadersAndNothingOfEachOther(t *testing.T) {
	w := failing(connect.CodeUnavailable)
	piling := connect.UnaryInterceptorFunc(func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
			request.Header().Add("X-Attempt", "one")
			return next(ctx, request)
		}
	})
	options := []Option{WithTimeout(0), WithTenantID("acme"), WithInterceptors(piling), withFactor(exactly(0))}
	mustHaveCode(t, call(t.Context(), w, options...), connect.CodeUnavailable)
	if len(w.sent) != 3 {
		t.Fatalf("found %d attempts, expected 3", len(w.sent))
	}
	for _, each := range w.sent {
		if !reflect.DeepEqual(each.header, w.sent[0].header) || len(each.header["X-Attempt"]) != 1 {
			t.Errorf("found %v after %v", each.header, w.sent[0].header)
		}
	}
}

func TestStreamsAreNotRepeated(t *testing.T) {
	w := &wire{answer: func(int) *http.Response {
		return response(http.StatusServiceUnavailable, "application/json", "")
	}}
	err := stream(t.Context(), NewClient("", WithHTTPClient(w), withFactor(exactly(0))))
	mustHaveCode(t, err, connect.CodeUnavailable)
	if len(w.sent) != 1 {
		t.Errorf("found %d attempts, expected one", len(w.sent))
	}
}
