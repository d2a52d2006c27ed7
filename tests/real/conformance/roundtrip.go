// Command conformance reads messages with the Go SDK and writes them again, as roundtrip.py describes.
//
// The packages of the SDK are imported by a second file, which the test writes from the schema.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

type task struct {
	Type   protoreflect.FullName `json:"type"`
	Binary []byte                `json:"binary"`
	JSON   *string               `json:"json"`
}

type answer struct {
	Binary *[]byte `json:"binary,omitempty"`
	JSON   *string `json:"json,omitempty"`
	Error  string  `json:"error,omitempty"`
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var next task
		if err := in.Decode(&next); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		if err := out.Encode(roundTrip(next)); err != nil {
			log.Fatal(err)
		}
	}
}

func roundTrip(from task) (to answer) {
	message, err := read(from)
	if err != nil {
		return answer{Error: err.Error()}
	}
	binary, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	if err != nil {
		return answer{Error: err.Error()}
	}
	if binary == nil {
		binary = []byte{} // an empty message, which JSON would call null
	}
	text, err := protojson.Marshal(message)
	if err != nil {
		return answer{Binary: &binary, Error: err.Error()}
	}
	written := string(text)
	return answer{Binary: &binary, JSON: &written}
}

func read(from task) (proto.Message, error) {
	kind, err := protoregistry.GlobalTypes.FindMessageByName(from.Type)
	if err != nil {
		return nil, err
	}
	message := kind.New().Interface()
	if from.JSON != nil {
		return message, protojson.Unmarshal([]byte(*from.JSON), message)
	}
	return message, proto.Unmarshal(from.Binary, message)
}
