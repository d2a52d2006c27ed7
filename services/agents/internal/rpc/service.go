// Package rpc speaks AgentsService for a registry.
package rpc

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	"github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1/agentsv1connect"

	"github.com/ameideio/ameide/services/agents/internal/registry"
)

var errStopping = errors.New("the server is stopping, call again")

// Service answers calls from a registry.
type Service struct {
	stopping context.Context
	registry *registry.Registry
}

var _ agentsv1connect.AgentsServiceHandler = (*Service)(nil)

// NewService ends the streams, which would last for ever, once stopping is done.
func NewService(stopping context.Context, agents *registry.Registry) *Service {
	return &Service{stopping: stopping, registry: agents}
}

// Limits are the options of the handler: no request has a reason to be larger than 4 MiB.
func Limits() connect.HandlerOption { return connect.WithReadMaxBytes(4 << 20) }

func (s *Service) ListAgents(
	_ context.Context, request *connect.Request[agentsv1.ListAgentsRequest],
) (*connect.Response[agentsv1.ListAgentsResponse], error) {
	page, err := s.registry.List(request.Msg)
	if err != nil {
		return nil, withCode(err)
	}
	return connect.NewResponse(page), nil
}

func (s *Service) GetAgent(
	_ context.Context, request *connect.Request[agentsv1.GetAgentRequest],
) (*connect.Response[agentsv1.GetAgentResponse], error) {
	agent, err := s.registry.Get(request.Msg.GetAgentId())
	if err != nil {
		return nil, withCode(err)
	}
	return connect.NewResponse(&agentsv1.GetAgentResponse{Agent: agent}), nil
}

func (s *Service) RegisterAgent(
	_ context.Context, request *connect.Request[agentsv1.RegisterAgentRequest],
) (*connect.Response[agentsv1.RegisterAgentResponse], error) {
	agent, err := s.registry.Register(request.Msg)
	if err != nil {
		return nil, withCode(err)
	}
	return connect.NewResponse(&agentsv1.RegisterAgentResponse{Agent: agent}), nil
}

// StreamAgentEvents lasts until the client goes away or the server stops.
func (s *Service) StreamAgentEvents(
	ctx context.Context,
	request *connect.Request[agentsv1.StreamAgentEventsRequest],
	stream *connect.ServerStream[agentsv1.StreamAgentEventsResponse],
) error {
	var since *time.Time
	if asked := request.Msg.GetSince(); asked != nil {
		if err := asked.CheckValid(); err != nil {
			return connect.NewError(connect.CodeInvalidArgument, errors.New("since: "+err.Error()))
		}
		start := asked.AsTime()
		since = &start
	}
	follower, err := s.registry.Follow(request.Msg.GetAgentId(), since)
	if err != nil {
		return withCode(err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.stopping, func() { cancel(errStopping) })()

	// Headers at once: the client learns that from here on it misses no event.
	if err := stream.Send(nil); err != nil {
		return err
	}
	for {
		event, err := follower.Next(ctx)
		if err != nil {
			return withCode(err)
		}
		if err := stream.Send(&agentsv1.StreamAgentEventsResponse{Event: event}); err != nil {
			return err
		}
	}
}

func withCode(err error) error {
	var (
		invalid  *registry.InvalidError
		notFound *registry.NotFoundError
	)
	switch {
	case errors.As(err, &invalid):
		return connect.NewError(connect.CodeInvalidArgument, err)
	case errors.As(err, &notFound):
		return connect.NewError(connect.CodeNotFound, err)
	case errors.Is(err, registry.ErrFellBehind):
		return connect.NewError(connect.CodeDataLoss, err)
	case errors.Is(err, errStopping):
		return connect.NewError(connect.CodeUnavailable, err)
	default:
		return err
	}
}
