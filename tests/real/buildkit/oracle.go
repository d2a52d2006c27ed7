// What BuildKit makes of Dockerfiles and of the patterns of a .dockerignore: requests as a JSON array on standard input,
// an answer for each on standard output. Built with the pinned modules of tools/go/images.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"

	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	digest "github.com/opencontainers/go-digest"
)

type request struct {
	Dockerfile []byte
	Ignorefile []byte
	Patterns   []string
	Paths      []string
}

type instruction struct {
	Line     int      `json:"line"`
	Verb     string   `json:"verb"`
	Flags    []string `json:"flags"`
	Words    []string `json:"words"`
	Heredocs []string `json:"heredocs"`
}

type answer struct {
	Error        string        `json:"error"`
	Line         int           `json:"line"`
	Instructions []instruction `json:"instructions"`
	Bases        []string      `json:"bases"`
	Copies       []string      `json:"copies"`
	Patterns     []string      `json:"patterns"`
	Ignored      []bool        `json:"ignored"`
}

// resolver stands for a registry: every image is there and sets no variable.
type resolver struct {
	lock  sync.Mutex
	names map[string]struct{}
}

func (r *resolver) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.names[ref] = struct{}{}
	return ref, digest.FromString(ref), []byte("{}"), nil
}

func failed(err error) answer {
	found := answer{Error: err.Error()}
	var located *parser.LocationError
	if errors.As(err, &located) && len(located.Locations) > 0 && len(located.Locations[0]) > 0 {
		found.Line = located.Locations[0][0].Start.Line
	}
	return found
}

func words(node *parser.Node) []string {
	found := []string{}
	for ; node.Next != nil; node = node.Next {
		if len(node.Next.Children) == 1 {
			found = append(found, node.Next.Children[0].Value)
			found = append(found, words(node.Next.Children[0])...)
		} else {
			found = append(found, node.Next.Value)
		}
	}
	return found
}

func read(text []byte) answer {
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return failed(err)
	}
	found := answer{}
	for _, node := range parsed.AST.Children {
		heredocs := []string{}
		for _, each := range node.Heredocs {
			heredocs = append(heredocs, each.Name)
		}
		flags := append([]string{}, node.Flags...)
		found.Instructions = append(found.Instructions, instruction{
			Line: node.StartLine, Verb: strings.ToUpper(node.Value), Flags: flags, Words: words(node), Heredocs: heredocs,
		})
	}
	registry := &resolver{names: map[string]struct{}{}}
	options := dockerfile2llb.ConvertOpt{MetaResolver: registry}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	whole := text
	if len(stages) > 0 {
		// A last stage that needs all others and the context, so that the result names what all take from it.
		var all strings.Builder
		all.Write(bytes.TrimRight(text, " \t\r\n"+string(parsed.EscapeToken)))
		all.WriteString("\nFROM scratch\nCOPY nox-marker /\n")
		for index := range stages {
			fmt.Fprintf(&all, "COPY --from=%d / /%d\n", index, index)
		}
		whole = []byte(all.String())
	}
	var result *dockerfile2llb.Result
	if err == nil {
		result, err = dockerfile2llb.Dockerfile2LLB(context.Background(), whole, options)
	}
	if err != nil {
		failure := failed(err)
		failure.Instructions = found.Instructions
		return failure
	}
	for name := range registry.names {
		found.Bases = append(found.Bases, name)
	}
	sort.Strings(found.Bases)
	definition, err := result.State.Marshal(context.Background())
	if err != nil {
		return failed(err)
	}
	for _, encoded := range definition.Def {
		var op pb.Op
		if err := op.Unmarshal(encoded); err != nil {
			return failed(err)
		}
		source := op.GetSource()
		if source == nil || source.Identifier != "local://context" {
			continue
		}
		if paths, ok := source.Attrs["local.followpaths"]; !ok {
			found.Copies = []string{"."}
		} else if err := json.Unmarshal([]byte(paths), &found.Copies); err != nil {
			return failed(err)
		}
	}
	return found
}

func matched(patterns, paths []string) answer {
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return failed(err)
	}
	found := answer{}
	for _, path := range paths {
		// From folder to folder, as the walk of a build context does (tonistiigi/fsutil, filter.go).
		var above patternmatcher.MatchInfo
		ignored := false
		for end := 0; end < len(path); {
			if next := strings.IndexByte(path[end+1:], '/'); next < 0 {
				end = len(path)
			} else {
				end += next + 1
			}
			ignored, above, err = matcher.MatchesUsingParentResults(path[:end], above)
			if err != nil {
				return failed(err)
			}
		}
		found.Ignored = append(found.Ignored, ignored)
	}
	return found
}

func main() {
	var requests []request
	if err := json.NewDecoder(os.Stdin).Decode(&requests); err != nil {
		panic(err)
	}
	answers := []answer{}
	for _, each := range requests {
		switch {
		case each.Dockerfile != nil:
			answers = append(answers, read(each.Dockerfile))
		case each.Ignorefile != nil:
			patterns, err := ignorefile.ReadAll(bytes.NewReader(each.Ignorefile))
			if err != nil {
				answers = append(answers, failed(err))
			} else {
				answers = append(answers, answer{Patterns: patterns})
			}
		default:
			answers = append(answers, matched(each.Patterns, each.Paths))
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
