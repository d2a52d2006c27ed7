"""Builds and tests that write down everything that they read, with the tools of three languages. Each lists its own
folder as its tool may: through links, with what git ignores where that is a source. Of what they need they read all
that they may: a test can open a file beside the package that it imports (oracle.py says the same of single edits)."""

from __future__ import annotations

BUILD_MJS = """\
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

const SKIPPED = new Set(["node_modules", "dist", ".git", ".venv", "__pycache__", ".nox-rings"]);
const UNREAD = new Set(["Dockerfile.dev", ".dockerignore"]);
const found = [];
const up = "..";

function digest(file) {
  const mode = fs.statSync(file).mode & 0o100 ? "x" : "-";
  return mode + createHash("sha256").update(fs.readFileSync(file)).digest("hex").slice(0, 16);
}

function walk(folder, shown, seen) {
  const real = fs.realpathSync(folder);
  if (seen.includes(real)) return;
  for (const name of fs.readdirSync(Buffer.from(folder), { encoding: "buffer" })) {
    const text = name.toString("latin1");
    if (SKIPPED.has(text) || UNREAD.has(text) || (text.includes("_ignored.") && !/\\.m?[jt]s$/.test(text))) continue;
    const file = Buffer.concat([Buffer.from(folder + "/"), name]);
    let stat;
    try {
      stat = fs.statSync(file);
    } catch {
      found.push(`${shown}/${text} nowhere`);
      continue;
    }
    if (stat.isDirectory()) {
      walk(`${folder}/${text}`, `${shown}/${text}`, [...seen, real]);
    } else if (stat.isFile()) found.push(`${shown}/${text} ${digest(file)}`);
  }
}

function chain(file) {
  if (!fs.existsSync(file)) return;
  found.push(`${path.relative("..", file)} ${digest(file)}`);
  const above = /"extends": "([^"]+)"/.exec(fs.readFileSync(file, "utf8"));
  if (above) chain(path.join(path.dirname(file), above[1]));
}

const folder = process.cwd();
const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));
walk(".", ".", []);
chain("tsconfig.json");
for (const name of Object.keys(manifest.dependencies ?? {})) {
  const linked = fs.realpathSync(path.join("node_modules", name));
  walk(linked, name, []);
  if (fs.existsSync(path.join(linked, "dist"))) walk(path.join(linked, "dist"), `${name}/dist`, []);
}
found.push(`NODE_ENV ${process.env.NODE_ENV}`);
if (manifest.name === "@p/base") {
  found.push(`PROPERTY_FLAG ${process.env.PROPERTY_FLAG}`);
  // Only where that is declared: what a script names in one piece is an input by itself.
  const top = `${up}/${up}`;
  if (fs.readFileSync(`${top}/pyproject.toml`, "utf8").includes('inputs = ["docs"]')) walk(`${top}/docs`, "docs", []);
}
const text = found.sort().join("\\n") + "\\n";
if (process.argv[2] === "build") {
  fs.rmSync("dist", { recursive: true, force: true });
  fs.mkdirSync("dist");
  fs.writeFileSync("dist/index.json", JSON.stringify(createHash("sha256").update(text).digest("hex")) + "\\n");
}
const place = manifest.folder ?? `web+${path.basename(folder)}`;
fs.writeFileSync(path.join(process.env.PROPERTY_OBSERVED, `${place}@${process.argv[2]}`), text);
if (/FAIL/.test(fs.existsSync("src/a.txt") ? fs.readFileSync("src/a.txt", "utf8") : "")) process.exit(1);
"""

