package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client/ociindex"
)

// Named contexts, in the words of buildctl.
type contexts struct {
	options, locals, layouts []string
}

// Of `NAME=VALUE` each. A name that is an image's is found in FROM however it is spelled there.
func namedContexts(given []string) (found contexts, err error) {
	for index, each := range given {
		name, value, isPair := strings.Cut(each, "=")
		image, err := reference.ParseNormalizedNamed(name)
		if err != nil || !isPair {
			return found, fmt.Errorf("--build-context=%s: found no name of a stage or an image, expected NAME=VALUE", each)
		}
		name = strings.TrimSuffix(reference.FamiliarString(image), ":latest")
		// A name of its own, because `context` and `dockerfile` are taken.
		own := "named" + strconv.Itoa(index)
		layout, isLayout := strings.CutPrefix(value, "oci-layout://")
		address, err := url.Parse(value)
		switch {
		case isLayout:
			folder, digest, err := layoutImage(layout)
			if err != nil {
				return found, fmt.Errorf("--build-context=%s: %w", each, err)
			}
			found.layouts = append(found.layouts, own+"="+folder)
			value = "oci-layout://" + own + "@" + digest
		case err == nil && address.Scheme != "": // an image of a registry, a git repository
		default:
			folder, err := filepath.Abs(value)
			if err != nil {
				return found, err
			}
			if _, err := os.Stat(folder); err != nil {
				return found, fmt.Errorf("--build-context=%s: %w", each, err)
			}
			found.locals = append(found.locals, own+"="+folder)
			found.options = append(found.options, "sharedkey:localdir:"+name+"="+folder)
			value = "local:" + own
		}
		found.options = append(found.options, "context:"+name+"="+value)
	}
	return found, nil
}

// `FOLDER@DIGEST`, `FOLDER:TAG`, or `FOLDER` alone, in which is one image.
func layoutImage(layout string) (folder, digest string, err error) {
	if folder, digest, found := strings.Cut(layout, "@"); found {
		return folder, digest, nil
	}
	folder, tag := layout, ""
	if colon := strings.LastIndex(layout, ":"); colon > strings.LastIndex(layout, "/") {
		folder, tag = layout[:colon], layout[colon+1:]
	}
	index := ociindex.NewStoreIndex(folder)
	image, err := index.Get(tag)
	if err == nil && image == nil {
		image, err = index.GetSingle()
	}
	if err != nil || image == nil {
		return "", "", fmt.Errorf("found no image %s in %s (%v)", tag, folder, err)
	}
	return folder, image.Digest.String(), nil
}
