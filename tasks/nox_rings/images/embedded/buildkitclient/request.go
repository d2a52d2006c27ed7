package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker/cli/cli/config"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/cmd/buildctl/build"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/auth/authprovider"
)

// The output that leaves the result in BuildKit's cache; to BuildKit it is no output at all.
const cacheOnly = "type=cacheonly"

// An option that may be given several times.
type values []string

func (v *values) String() string { return strings.Join(*v, " ") }

func (v *values) Set(value string) error {
	*v = append(*v, value)
	return nil
}

type options struct {
	file, stage, platforms                        string
	noCache                                       bool
	arguments, labels, contexts, secrets, outputs values
}

func newOptions(flags *flag.FlagSet) *options {
	var found options
	flags.StringVar(&found.file, "file", "", "the `Dockerfile`")
	flags.StringVar(&found.stage, "target", "", "the `stage` to build")
	flags.StringVar(&found.platforms, "platform", "", "`os/architecture,…`")
	flags.BoolVar(&found.noCache, "no-cache", false, "build every step")
	flags.Var(&found.arguments, "build-arg", "`name=value`")
	flags.Var(&found.labels, "label", "`name=value`")
	flags.Var(&found.contexts, "build-context", "`name=folder`, name=oci-layout://folder@digest, name=docker-image://ref")
	flags.Var(&found.secrets, "secret", "`id=name,env=variable` or id=name,src=file")
	flags.Var(&found.outputs, "output", "`type=oci,tar=false,dest=folder` and the like")
	return &found
}

// What to ask of BuildKit. An empty `folder` is an error.
func (o *options) request(folder, address string) (request client.SolveOpt, err error) {
	if folder == "" || o.file == "" {
		return request, errors.New("found no build context or no --file, expected: buildkitclient --file=F … FOLDER")
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return request, err
	}
	asked := []string{"filename=" + filepath.Base(o.file)}
	for name, value := range map[string]string{"target": o.stage, "platform": o.platforms} {
		if value != "" {
			asked = append(asked, name+"="+value)
		}
	}
	if o.noCache {
		asked = append(asked, "no-cache=")
	}
	asked = append(asked, prefixed("build-arg:", o.arguments)...)
	asked = append(asked, prefixed("label:", o.labels)...)
	locals := []string{"context=" + folder, "dockerfile=" + filepath.Dir(o.file)}
	named, err := namedContexts(o.contexts)
	if err != nil {
		return request, err
	}
	request.Frontend, request.SharedKey = "dockerfile.v0", folder
	if request.FrontendAttrs, err = build.ParseOpt(append(asked, named.options...)); err != nil {
		return request, err
	}
	if request.LocalMounts, err = build.ParseLocal(append(locals, named.locals...)); err != nil {
		return request, err
	}
	if request.OCIStores, err = build.ParseOCILayout(named.layouts); err != nil {
		return request, err
	}
	outputs := slices.DeleteFunc(slices.Clone(o.outputs), func(each string) bool { return each == cacheOnly })
	if request.Exports, err = build.ParseOutput(outputs); err != nil {
		return request, err
	}
	request.Session, err = o.attachables(request.FrontendAttrs, address)
	return request, err
}

// The secrets, and what is where the docker command keeps it: credentials for registries, and proxies for RUN steps, which
// become build arguments.
func (o *options) attachables(attributes map[string]string, address string) ([]session.Attachable, error) {
	settings := config.LoadDefaultConfigFile(os.Stderr)
	for name, value := range settings.ParseProxyConfig(address, nil) {
		if _, given := attributes["build-arg:"+name]; !given && value != nil {
			attributes["build-arg:"+name] = *value
		}
	}
	secrets, err := build.ParseSecret(o.secrets)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	credentials := authprovider.DockerAuthProviderConfig{AuthConfigProvider: authprovider.LoadAuthConfig(settings)}
	return []session.Attachable{authprovider.NewDockerAuthProvider(credentials), secrets}, nil
}

func prefixed(prefix string, given []string) (found []string) {
	for _, each := range given {
		found = append(found, prefix+each)
	}
	return found
}
