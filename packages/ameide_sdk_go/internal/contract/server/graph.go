package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"connectrpc.com/connect"

	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1/graphv1connect"
)

const (
	headerScenario = "x-contract-scenario"
	headerRunner   = "x-contract-runner"
)

// graph behaves as the scenario of a call says.
type graph struct {
	graphv1connect.UnimplementedGraphServiceHandler

	table   *table
	journal *journal
}

func (g *graph) GetElement(
	ctx context.Context, request *connect.Request[graphv1.GetElementRequest],
) (*connect.Response[graphv1.GetElementResponse], error) {
	met, err := g.meet(ctx, request.Header())
	if err == nil {
		err = met.answer()
	}
	if err != nil {
		return nil, err
	}
	found := &graphv1.Element{Id: request.Msg.GetElementId(), Name: met.scenario}
	return connect.NewResponse(&graphv1.GetElementResponse{Element: found}), nil
}

func (g *graph) CreateElement(
	ctx context.Context, request *connect.Request[graphv1.CreateElementRequest],
) (*connect.Response[graphv1.CreateElementResponse], error) {
	met, err := g.meet(ctx, request.Header())
	if err != nil {
		return nil, err
	}
	made := g.journal.create(met.caller, met.attempt.RequestID, request.Msg.GetElement())
	if err := met.answer(); err != nil {
		return nil, err
	}
	return connect.NewResponse(&graphv1.CreateElementResponse{Element: made}), nil
}

func (g *graph) WatchElements(
	ctx context.Context,
	request *connect.Request[graphv1.WatchElementsRequest],
	stream *connect.ServerStream[graphv1.WatchElementsResponse],
) error {
	met, err := g.meet(ctx, request.Header())
	if err != nil {
		return err
	}
	for number := range met.behaviour.Messages {
		if err := met.wait(met.behaviour.Every.duration()); err != nil {
			return err
		}
		changed := &graphv1.Element{Id: fmt.Sprintf("element-%d", number), Name: met.scenario}
		if err := stream.Send(&graphv1.WatchElementsResponse{Element: changed}); err != nil {
			return met.gone(err)
		}
	}
	return met.answer()
}

// meet records the attempt. It fails for a call that is of no scenario or has no right to be served.
func (g *graph) meet(ctx context.Context, header http.Header) (*meeting, error) {
	who := caller{runner: header.Get(headerRunner), scenario: header.Get(headerScenario)}
	wanted, err := g.table.find(who.scenario)
	if err != nil {
		return nil, connect.NewError(connect.CodeFailedPrecondition, err)
	}
	made := &attempt{
		RequestID:   header.Get("x-request-id"),
		TenantID:    header.Get("x-tenant-id"),
		Authorized:  header.Get("authorization") == "Bearer "+g.table.Token,
		Traceparent: header.Get("traceparent"),
	}
	if deadline, bounded := ctx.Deadline(); bounded {
		left := inMilliseconds(time.Until(deadline))
		made.LeftMs = &left
	}
	met := &meeting{caller: who, behaviour: wanted, attempt: made, journal: g.journal, connection: connectionOf(ctx)}
	met.number = g.journal.begin(who, made)
	if !made.Authorized {
		return nil, connect.NewError(connect.CodeUnauthenticated, fmt.Errorf("the token is not the one expected"))
	}
	return met, nil
}
