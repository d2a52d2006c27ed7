package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
)

func TestRunTellsItsPortAndEndsWithItsInput(t *testing.T) {
	input, end := io.Pipe()
	output, out := io.Pipe()
	ended := make(chan error, 1)
	path := write(t, scenarios)
	go func() { ended <- run(path, input, out) }()
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var told struct{ Port int }
	if err := json.Unmarshal(line, &told); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/contract/seen?runner=a&scenario=b", told.Port))
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("found %v, %v", answer, err)
	}
	end.Close()
	if err := <-ended; err != nil {
		t.Errorf("found %v, expected an end without an error", err)
	}
}
