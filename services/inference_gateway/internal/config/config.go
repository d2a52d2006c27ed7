// Package config reads the gateway's settings from the environment.
package config

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"time"
)

// Settings of a gateway. An empty Token lets every caller in.
type Settings struct {
	UpstreamURL     string
	UpstreamTimeout time.Duration
	Token           string
	CallsPerSecond  float64
	Burst           int
}

const (
	defaultUpstreamTimeout = 2 * time.Minute
	defaultCallsPerSecond  = 20
	defaultBurst           = 40
)

// Load names every variable that is wrong, not only the first.
func Load(getenv func(string) string) (Settings, error) {
	settings := Settings{
		UpstreamURL:     getenv("INFERENCE_UPSTREAM_URL"),
		UpstreamTimeout: defaultUpstreamTimeout,
		Token:           getenv("INFERENCE_GATEWAY_TOKEN"),
		CallsPerSecond:  defaultCallsPerSecond,
		Burst:           defaultBurst,
	}
	problems := []error{checkURL("INFERENCE_UPSTREAM_URL", settings.UpstreamURL)}
	if text := getenv("INFERENCE_UPSTREAM_TIMEOUT"); text != "" {
		timeout, err := time.ParseDuration(text)
		if err != nil || timeout <= 0 {
			problems = append(problems, fmt.Errorf("INFERENCE_UPSTREAM_TIMEOUT: found %q, expected a duration such as 90s", text))
		}
		settings.UpstreamTimeout = timeout
	}
	if text := getenv("INFERENCE_GATEWAY_RATE"); text != "" {
		rate, err := strconv.ParseFloat(text, 64)
		if err != nil || !(rate > 0) || math.IsInf(rate, 0) {
			problems = append(problems, fmt.Errorf("INFERENCE_GATEWAY_RATE: found %q, expected calls per second above 0", text))
		}
		settings.CallsPerSecond = rate
	}
	if text := getenv("INFERENCE_GATEWAY_BURST"); text != "" {
		burst, err := strconv.Atoi(text)
		if err != nil || burst < 1 {
			problems = append(problems, fmt.Errorf("INFERENCE_GATEWAY_BURST: found %q, expected a number of calls from 1", text))
		}
		settings.Burst = burst
	}
	if err := errors.Join(problems...); err != nil {
		return Settings{}, err
	}
	return settings, nil
}

func checkURL(variable, text string) error {
	if text == "" {
		return fmt.Errorf("%s is not set, expected the address of the inference service such as http://inference:9000", variable)
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || parsed.User != nil {
		return fmt.Errorf("%s: found %q, expected an address such as http://inference:9000", variable, text)
	}
	return nil
}
