"""npm workspaces with 20 packages, and three Buf modules with a template for each service."""

from __future__ import annotations

import json
from typing import Any

from repositories import Repository, proto, template

# Folder → its dependencies and development dependencies, as package.json has them.
PACKAGES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "apps/admin": ({"@shop/ui": "*", "@shop/client": "^1.0.0"}, {"@shop/eslint-config": "*"}),
    "apps/web": ({"@shop/ui": "^1.0.0", "@shop/client": "^1.0.0"}, {"@shop/tsconfig": "*"}),
    "libs/cache": ({"@shop/logger": "~1.0.0"}, {}),
    "libs/client": ({"@shop/errors": "1.x"}, {"@shop/testing": "*"}),
    "libs/config": ({}, {}),
    "libs/dates": ({}, {}),
    "libs/errors": ({}, {}),
    "libs/eslint-config": ({}, {}),
    "libs/events": ({"@shop/errors": ">=1"}, {}),
    "libs/forms": ({"@shop/dates": "*"}, {}),
    "libs/icons": ({}, {}),
    "libs/logger": ({"@shop/config": "^1.0.0"}, {}),
    "libs/money": ({}, {}),
    "libs/testing": ({"@shop/logger": "*"}, {}),
    "libs/tsconfig": ({}, {}),
    "libs/ui": ({"@shop/icons": "*", "@shop/forms": "*"}, {}),
    "libs/zip": ({}, {}),
    "services/billing": ({"@shop/money": "^1.0.0", "@shop/events": "*", "@shop/logger": "*"}, {}),
    "services/orders": ({"@shop/cache": "*", "@shop/events": "*"}, {"@shop/testing": "^1.0.0"}),
    "services/users": ({"@shop/client": "^1.0.0"}, {}),
}
BUILT = ("libs/client", "libs/ui", "services/billing", "services/orders", "services/users")


def name(folder: str) -> str:
    return f"@shop/{folder.rpartition('/')[2]}"


def manifest(folder: str) -> str:
    needs, development = PACKAGES[folder]
    scripts = {"build": "mkdir -p dist && cp package.json dist/"} if folder in BUILT else {}
    document: dict[str, Any] = {"name": name(folder), "version": "1.0.0", "private": True, "scripts": scripts}
    document |= {"dependencies": needs, "devDependencies": development}
    return json.dumps({key: value for key, value in document.items() if value}, indent=2) + "\n"


def lockfile() -> str:
    packages: dict[str, dict[str, Any]] = {
        "": {"name": "shop", "workspaces": ["apps/*", "libs/*", "services/*"]},
    }
    for folder, (needs, development) in PACKAGES.items():
        entry: dict[str, Any] = {"name": name(folder), "version": "1.0.0"}
        packages[folder] = entry | ({"dependencies": needs} if needs else {})
        packages[folder] |= {"devDependencies": development} if development else {}
        packages[f"node_modules/{name(folder)}"] = {"resolved": folder, "link": True}
    document = {"name": "shop", "lockfileVersion": 3, "requires": True, "packages": packages}
    return json.dumps(document, indent=2) + "\n"


REPOSITORY = Repository(
    files={
        ".gitignore": "node_modules/\ndist/\n",
        "package.json": json.dumps(
            {
                "name": "shop",
                "private": True,
                "workspaces": ["apps/*", "libs/*", "services/*"],
                "scripts": {"build": "npm run build --workspaces --if-present"},
            },
            indent=2,
        ),
        "package-lock.json": lockfile(),
        **{f"{folder}/package.json": manifest(folder) for folder in PACKAGES},
        "libs/testing/fixtures/broken/package.json": "{",
        "proto/buf.yaml": "version: v2\nmodules:\n  - path: billing\n  - path: orders\n  - path: users\n",
        "proto/billing/billing/v1/billing.proto": proto("shop", "billing"),
        "proto/orders/orders/v1/orders.proto": proto("shop", "orders"),
        "proto/users/users/v1/users.proto": proto("shop", "users"),
        "proto/buf.billing.gen.yaml": template(("protoc-gen-es", "../services/billing/src/gen")),
        "proto/buf.orders.gen.yaml": template(("protoc-gen-es", "../services/orders/src/gen")),
        "proto/buf.users.gen.yaml": template(("protoc-gen-es", "../services/users/src/gen")),
    },
    members={
        ("apps/admin", "npm"): ("libs/client", "libs/eslint-config", "libs/ui"),
        ("apps/web", "npm"): ("libs/client", "libs/tsconfig", "libs/ui"),
        ("libs/cache", "npm"): ("libs/logger",),
        ("libs/client", "npm"): ("libs/errors", "libs/testing"),
        ("libs/config", "npm"): (),
        ("libs/dates", "npm"): (),
        ("libs/errors", "npm"): (),
        ("libs/eslint-config", "npm"): (),
        ("libs/events", "npm"): ("libs/errors",),
        ("libs/forms", "npm"): ("libs/dates",),
        ("libs/icons", "npm"): (),
        ("libs/logger", "npm"): ("libs/config",),
        ("libs/money", "npm"): (),
        ("libs/testing", "npm"): ("libs/logger",),
        ("libs/tsconfig", "npm"): (),
        ("libs/ui", "npm"): ("libs/forms", "libs/icons"),
        ("libs/zip", "npm"): (),
        ("services/billing", "npm"): ("libs/events", "libs/logger", "libs/money"),
        ("services/orders", "npm"): ("libs/cache", "libs/events", "libs/testing"),
        ("services/users", "npm"): ("libs/client",),
    },
    schemas={"proto": ("proto/billing", "proto/orders", "proto/users")},
    templates={
        "proto/buf.billing.gen.yaml": ("services/billing/src/gen",),
        "proto/buf.orders.gen.yaml": ("services/orders/src/gen",),
        "proto/buf.users.gen.yaml": ("services/users/src/gen",),
    },
)
