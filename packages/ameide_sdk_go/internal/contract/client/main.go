// Command client runs the scenarios of sdk/contract/scenarios.json with the Go SDK, and tells what came out.
//
//	client go-connect http://127.0.0.1:PORT < sdk/contract/scenarios.json
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"sync"

	ameide "github.com/ameideio/ameide-sdk-go"
)

// protocols are the names under which this runner goes, with what makes the client speak as they say.
var protocols = map[string][]ameide.Option{
	"go-connect": nil,
	"go-grpc":    {ameide.WithGRPC()},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: client NAME URL < SCENARIOS")
	}
	if err := run(os.Args[1], os.Args[2], os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run plays all scenarios at once.
func run(name, url string, input io.Reader, output io.Writer) error {
	protocol, known := protocols[name]
	if !known {
		return fmt.Errorf("found the runner %q, expected go-connect or go-grpc", name)
	}
	read, err := readTable(input)
	if err != nil {
		return err
	}
	player := &player{name: name, url: url, protocol: protocol, table: read, recorded: recordSpans()}
	results := make([]result, len(read.Scenarios))
	var playing sync.WaitGroup
	for i, each := range read.Scenarios {
		playing.Go(func() { results[i] = player.play(each) })
	}
	playing.Wait()
	byName := map[string]result{}
	for i, each := range read.Scenarios {
		byName[each.Name] = results[i]
	}
	return json.NewEncoder(output).Encode(byName)
}
