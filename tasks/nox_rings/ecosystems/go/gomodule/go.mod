// Part of nox-rings: built by the toolchain on first need (toolchain/providers.py).
module gomodule

go 1.25.0

require golang.org/x/mod v0.40.0
