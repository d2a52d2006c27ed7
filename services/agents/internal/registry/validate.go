package registry

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
	"uuid"

	agentsv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/agents/v1"
)

// The bounds are those of the schema's buf.validate options.
const (
	maxName       = 128
	maxTools      = 128
	maxLabels     = 64
	maxLabelKey   = 63
	maxLabelValue = 256
	maxPageSize   = 1000
	maxPageToken  = 1024
)

var toolName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// InvalidError lists everything wrong with a request: field, what was found, what was expected.
type InvalidError struct{ Violations []string }

func (e *InvalidError) Error() string { return strings.Join(e.Violations, "; ") }

// violations collects; its zero value is an empty list.
type violations []string

func (v *violations) check(holds bool, format string, values ...any) {
	if !holds {
		*v = append(*v, fmt.Sprintf(format, values...))
	}
}

func (v *violations) length(field, text string, least, most int) {
	count := utf8.RuneCountInString(text)
	v.check(least <= count && count <= most, "%s: found %d characters, expected %d to %d", field, count, least, most)
}

func (v *violations) err() error {
	if len(*v) == 0 {
		return nil
	}
	return &InvalidError{Violations: *v}
}

func validateRegistration(request *agentsv1.RegisterAgentRequest) error {
	var found violations
	if id := request.GetRequestId(); id != "" {
		_, err := uuid.Parse(id)
		found.check(err == nil && len(id) == 36, "request_id: found %q, expected a UUID", id)
	}
	if request.GetAgent() == nil {
		found.check(false, "agent: found none, expected the agent to register")
		return found.err()
	}
	found.agent(request.GetAgent())
	return found.err()
}

func (v *violations) agent(agent *agentsv1.Agent) {
	v.length("agent.name", agent.GetName(), 1, maxName)
	v.check(agent.GetModel() != "", "agent.model: found none, expected the name of a model")
	switch agent.GetState() {
	case agentsv1.AgentState_AGENT_STATE_UNSPECIFIED,
		agentsv1.AgentState_AGENT_STATE_REGISTERED,
		agentsv1.AgentState_AGENT_STATE_ACTIVE:
	default:
		v.check(false, "agent.state: found %s, expected a new agent to be registered or active", agent.GetState())
	}
	v.check(len(agent.GetTools()) <= maxTools, "agent.tools: found %d, expected at most %d", len(agent.GetTools()), maxTools)
	for index, tool := range agent.GetTools() {
		v.check(toolName.MatchString(tool.GetName()),
			"agent.tools[%d].name: found %q, expected it to match %s", index, tool.GetName(), toolName)
	}
	if timeout := agent.GetRunTimeout(); timeout != nil {
		v.check(timeout.CheckValid() == nil && timeout.AsDuration() > 0,
			"agent.run_timeout: found %s, expected more than nothing", timeout.AsDuration())
	}
	v.labels(agent.GetMetadata().GetLabels())
}

func (v *violations) labels(labels map[string]string) {
	v.check(len(labels) <= maxLabels, "agent.metadata.labels: found %d, expected at most %d", len(labels), maxLabels)
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		v.length(fmt.Sprintf("agent.metadata.labels: key %q", key), key, 1, maxLabelKey)
		v.length(fmt.Sprintf("agent.metadata.labels[%q]", key), labels[key], 0, maxLabelValue)
	}
}

func validateListing(request *agentsv1.ListAgentsRequest) error {
	var found violations
	size := request.GetPage().GetPageSize()
	found.check(0 <= size && size <= maxPageSize, "page.page_size: found %d, expected 0 to %d", size, maxPageSize)
	found.length("page.page_token", request.GetPage().GetPageToken(), 0, maxPageToken)
	for index, state := range request.GetStates() {
		_, defined := agentsv1.AgentState_name[int32(state)]
		found.check(defined, "states[%d]: found %d, expected a defined state", index, state)
	}
	return found.err()
}
