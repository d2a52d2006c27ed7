package config

import (
	"strings"
	"testing"
	"time"
)

func load(values map[string]string) (Settings, error) {
	return Load(func(name string) string { return values[name] })
}

func TestOnlyTheUpstreamMustBeSet(t *testing.T) {
	found, err := load(map[string]string{"INFERENCE_UPSTREAM_URL": "http://inference:9000"})
	wanted := Settings{UpstreamURL: "http://inference:9000", UpstreamTimeout: 2 * time.Minute, CallsPerSecond: 20, Burst: 40}
	if err != nil || found != wanted {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestEveryVariableIsRead(t *testing.T) {
	found, err := load(map[string]string{
		"INFERENCE_UPSTREAM_URL":     "https://inference.example.com",
		"INFERENCE_UPSTREAM_TIMEOUT": "90s",
		"INFERENCE_GATEWAY_TOKEN":    "secret",
		"INFERENCE_GATEWAY_RATE":     "0.5",
		"INFERENCE_GATEWAY_BURST":    "3",
	})
	wanted := Settings{
		UpstreamURL:     "https://inference.example.com",
		UpstreamTimeout: 90 * time.Second,
		Token:           "secret",
		CallsPerSecond:  0.5,
		Burst:           3,
	}
	if err != nil || found != wanted {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestEveryWrongVariableIsNamedAtOnce(t *testing.T) {
	_, err := load(map[string]string{
		"INFERENCE_UPSTREAM_TIMEOUT": "-1s",
		"INFERENCE_GATEWAY_RATE":     "NaN",
		"INFERENCE_GATEWAY_BURST":    "0",
	})
	if err == nil {
		t.Fatal("found no error")
	}
	for _, wanted := range []string{
		"INFERENCE_UPSTREAM_URL is not set",
		`INFERENCE_UPSTREAM_TIMEOUT: found "-1s"`,
		`INFERENCE_GATEWAY_RATE: found "NaN"`,
		`INFERENCE_GATEWAY_BURST: found "0"`,
	} {
		if !strings.Contains(err.Error(), wanted) {
			t.Errorf("found %q, expected it to say %s", err, wanted)
		}
	}
}

func TestUpstreamMustBeAnAddress(t *testing.T) {
	for _, text := range []string{"inference:9000", "ftp://inference", "http://", "http://user:pass@inference:9000", "::"} {
		if _, err := load(map[string]string{"INFERENCE_UPSTREAM_URL": text}); err == nil {
			t.Errorf("%q was taken for an address", text)
		}
	}
}
