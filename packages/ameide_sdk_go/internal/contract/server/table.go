package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc/codes"
)

// table is what the server reads of sdk/contract/scenarios.json.
type table struct {
	Token     string     `json:"token"`
	Scenarios []scenario `json:"scenarios"`
}

type scenario struct {
	Name   string    `json:"name"`
	Server behaviour `json:"server"`
}

type behaviour struct {
	Answers  []answer     `json:"answers"`
	Delay    milliseconds `json:"delayMs"`
	Messages int          `json:"messages"`
	Every    milliseconds `json:"everyMs"`
}

type milliseconds int64

func (m milliseconds) duration() time.Duration { return time.Duration(m) * time.Millisecond }

// answer is a code in the spelling of gRPC, or none ever.
type answer struct {
	never bool
	code  codes.Code
}

func (a *answer) UnmarshalJSON(data []byte) error {
	if a.never = string(data) == `"NEVER"`; a.never {
		return nil
	}
	return json.Unmarshal(data, &a.code)
}

// answer is that of the attempt, counted from 0. The last one goes for all that follow.
func (b behaviour) answer(attempt int) answer {
	return b.Answers[min(attempt, len(b.Answers)-1)]
}

func loadTable(path string) (*table, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	loaded := &table{}
	if err := json.Unmarshal(data, loaded); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, each := range loaded.Scenarios {
		if len(each.Server.Answers) == 0 {
			return nil, fmt.Errorf("%s: scenario %q: found no answers, expected at least one", path, each.Name)
		}
	}
	return loaded, nil
}

func (t *table) find(name string) (behaviour, error) {
	for _, each := range t.Scenarios {
		if each.Name == name {
			return each.Server, nil
		}
	}
	return behaviour{}, fmt.Errorf("%s: found %q, expected the name of a scenario", headerScenario, name)
}
