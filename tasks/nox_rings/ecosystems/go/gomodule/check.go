package main

import (
	archive "archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// problem is about a member of the archive, or about all of it where Path is empty.
type problem struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// member is a file of an archive, as a file that a module zip would be made of.
type member struct {
	path string
	file *archive.File
}

func (m member) Path() string                 { return m.path }
func (m member) Lstat() (os.FileInfo, error)  { return m.file.FileInfo(), nil }
func (m member) Open() (io.ReadCloser, error) { return m.file.Open() }

// check prints what is wrong with a module zip. zip.CheckZip reports what the go command refuses; zip.CheckFiles what
// the go command leaves out of a zip of the same files, which changes the checksum: links, vendored packages, other
// modules.
func check(path, version, name string) error {
	opened, err := archive.OpenReader(name)
	if err != nil {
		return err
	}
	defer opened.Close()
	found := newProblems()
	refused, err := zip.CheckZip(module.Version{Path: path, Version: version}, name)
	found.add("", refused, err)
	prefix := fmt.Sprintf("%s@%s/", path, version)
	var files []zip.File
	for _, each := range opened.File {
		if inside, ok := strings.CutPrefix(each.Name, prefix); ok && inside != "" && !strings.HasSuffix(inside, "/") {
			files = append(files, member{path: inside, file: each})
		}
	}
	packed, err := zip.CheckFiles(files)
	found.add(prefix, packed, err)
	return json.NewEncoder(os.Stdout).Encode(found.listed)
}

type problems struct {
	listed []problem
	known  map[string]bool
}

func newProblems() *problems {
	return &problems{listed: []problem{}, known: map[string]bool{}}
}

// add keeps the first problem of each path; err is a problem of the whole archive where the files have none.
func (p *problems) add(prefix string, checked zip.CheckedFiles, err error) {
	for _, each := range append(checked.Invalid, checked.Omitted...) {
		p.one(prefix+each.Path, each.Err)
	}
	if checked.SizeError != nil {
		p.one("", checked.SizeError)
	} else if err != nil && checked.Err() == nil {
		p.one("", err)
	}
}

func (p *problems) one(path string, err error) {
	if !p.known[path] {
		p.known[path] = true
		p.listed = append(p.listed, problem{Path: path, Message: err.Error()})
	}
}
