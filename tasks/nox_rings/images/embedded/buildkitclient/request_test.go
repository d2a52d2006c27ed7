package main

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/docker/cli/cli/config"
)

func asked(t *testing.T, arguments ...string) (map[string]string, []string, []string) {
	t.Helper()
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	options := newOptions(flags)
	if err := flags.Parse(arguments); err != nil {
		t.Fatal(err)
	}
	request, err := options.request(flags.Arg(0), "unix:///sock")
	if err != nil {
		t.Fatal(err)
	}
	return request.FrontendAttrs, slices.Sorted(maps.Keys(request.LocalMounts)), slices.Sorted(maps.Keys(request.OCIStores))
}

func TestAllThatDecidesAnImageIsAskedFor(t *testing.T) {
	folder, layout := t.TempDir(), t.TempDir()
	config.SetDir(t.TempDir())
	attributes, locals, layouts := asked(t,
		"--file="+folder+"/Some.Dockerfile", "--target=final", "--platform=linux/amd64,linux/arm64", "--no-cache",
		"--build-arg=A=1=2", "--label=l=x", "--output=type=cacheonly",
		"--build-context=docker.io/library/node:24=oci-layout://"+layout+"@sha256:11", "--build-context=context="+folder,
		"--build-context=tool=docker-image://example.test/tool:1", folder)
	want := map[string]string{
		"filename": "Some.Dockerfile", "target": "final", "platform": "linux/amd64,linux/arm64", "no-cache": "",
		"build-arg:A": "1=2", "label:l": "x", "context:node:24": "oci-layout://named0@sha256:11",
		"context:context": "local:named1", "sharedkey:localdir:context": folder,
		"context:tool": "docker-image://example.test/tool:1",
	}
	if !maps.Equal(attributes, want) {
		t.Errorf("found %v, expected %v", attributes, want)
	}
	if want := []string{"context", "dockerfile", "named1"}; !slices.Equal(locals, want) {
		t.Errorf("found folders %v, expected %v", locals, want)
	}
	if want := []string{"named0"}; !slices.Equal(layouts, want) {
		t.Errorf("found layouts %v, expected %v", layouts, want)
	}
}

func TestProxiesComeFromTheDockerCommandUnlessTheyAreGiven(t *testing.T) {
	home := t.TempDir()
	config.SetDir(home)
	proxies := `{"proxies": {"default": {"httpProxy": "http://a.test", "noProxy": "b.test"}}}`
	if err := os.WriteFile(filepath.Join(home, "config.json"), []byte(proxies), 0o600); err != nil {
		t.Fatal(err)
	}
	attributes, _, _ := asked(t, "--file="+home+"/Dockerfile", "--build-arg=NO_PROXY=c.test", home)
	found := [2]string{attributes["build-arg:HTTP_PROXY"], attributes["build-arg:NO_PROXY"]}
	if want := [2]string{"http://a.test", "c.test"}; found != want {
		t.Errorf("found %v, expected %v", found, want)
	}
}

func TestAnImageOfALayoutIsFoundByItsTagOrBecauseItIsAlone(t *testing.T) {
	folder := t.TempDir()
	index := `{"schemaVersion": 2, "manifests": [
		{"digest": "sha256:aa", "annotations": {"org.opencontainers.image.ref.name": "one"}},
		{"digest": "sha256:bb", "annotations": {"org.opencontainers.image.ref.name": "two"}}]}`
	if err := os.WriteFile(filepath.Join(folder, "index.json"), []byte(index), 0o600); err != nil {
		t.Fatal(err)
	}
	for layout, want := range map[string]string{folder + ":two": "sha256:bb", folder + "@sha256:cc": "sha256:cc"} {
		if at, digest, err := layoutImage(layout); at != folder || digest != want || err != nil {
			t.Errorf("%s: found %s %s %v, expected %s", layout, at, digest, err, want)
		}
	}
	if _, _, err := layoutImage(folder + ":three"); err == nil {
		t.Error("found an image by a tag that is not there")
	}
}
