"""Small lockfiles of each kind, in the shape their tools write."""

UV_LOCK = """version = 1

[[package]]
name = "buf-bin"
version = "1.75.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "grpcio-tools"
version = "1.85.1"
dependencies = [
    { name = "protobuf" },
]

[[package]]
name = "mine"
version = "0.1.0"
source = { editable = "." }
dependencies = [
    { name = "rich" },
]

[package.metadata]
requires-dist = [{ name = "never-a-dependency" }]

[[package]]
name = "protobuf"
version = "7.36.2"

[[package]]
name = "rich"
version = "15.0.0"

[[package]]
name = "ruff"
version = "0.17.5"
"""
PYPROJECT = """[project]
name = "mine"
version = "0.1.0"

[dependency-groups]
tools = ["buf-bin==1.75.0", {include-group = "python"}]
python = ["grpcio_tools>=1"]
dev = ["ruff"]
other = ["rich"]
"""
GO_MOD = """module example.com/tools

go 1.27.0

tool (
	example.com/a/cmd/one
	example.com/a/b/cmd/two/v2 // the longer module wins
)

tool example.com/c

require (
	example.com/a v1.2.3
	example.com/a/b v0.4.0
	example.com/c v5.0.0+incompatible // indirect
)
"""
PACKAGE = '{"dependencies": {"@scope/gen": "2.0.0", "pnpm": "12.21.0", "library": "1.0.0"}}'
PACKAGE_LOCK = """{"packages": {
  "": {"dependencies": {}},
  "node_modules/@scope/gen": {"version": "2.0.0", "bin": {"protoc-gen-es": "bin/protoc-gen-es"}},
  "node_modules/indirect": {"version": "9.9.9", "bin": {"indirect": "x"}},
  "node_modules/library": {"version": "1.0.0"},
  "node_modules/pnpm": {"version": "12.21.0", "bin": {"pn": "pn", "pnpm": "pnpm"}}
}}"""
