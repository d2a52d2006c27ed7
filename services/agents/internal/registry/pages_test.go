package registry

import (
	"errors"
	"slices"
	"strings"
	"testing"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
	commonv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/common/v1"
)

func list(t *testing.T, agents *Registry, size int32, token string, states ...agentsv1.AgentState) ([]string, *commonv1.PageResponse) {
	t.Helper()
	answer, err := agents.List(&agentsv1.ListAgentsRequest{
		Page:   &commonv1.PageRequest{PageSize: size, PageToken: token},
		States: states,
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, agent := range answer.GetAgents() {
		names = append(names, agent.GetName())
	}
	return names, answer.GetPage()
}

func fiveAgents(t *testing.T) *Registry {
	agents := New()
	for index, name := range []string{"a", "b", "c", "d", "e"} {
		register(t, agents, name, []agentsv1.AgentState{active, registered}[index%2], "")
	}
	return agents
}

func TestPagesFollowOneAnotherInOrderOfRegistration(t *testing.T) {
	agents := fiveAgents(t)
	first, page := list(t, agents, 2, "")
	if !slices.Equal(first, []string{"a", "b"}) || page.GetTotalSize() != 5 {
		t.Errorf("first page: %q of %d", first, page.GetTotalSize())
	}
	register(t, agents, "f", active, "")
	second, page := list(t, agents, 2, page.GetNextPageToken())
	if !slices.Equal(second, []string{"c", "d"}) {
		t.Errorf("second page: %q", second)
	}
	last, page := list(t, agents, 2, page.GetNextPageToken())
	if !slices.Equal(last, []string{"e", "f"}) || page.GetNextPageToken() != "" || page.GetTotalSize() != 6 {
		t.Errorf("last page: %q, then %q, of %d", last, page.GetNextPageToken(), page.GetTotalSize())
	}
}

func TestStatesFilterPagesAndTheirSize(t *testing.T) {
	agents := fiveAgents(t)
	first, page := list(t, agents, 2, "", active)
	if !slices.Equal(first, []string{"a", "c"}) || page.GetTotalSize() != 3 {
		t.Errorf("first page: %q of %d", first, page.GetTotalSize())
	}
	last, page := list(t, agents, 2, page.GetNextPageToken(), active)
	if !slices.Equal(last, []string{"e"}) || page.GetNextPageToken() != "" {
		t.Errorf("last page: %q, then %q", last, page.GetNextPageToken())
	}
	if none, _ := list(t, agents, 2, "", suspended); len(none) != 0 {
		t.Errorf("suspended: %q", none)
	}
	both, _ := list(t, agents, 0, "", registered, active)
	if !slices.Equal(both, []string{"a", "b", "c", "d", "e"}) {
		t.Errorf("both states: %q", both)
	}
}

func TestListingRefusesWhatItCannotMean(t *testing.T) {
	agents := fiveAgents(t)
	_, page := list(t, agents, 2, "", active)
	for name, request := range map[string]*agentsv1.ListAgentsRequest{
		"page.page_size: found -1":   {Page: &commonv1.PageRequest{PageSize: -1}},
		"page.page_size: found 1001": {Page: &commonv1.PageRequest{PageSize: 1001}},
		"page.page_token: found one": {Page: &commonv1.PageRequest{PageToken: "nonsense"}},
		"states[0]: found 99":        {States: []agentsv1.AgentState{99}},
		"page.page_token: found one that this listing did not give out": {
			Page:   &commonv1.PageRequest{PageToken: page.GetNextPageToken()},
			States: []agentsv1.AgentState{registered},
		},
	} {
		_, err := agents.List(request)
		var invalid *InvalidError
		if !errors.As(err, &invalid) || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("found %v, expected %s…", err, name)
		}
	}
}
