package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// Holds the plugin to the three generators it follows: whatever they export is reachable from outside.
func TestPublicTreeExportsWhatTheInternalTreeExports(t *testing.T) {
	internal := exportedNames(t, "../../internal/proto")
	public := exportedNames(t, "../../proto")
	if len(internal) == 0 {
		t.Fatal("no package below internal/proto: generate the stubs first")
	}
	for folder, names := range internal {
		for _, name := range names {
			if !slices.Contains(public[folder], name) {
				t.Errorf("proto/%s lacks %s", folder, name)
			}
		}
	}
	for folder := range public {
		if internal[folder] == nil {
			t.Errorf("proto/%s stands for no internal package", folder)
		}
	}
}

func TestFileOutsideOfTheInternalTreeIsRefused(t *testing.T) {
	err := generate(newPlugin(t, "example.com/elsewhere/a;a"))
	if err == nil || !strings.Contains(err.Error(), "a.proto: go_package \"example.com/elsewhere/a\" is not below") {
		t.Fatalf("got %v", err)
	}
}

func TestMessageBecomesAnAliasOfTheInternalOne(t *testing.T) {
	plugin := newPlugin(t, internalRoot+"/a/v1;av1")
	if err := generate(plugin); err != nil {
		t.Fatal(err)
	}
	files := plugin.Response().File
	if len(files) != 1 || files[0].GetName() != "a.pb.go" {
		t.Fatalf("got %v", files)
	}
	for _, want := range []string{
		"package av1",
		`v1 "` + internalRoot + `/a/v1"`,
		"var File_a_proto = v1.File_a_proto",
		"type Thing = v1.Thing",
	} {
		if !strings.Contains(files[0].GetContent(), want) {
			t.Errorf("no %q in:\n%s", want, files[0].GetContent())
		}
	}
}

func newPlugin(t *testing.T, goPackage string) *protogen.Plugin {
	t.Helper()
	plugin, err := protogen.Options{}.New(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{"a.proto"},
		Parameter:      proto.String("paths=source_relative"),
		ProtoFile: []*descriptorpb.FileDescriptorProto{{
			Name:        proto.String("a.proto"),
			Syntax:      proto.String("proto3"),
			Options:     &descriptorpb.FileOptions{GoPackage: proto.String(goPackage)},
			MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("Thing")}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return plugin
}

// exportedNames maps each folder below root to the exported names declared at the top level of its files.
func exportedNames(t *testing.T, root string) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		for _, declaration := range file.Decls {
			names[folder] = append(names[folder], declaredNames(declaration)...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func declaredNames(declaration ast.Decl) []string {
	var identifiers []*ast.Ident
	switch declaration := declaration.(type) {
	case *ast.FuncDecl:
		if declaration.Recv == nil {
			identifiers = append(identifiers, declaration.Name)
		}
	case *ast.GenDecl:
		for _, spec := range declaration.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				identifiers = append(identifiers, spec.Name)
			case *ast.ValueSpec:
				identifiers = append(identifiers, spec.Names...)
			}
		}
	}
	var names []string
	for _, identifier := range identifiers {
		if identifier.IsExported() {
			names = append(names, identifier.Name)
		}
	}
	return names
}
