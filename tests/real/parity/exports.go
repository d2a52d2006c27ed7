// Command parity prints what the names of the Go SDK's public surface stand for, as one JSON object.
//
// A second file, which the test writes from the schema, uses every name there should be: it does not compile where one
// is missing. What is printed comes from the types behind the names.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// service is what there is of one service, for gRPC and for Connect.
type service struct {
	register      func(grpc.ServiceRegistrar)
	methods       []string
	client        any
	connectName   string
	procedures    []string
	connectClient any
	handlerPath   string
}

func pathOf(path string, _ http.Handler) string { return path }

func main() {
	exported := map[string]any{"messages": names(messages), "enums": numbers(enums), "services": methods(services)}
	if err := json.NewEncoder(os.Stdout).Encode(exported); err != nil {
		log.Fatal(err)
	}
}

func names(messages []proto.Message) (found []protoreflect.FullName) {
	for _, message := range messages {
		found = append(found, message.ProtoReflect().Descriptor().FullName())
	}
	return found
}

func numbers(enums []protoreflect.Enum) map[protoreflect.FullName]map[protoreflect.Name]int32 {
	found := map[protoreflect.FullName]map[protoreflect.Name]int32{}
	for _, enum := range enums {
		kind, number := enum.Descriptor(), enum.Number()
		if found[kind.FullName()] == nil {
			found[kind.FullName()] = map[protoreflect.Name]int32{}
		}
		found[kind.FullName()][kind.Values().ByNumber(number).Name()] = int32(number)
	}
	return found
}

// methods tells of each method that a server answers whether it streams. Everything else must name the same ones.
func methods(services []service) map[string]map[string]bool {
	server := grpc.NewServer()
	for _, each := range services {
		each.register(server)
	}
	found := map[string]map[string]bool{}
	for name, info := range server.GetServiceInfo() {
		found[name] = map[string]bool{}
		for _, method := range info.Methods {
			found[name][method.Name] = method.IsClientStream || method.IsServerStream
		}
	}
	for _, each := range services {
		if each.client == nil || each.connectClient == nil || each.handlerPath != "/"+each.connectName+"/" {
			log.Fatalf("%s: found clients %v and %v, and its handler at %s", each.connectName, each.client,
				each.connectClient, each.handlerPath)
		}
		for _, path := range append(each.methods, each.procedures...) {
			method := strings.TrimPrefix(path, each.handlerPath)
			if _, ok := found[each.connectName][method]; !ok {
				log.Fatalf("%s: found no method %s in %v", each.connectName, path, found)
			}
		}
	}
	return found
}
