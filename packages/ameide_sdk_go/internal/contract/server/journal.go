package main

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
)

// attempt is what a client sent and whether it stayed for the answer. Times are in milliseconds.
type attempt struct {
	AtMs        float64  `json:"atMs"`
	RequestID   string   `json:"requestId"`
	TenantID    string   `json:"tenantId"`
	Authorized  bool     `json:"authorized"`
	Traceparent string   `json:"traceparent"`
	LeftMs      *float64 `json:"leftMs"`
	Cancelled   bool     `json:"cancelled"`
}

// caller is a run of a scenario.
type caller struct{ runner, scenario string }

type record struct {
	Created  int        `json:"created"`
	Attempts []*attempt `json:"attempts"`

	started  time.Time
	elements map[string]*graphv1.Element
}

// journal keeps the records of all callers apart.
type journal struct {
	mutex   sync.Mutex
	records map[caller]*record
}

func newJournal() *journal { return &journal{records: map[caller]*record{}} }

// of needs the mutex held.
func (j *journal) of(who caller) *record {
	if j.records[who] == nil {
		j.records[who] = &record{Attempts: []*attempt{}, elements: map[string]*graphv1.Element{}}
	}
	return j.records[who]
}

// begin records the attempt and returns its number, the first one is 0.
func (j *journal) begin(who caller, made *attempt) int {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	kept := j.of(who)
	if len(kept.Attempts) == 0 {
		kept.started = time.Now()
	}
	made.AtMs = inMilliseconds(time.Since(kept.started))
	kept.Attempts = append(kept.Attempts, made)
	return len(kept.Attempts) - 1
}

func (j *journal) cancel(made *attempt) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	made.Cancelled = true
}

// create makes the element once a request id. Without one it cannot tell a repetition, and makes another.
func (j *journal) create(who caller, requestID string, wanted *graphv1.Element) *graphv1.Element {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	kept := j.of(who)
	if known := kept.elements[requestID]; known != nil && requestID != "" {
		return known
	}
	made := proto.CloneOf(wanted)
	made.Id = "element-" + requestID
	kept.elements[requestID] = made
	kept.Created++
	return made
}

// ServeHTTP answers with the record of one caller.
func (j *journal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	j.mutex.Lock()
	defer j.mutex.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(j.of(caller{runner: asked.Get("runner"), scenario: asked.Get("scenario")}))
}

func inMilliseconds(span time.Duration) float64 { return float64(span) / float64(time.Millisecond) }
