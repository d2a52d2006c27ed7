"""A Buf module at the root of a Go module, with generated code in four languages."""

from __future__ import annotations

from repositories import Repository, proto, template

REPOSITORY = Repository(
    files={
        ".gitignore": "node_modules/\n",
        "go.mod": "module example.com/shop\n\ngo 1.22\n",
        "shop.go": "package shop\n",
        "buf.yaml": "version: v2\nmodules:\n  - path: proto\n    excludes:\n      - proto/vendor\n",
        "proto/orders/v1/orders.proto": proto("shop", "orders"),
        "proto/README.md": "The API.\n",
        "buf.gen.yaml": template(
            ("protoc-gen-go", "gen/go"),
            ("protoc-gen-es", "clients/web/src/gen"),
            ("protoc-gen-python", "clients/python/src/shop_client/gen"),
            ("protoc-gen-java", "clients/java/src/main/java"),
        ),
        "clients/web/package.json": '{"name": "@shop/client", "version": "1.0.0"}\n',
        "clients/web/package-lock.json": '{"name": "@shop/client", "lockfileVersion": 3, "packages": {"": {}}}\n',
        "clients/python/pyproject.toml": '[project]\nname = "shop-client"\nversion = "1.0.0"\n'
        'requires-python = ">=3.11"\n\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
        "clients/python/src/shop_client/__init__.py": "",
        "Dockerfile": 'FROM scratch\nCOPY shop.go gen /src/\nCMD ["/shop"]\n',
    },
    members={(".", "go"): (), ("clients/python", "pypi"): (), ("clients/web", "npm"): ()},
    images={("Dockerfile", ""): (".",)},
    schemas={".": ("proto",)},
    templates={
        "buf.gen.yaml": (
            "gen/go",
            "clients/web/src/gen",
            "clients/python/src/shop_client/gen",
            "clients/java/src/main/java",
        )
    },
)