OBSERVE_PY = '''\
"""Of the member NAME: what its tests can read."""

import hashlib
import os
from pathlib import Path

import NAME

SKIPPED = {"node_modules", "dist", ".git", ".venv", "__pycache__", ".nox-rings", "Dockerfile.dev", ".dockerignore"}
TOP = Path(__file__).resolve().parents[3]


def digest(path):
    mode = "x" if path.stat().st_mode & 0o100 else "-"
    return mode + hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def walk(folder, shown, seen=()):
    real = os.path.realpath(folder)
    if real in seen:
        return
    for path in sorted(folder.iterdir()):
        if path.name in SKIPPED or path.name.endswith((".egg-info", ".pyc")):
            continue
        if "_ignored." in path.name and path.suffix != ".py":
            continue
        name = os.fsencode(path.name).decode("latin-1")
        if path.is_dir():
            yield from walk(path, f"{shown}/{name}", (*seen, real))
        elif path.is_file():
            yield f"{shown}/{name} {digest(path)}"
        elif path.is_symlink():
            yield f"{shown}/{name} nowhere"


def needed(module):
    for each in module.NEEDS:
        yield each
        yield from needed(each)


def test_NAME():
    found = [*walk(Path(__file__).parents[1], ".")]
    for each in needed(NAME):
        found += walk(Path(each.__file__).parents[2], each.__name__)
        found.append(f"{each.__name__} {each.VALUE}")
    for above in ("conftest.py", "pytest.ini", "pyproject.toml"):
        if (TOP / above).is_file():
            text = (TOP / above).read_text()
            found.append(f"{above} {text.count('pytest')} {'conf-mark' in text}")
    found.append(f"PYTHONPATH {os.environ.get('PYTHONPATH')}")
    text = "\\n".join(sorted(found)) + "\\n"
    (Path(os.environ["PROPERTY_OBSERVED"]) / "py+NAME@test").write_text(text)
    data = Path(__file__).parents[1] / "src/a.txt"
    assert not data.is_file() or "FAIL" not in data.read_text(errors="replace")
'''

GO_LIB = """\
// Package NAME sums what is embedded in it and in what it imports.
package NAME

import (
	"embed"
	"io/fs"
IMPORT)

//go:embed all:data
var data embed.FS

// Value is edited by hand.
const Value = 1

// Sum is of every embedded file.
func Sum() int {
	sum := Value
	_ = fs.WalkDir(data, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			text, _ := data.ReadFile(path)
			for at, each := range []byte(path + string(text)) {
				sum = sum*31%1000003 + int(each)*(at+1)
			}
		}
		return nil
	})
	return sum BELOW
}
"""

GO_TEST = """\
package NAME

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

var skipped = map[string]bool{"node_modules": true, "dist": true, ".git": true, ".venv": true,
	"__pycache__": true, ".nox-rings": true, "Dockerfile.dev": true, ".dockerignore": true}

func walk(folder, shown string, seen []string, found *[]string) {
	here, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return
	}
	for _, each := range seen {
		if each == here {
			return
		}
	}
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		name := entry.Name()
		if skipped[name] || (strings.Contains(name, "_ignored.") && !strings.HasSuffix(name, ".go")) {
			continue
		}
		path := filepath.Join(folder, name)
		info, err := os.Stat(path)
		switch {
		case err != nil:
			*found = append(*found, shown+"/"+name+" nowhere")
		case info.IsDir():
			absolute, _ := filepath.Abs(folder)
			real, _ := filepath.EvalSymlinks(absolute)
			walk(path, shown+"/"+name, append(seen, real), found)
		case info.Mode().IsRegular():
			data, _ := os.ReadFile(path)
			digest := sha256.Sum256(data)
			*found = append(*found, fmt.Sprintf("%s/%s %v %x", shown, name, info.Mode()&0o100 != 0, digest))
		}
	}
}

func TestAll(t *testing.T) {
	_ = os.Getenv("PROPERTY_RUN")
	found := []string{fmt.Sprintf("sum %d", Sum()), "GOFLAGS " + os.Getenv("GOFLAGS")}
	walk(".", ".", nil, &found)
	for _, each := range []string{NEEDED} {
		walk("../"+each, each, nil, &found)
	}
	work, _ := os.ReadFile("../../go.work")
	for _, line := range strings.Split(string(work), "\\n") {
		if strings.HasPrefix(line, "go ") {
			found = append(found, line)
		}
	}
	sort.Strings(found)
	text := strings.ToValidUTF8(strings.Join(found, "\\n"), "?") + "\\n"
	place := filepath.Join(os.Getenv("PROPERTY_OBSERVED"), "go+NAME@test")
	if err := os.WriteFile(place, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	data, _ := os.ReadFile("src/a.txt")
	if strings.Contains(string(data), "FAIL") {
		t.Fatal("it says so")
	}
}
"""
