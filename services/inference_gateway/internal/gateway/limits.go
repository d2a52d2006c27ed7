package gateway

import (
	"errors"
	"math"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/time/rate"
)

// sweepEvery is how often callers that have been quiet are forgotten.
const sweepEvery = time.Minute

// limits holds a token bucket per caller. A caller is the address a connection comes from: headers that name another
// one could be made up, so behind a proxy all of its callers share a bucket.
type limits struct {
	perSecond rate.Limit
	burst     int
	now       func() time.Time

	mutex   sync.Mutex
	buckets map[string]*rate.Limiter
	swept   time.Time
}

func newLimits(perSecond rate.Limit, burst int, now func() time.Time) *limits {
	return &limits{perSecond: perSecond, burst: burst, now: now, buckets: map[string]*rate.Limiter{}, swept: now()}
}

func (l *limits) wrap(refused *connect.ErrorWriter, next http.Handler) http.Handler {
	seconds := strconv.Itoa(int(math.Ceil(1 / float64(l.perSecond))))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.allow(callerOf(r)) {
			next.ServeHTTP(w, r)
			return
		}
		err := connect.NewError(connect.CodeResourceExhausted, errors.New("too many calls, retry in "+seconds+" s"))
		err.Meta().Set("Retry-After", seconds)
		refuse(w, r, refused, err)
	})
}

func (l *limits) allow(caller string) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.now()
	if now.Sub(l.swept) >= sweepEvery {
		l.sweep(now)
	}
	bucket, known := l.buckets[caller]
	if !known {
		bucket = rate.NewLimiter(l.perSecond, l.burst)
		l.buckets[caller] = bucket
	}
	return bucket.AllowN(now, 1)
}

// sweep forgets full buckets: a new one is full too.
func (l *limits) sweep(now time.Time) {
	l.swept = now
	for caller, bucket := range l.buckets {
		if bucket.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, caller)
		}
	}
}

func callerOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
