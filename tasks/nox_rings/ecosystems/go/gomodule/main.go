// Gomodule packs and checks Go modules by the rules that the go command has: those of golang.org/x/mod.
//
//	gomodule pack PATH VERSION TIME DIR PROXY   write DIR as PATH@VERSION into the module proxy tree PROXY
//	gomodule check PATH VERSION ZIP             print what is wrong with a module zip, as JSON
package main

import (
	"errors"
	"fmt"
	"os"
)

const usage = "usage: gomodule pack PATH VERSION TIME DIR PROXY | gomodule check PATH VERSION ZIP"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 6 && args[0] == "pack":
		return pack(args[1], args[2], args[3], args[4], args[5])
	case len(args) == 4 && args[0] == "check":
		return check(args[1], args[2], args[3])
	}
	return errors.New(usage)
}
