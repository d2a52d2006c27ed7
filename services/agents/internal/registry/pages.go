package registry

import (
	"encoding/base64"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	commonv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/common/v1"
)

const defaultPageSize = 50

// List answers with one page of the agents in the asked states, in the order of their registration.
//
// Fails with *InvalidError, also for a page token that belongs to other states.
func (r *Registry) List(request *agentsv1.ListAgentsRequest) (*agentsv1.ListAgentsResponse, error) {
	if err := validateListing(request); err != nil {
		return nil, err
	}
	start, err := parsePageToken(request.GetPage().GetPageToken(), request.GetStates())
	if err != nil {
		return nil, err
	}
	size := int(request.GetPage().GetPageSize())
	if size == 0 {
		size = defaultPageSize
	}
	r.mutex.RLock()
	defer r.mutex.RUnlock()
	answer := &agentsv1.ListAgentsResponse{Page: &commonv1.PageResponse{}}
	total := int64(0)
	for position, each := range r.records {
		if len(request.GetStates()) > 0 && !slices.Contains(request.GetStates(), each.agent.GetState()) {
			continue
		}
		total++
		if position < start {
			continue
		}
		if len(answer.Agents) < size {
			answer.Agents = append(answer.Agents, proto.CloneOf(each.agent))
		} else if answer.Page.NextPageToken == "" {
			answer.Page.NextPageToken = renderPageToken(position, request.GetStates())
		}
	}
	answer.Page.TotalSize = &total
	return answer, nil
}

// A page token is the position in the order of registration, which no later registration moves, and the filter.
func renderPageToken(position int, states []agentsv1.AgentState) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", position, filterKey(states)))
}

func parsePageToken(token string, states []agentsv1.AgentState) (int, error) {
	if token == "" {
		return 0, nil
	}
	invalid := &InvalidError{Violations: []string{
		"page.page_token: found one that this listing did not give out, expected the next_page_token of its page before",
	}}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, invalid
	}
	var position int
	if _, err := fmt.Sscanf(string(text), "%d", &position); err != nil || position < 0 {
		return 0, invalid
	}
	if renderPageToken(position, states) != token {
		return 0, invalid
	}
	return position, nil
}

// filterKey is the same for the same set of states, in whatever order and however often they are named.
func filterKey(states []agentsv1.AgentState) string {
	sorted := slices.Compact(slices.Sorted(slices.Values(states)))
	return fmt.Sprint(sorted)
}
