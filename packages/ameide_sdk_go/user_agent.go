package ameide

import (
	"net/http"
	"runtime/debug"

	"connectrpc.com/connect"
)

const (
	sdkName    = "ameide-sdk-go"
	modulePath = "github.com/ameideio/ameide-sdk-go"
)

// withUserAgent puts the SDK before the libraries that send for it.
type withUserAgent struct {
	next      connect.HTTPClient
	userAgent string
}

func (w withUserAgent) Do(request *http.Request) (*http.Response, error) {
	request.Header.Set("User-Agent", w.userAgent+" "+request.Header.Get("User-Agent"))
	return w.next.Do(request)
}

// userAgent tells servers which version of the SDK the program was built with.
func userAgent() string {
	if version := sdkVersion(); version != "" {
		return sdkName + "/" + version
	}
	return sdkName
}

// sdkVersion is empty where the program and the SDK are one module.
func sdkVersion() string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == modulePath {
				return module.Version
			}
		}
	}
	return ""
}
