package ameide

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const (
	workspace     = "../.."
	workspaceText = "sdk/manifest/ameide-client.json"
	ownText       = "packages/ameide_sdk_go/ameide-client.json"
)

// TestManifest holds what a client does by default to the manifest of the workspace, a case per key.
func TestManifest(t *testing.T) {
	if _, err := os.Stat(filepath.Join(workspace, "go.work")); err != nil {
		t.Skip("this module is not in its workspace, whose manifest it is compared with")
	}
	text, err := os.ReadFile(filepath.Join(workspace, workspaceText))
	if err != nil {
		t.Fatal(err)
	}
	hint := ""
	if !bytes.Equal(text, manifestText) {
		hint = fmt.Sprintf("; bring the copy up to date: cp %s %s", workspaceText, ownText)
		t.Run("copy", func(t *testing.T) { t.Errorf("%s differs from %s%s", ownText, workspaceText, hint) })
	}
	expected, copied := leaves(t, text), leaves(t, manifestText)
	for _, key := range slices.Sorted(maps.Keys(expected)) {
		t.Run(key, func(t *testing.T) {
			effective, looked := effectiveDefaults[key]
			if !looked {
				t.Fatalf("%s: found the key %s, at which no case here looks%s", workspaceText, key, hint)
			}
			wanted := normal(t, key, expected[key])
			for who, value := range map[string]any{"a client has": effective(t), ownText + " says": copied[key]} {
				if found := normal(t, key, value); !reflect.DeepEqual(found, wanted) {
					t.Errorf("%s: %s %v, %s says %v%s", key, who, found, workspaceText, wanted, hint)
				}
			}
		})
	}
	for key := range effectiveDefaults {
		if _, there := expected[key]; !there {
			t.Errorf("%s: found no key %s, at which a case here looks%s", workspaceText, key, hint)
		}
	}
}

// leaves are the values of a document by their path; lists are values.
func leaves(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatalf("%s: %v", workspaceText, err)
	}
	found := map[string]any{}
	var walk func(path string, object map[string]any)
	walk = func(path string, object map[string]any) {
		for key, value := range object {
			if inner, ok := value.(map[string]any); ok {
				walk(path+key+".", inner)
			} else {
				found[path+key] = value
			}
		}
	}
	walk("", document)
	return found
}

// normal is a value as JSON knows it. Of all lists, only that of the interceptors has an order that matters.
func normal(t *testing.T, key string, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var made any
	if err := json.Unmarshal(text, &made); err != nil {
		t.Fatal(err)
	}
	if list, ok := made.([]any); ok && key != "interceptors" {
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	return made
}

func TestTextThatIsNoManifestIsRefused(t *testing.T) {
	defer func() {
		if told := fmt.Sprint(recover()); !strings.Contains(told, `found the code "NO_SUCH_CODE"`) {
			t.Errorf("found %s, expected a panic that names the code", told)
		}
	}()
	mustParseManifest([]byte(`{"retry": {"retryableCodes": ["NO_SUCH_CODE"]}}`))
}

func TestPolicyOfOneClientIsNotThatOfTheNext(t *testing.T) {
	NewClient("", WithRetry(func(policy *RetryPolicy) { policy.RetryableCodes[0] = 0 }))
	if policy := newSettings(nil).retry; slices.Contains(policy.RetryableCodes, 0) {
		t.Errorf("found the codes %v, as another client was given them", policy.RetryableCodes)
	}
}
