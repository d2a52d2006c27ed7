package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// pack writes what a module proxy serves of one version (https://go.dev/ref/mod#goproxy-protocol). It refuses a module
// with a replace directive, which has no effect for programs that require the module.
func pack(path, version, time, dir, proxy string) error {
	manifest, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	parsed, err := modfile.Parse("go.mod", manifest, nil)
	if err != nil {
		return err
	}
	if len(parsed.Replace) > 0 {
		return fmt.Errorf("go.mod: found replace %s, expected none in a module to publish", parsed.Replace[0].Old.Path)
	}
	escaped, err := module.EscapePath(path)
	if err != nil {
		return err
	}
	folder := filepath.Join(proxy, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	if err := writeZip(filepath.Join(folder, version+".zip"), module.Version{Path: path, Version: version}, dir); err != nil {
		return err
	}
	info, err := json.Marshal(struct{ Version, Time string }{version, time})
	if err != nil {
		return err
	}
	files := map[string][]byte{version + ".mod": manifest, version + ".info": info, "list": []byte(version + "\n")}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// writeZip leaves no file behind where the module cannot be packed.
func writeZip(name string, version module.Version, dir string) error {
	if checked, err := zip.CheckDir(dir); err != nil {
		if checked.Err() != nil {
			return relative(checked, dir)
		}
		return err
	}
	archive, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := zip.CreateFromDir(archive, version, dir); err != nil {
		archive.Close()
		os.Remove(name)
		return err
	}
	return archive.Close()
}

// relative gives the problems with paths below dir, as they are in the module.
func relative(checked zip.CheckedFiles, dir string) error {
	for at, each := range checked.Invalid {
		if inside, err := filepath.Rel(dir, each.Path); err == nil {
			checked.Invalid[at].Path = filepath.ToSlash(inside)
		}
	}
	return checked.Err()
}
