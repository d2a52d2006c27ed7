// Command smoke proves an installed ameide-sdk-go: it creates an element at a running graph service and reads it back.
//
// It is built in a module of its own that requires the packed SDK; here, inside the SDK, it has no version to prove.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"
	"uuid"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	ameide "github.com/ameideio/ameide-sdk-go"
	graphv1 "github.com/ameideio/ameide-sdk-go/proto/ameide_core_proto/graph/v1"
)

const modulePath = "github.com/ameideio/ameide-sdk-go"

func main() {
	line, err := prove()
	if err != nil {
		fmt.Fprintln(os.Stderr, "smoke:", err)
		os.Exit(1)
	}
	fmt.Println(line)
}

func prove() (string, error) {
	var missing []error
	url := require("NOX_RINGS_SMOKE_URL", &missing)
	grpcAddress := require("NOX_RINGS_SMOKE_GRPC", &missing)
	wanted := require("NOX_RINGS_SMOKE_VERSION", &missing)
	if err := errors.Join(missing...); err != nil {
		return "", err
	}
	if err := checkVersion(wanted); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()

	overConnect := ameide.NewClient(url)
	defer overConnect.Close()
	made, err := createElement(ctx, overConnect)
	if err != nil {
		return "", fmt.Errorf("CreateElement at %s: %w", url, err)
	}
	overGRPC := ameide.NewClient("http://"+grpcAddress, ameide.WithGRPC())
	defer overGRPC.Close()
	for address, client := range map[string]*ameide.AmeideClient{url: overConnect, grpcAddress: overGRPC} {
		answer, err := client.Graph.GetElement(ctx, connect.NewRequest(&graphv1.GetElementRequest{ElementId: made.GetId()}))
		if err != nil {
			return "", fmt.Errorf("GetElement at %s: %w", address, err)
		}
		if read := answer.Msg.GetElement(); !proto.Equal(read, made) {
			return "", fmt.Errorf("GetElement at %s: found %v, expected what CreateElement answered: %v", address, read, made)
		}
	}
	return fmt.Sprintf("graph.v1 CreateElement+GetElement ok (ameide-sdk-go %s)", wanted), nil
}

// createElement asks for a name nothing else has, and wants exactly that element back.
func createElement(ctx context.Context, client *ameide.AmeideClient) (*graphv1.Element, error) {
	asked := &graphv1.Element{
		Name:        "smoke " + uuid.New().String(),
		Kind:        graphv1.ElementKind_ELEMENT_KIND_APPLICATION,
		Description: "made by the smoke test of ameide-sdk-go",
	}
	answer, err := client.Graph.CreateElement(ctx, connect.NewRequest(&graphv1.CreateElementRequest{Element: asked}))
	if err != nil {
		return nil, err
	}
	made := answer.Msg.GetElement()
	if made.GetId() == "" || made.GetName() != asked.GetName() || made.GetKind() != asked.GetKind() ||
		made.GetDescription() != asked.GetDescription() {
		return nil, fmt.Errorf("found %v, expected %v with an id", made, asked)
	}
	return made, nil
}

func require(variable string, missing *[]error) string {
	value := os.Getenv(variable)
	if value == "" {
		*missing = append(*missing, fmt.Errorf("%s is not set", variable))
	}
	return value
}

// checkVersion reads from the program itself which SDK was linked into it.
func checkVersion(wanted string) error {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("the program has no build information")
	}
	for _, module := range build.Deps {
		if module.Path != modulePath {
			continue
		}
		if module.Replace != nil {
			return fmt.Errorf("%s: found it replaced by %s, expected the packed module", modulePath, module.Replace.Path)
		}
		if module.Version != wanted {
			return fmt.Errorf("%s: found version %s, expected %s", modulePath, module.Version, wanted)
		}
		return nil
	}
	return fmt.Errorf("%s: found no such dependency in the program, expected version %s", modulePath, wanted)
}
