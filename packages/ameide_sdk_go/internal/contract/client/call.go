package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"connectrpc.com/connect"

	ameide "github.com/ameideio/ameide-sdk-go"
	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
)

// outcome is what a call brought: how many messages, and how long a description.
type outcome struct {
	received int
	bytes    int
}

// attempted is a call to be made: whose headers it sends, and what may end it.
type attempted struct {
	client *ameide.AmeideClient
	header http.Header
	told   instructions
	cancel context.CancelFunc
}

// call makes one of the calls that scenarios name.
type call func(ctx context.Context, with attempted) (outcome, error)

func (c *call) UnmarshalText(text []byte) error {
	calls := map[string]call{"getElement": getElement, "createElement": createElement, "watchElements": watchElements}
	known, there := calls[string(text)]
	if !there {
		return fmt.Errorf("found the call %q, expected getElement, createElement or watchElements", text)
	}
	*c = known
	return nil
}

func getElement(ctx context.Context, with attempted) (outcome, error) {
	answer, err := with.client.Graph.GetElement(ctx, request(with, &graphv1.GetElementRequest{ElementId: "element-1"}))
	if err != nil {
		return outcome{}, err
	}
	return outcome{1, len(answer.Msg.GetElement().GetDescription())}, nil
}

func createElement(ctx context.Context, with attempted) (outcome, error) {
	element := &graphv1.Element{
		Name:        "contract",
		Kind:        graphv1.ElementKind_ELEMENT_KIND_APPLICATION,
		Description: strings.Repeat("x", with.told.Bytes),
	}
	answer, err := with.client.Graph.CreateElement(ctx, request(with, &graphv1.CreateElementRequest{Element: element}))
	if err != nil {
		return outcome{}, err
	}
	return outcome{1, len(answer.Msg.GetElement().GetDescription())}, nil
}

func watchElements(ctx context.Context, with attempted) (outcome, error) {
	changes, err := with.client.Graph.WatchElements(ctx, request(with, &graphv1.WatchElementsRequest{}))
	if err != nil {
		return outcome{}, err
	}
	defer changes.Close()
	found := outcome{}
	for changes.Receive() {
		found.received++
		if found.received == with.told.CancelAfterMessages {
			with.cancel()
		}
	}
	return found, changes.Err()
}

func request[T any](with attempted, message *T) *connect.Request[T] {
	made := connect.NewRequest(message)
	for name, values := range with.header {
		made.Header()[name] = values
	}
	return made
}
