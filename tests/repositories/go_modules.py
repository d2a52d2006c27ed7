"""Nine go.mod without a go.work: replacements of three kinds, nested modules, and input of tests."""

from __future__ import annotations

from repositories import Repository


def module(path: str, *lines: str) -> str:
    return f"module example.com/shop{path}\n\ngo 1.22\n" + "".join(f"\n{line}\n" for line in lines)


def code(name: str, *imported: str) -> str:
    imports = "".join(f'import _ "example.com/shop/{each}"\n' for each in imported)
    return f"package {name}\n\n{imports}"


REPOSITORY = Repository(
    files={
        "go.mod": module(
            "", "require example.com/shop/api v0.0.0", "replace example.com/shop/api => ./api", "// replace x => ./y"
        ),
        "go.sum": "",
        "shop.go": code("shop", "api"),
        # A module inside a module.
        "api/go.mod": module("/api"),
        "api/api.go": code("api"),
        "api/v2/go.mod": module(
            "/api/v2", "require example.com/shop/api v0.0.0", "replace example.com/shop/api => ../"
        ),
        "api/v2/go.sum": "",
        "api/v2/api.go": code("api", "api"),
        # By a folder, in a block and in quotes.
        "cmd/server/go.mod": module(
            "/cmd/server",
            "require (\n\texample.com/shop/api v0.0.0\n\texample.com/shop/store v1.2.0\n)",
            'replace (\n\texample.com/shop/api => "../../api"\n\texample.com/shop/store v1.2.0 => ../../store\n)',
        ),
        "cmd/server/go.sum": "",
        "cmd/server/main.go": "package main\n\n"
        'import (\n\t_ "example.com/shop/api"\n\t_ "example.com/shop/store"\n)\n\nfunc main() {}\n',
        # Of another version than the one required: not in effect.
        "cmd/worker/go.mod": module(
            "/cmd/worker",
            "require example.com/shop/store v1.3.0",
            "replace example.com/shop/store v1.2.0 => ../../store",
        ),
        "cmd/worker/go.sum": "example.com/shop/store v1.3.0 h1:x\n",
        "cmd/worker/main.go": "package main\n\nfunc main() {}\n",
        # By another module: it comes from the proxy.
        "store/go.mod": module(
            "/store",
            "require example.com/shop/log v0.1.0",
            "replace example.com/shop/log => github.com/someone/log v0.2.0",
        ),
        "store/go.sum": "github.com/someone/log v0.2.0 h1:x\n",
        "store/store.go": code("store"),
        # Required by its published version: not from here.
        "log/go.mod": module("/log"),
        "log/log.go": code("log"),
        "cmd/report/go.mod": module("/cmd/report", "require example.com/shop/log v0.1.0"),
        "cmd/report/go.sum": "example.com/shop/log v0.1.0 h1:x\n",
        "cmd/report/main.go": "package main\n\nfunc main() {}\n",
        # A module of tools alone.
        "tools/go.mod": module("/tools", "require example.com/far v1.0.0"),
        "tools/go.sum": "example.com/far v1.0.0 h1:x\n",
        "tools/tools.go": '//go:build tools\n\npackage tools\n\nimport _ "example.com/far"\n',
        # Not the tenth module.
        "api/testdata/broken/go.mod": "module\n",
        "api/testdata/broken/broken.go": "package broken; func {\n",
        "_examples/go.mod": module("/examples"),
    },
    members={
        (".", "go"): ("api",),
        ("api", "go"): (),
        ("api/v2", "go"): ("api",),
        ("cmd/report", "go"): (),
        ("cmd/server", "go"): ("api", "store"),
        ("cmd/worker", "go"): (),
        ("log", "go"): (),
        ("store", "go"): (),
        ("tools", "go"): (),
    },
)
