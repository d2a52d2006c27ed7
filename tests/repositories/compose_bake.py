"""Compose with 16 services whose contexts are the root, the service's folder and folders in between, and bake with
eleven targets of one Dockerfile."""

from __future__ import annotations

from repositories import Repository

OWN = ("auth", "cart", "mail", "search", "stock", "tax")
FROM_ROOT = ("audit", "export", "import", "notify", "report")
STAGES = ("api", "cron", "docs", "edge", "front", "grpc", "jobs", "kafka", "lint", "migrate", "node")


def dockerfile(*copied: str) -> str:
    return "FROM scratch\n" + "".join(f"COPY {each} /srv/\n" for each in copied)


def compose() -> str:
    lines = ["services:"]
    for name in OWN:
        lines += [f"  {name}:", f"    build: ./services/{name}"]
    for name in FROM_ROOT:
        lines += [f"  {name}:", "    build:", "      context: .", f"      dockerfile: services/{name}/Dockerfile"]
    return "\n".join(lines) + IN_BETWEEN


IN_BETWEEN = """
  shop:
    build:
      context: apps/shop
      dockerfile: docker/Dockerfile
  admin:
    build:
      context: ./apps/${ADMIN:-admin}
      dockerfile: build/package/Dockerfile
  worker:
    build:
      context: backend
      dockerfile: worker/Dockerfile
  worker-debug:
    build:
      context: backend
      dockerfile: worker/Dockerfile
      target: debug
  gateway:
    image: shop/gateway:${TAG}
    build: {context: "${GATEWAY}", args: {LEVEL: info}}
  database:
    image: postgres:17
"""


def bake() -> str:
    targets = "".join(f'target "{name}" {{\n  inherits = ["base"]\n  target = "{name}"\n}}\n\n' for name in STAGES)
    names = ", ".join(f'"{name}"' for name in STAGES)
    base = 'target "base" {\n  context = "platform"\n  dockerfile = "build/Dockerfile"\n}\n'
    return f'group "default" {{\n  targets = [{names}]\n}}\n\n{base}\n{targets}'


REPOSITORY = Repository(
    files={
        ".env": "GATEWAY=services/gateway\nTAG=1\n",
        "compose.yaml": compose(),
        "docker-bake.hcl": bake(),
        **{f"services/{name}/Dockerfile": dockerfile("main.txt") for name in (*OWN, "gateway")},
        **{f"services/{name}/main.txt": f"{name}\n" for name in (*OWN, *FROM_ROOT, "gateway")},
        **{f"services/{name}/Dockerfile": dockerfile(f"services/{name}/main.txt", "common.txt") for name in FROM_ROOT},
        "common.txt": "common\n",
        "apps/shop/docker/Dockerfile": dockerfile("cart.txt"),
        "apps/shop/cart.txt": "cart\n",
        "apps/admin/build/package/Dockerfile": dockerfile("users.txt"),
        "apps/admin/users.txt": "users\n",
        "backend/worker/Dockerfile": "FROM scratch AS debug\nCOPY worker/debug.txt /\n"
        "FROM scratch\nCOPY worker/main.txt /\n",
        "backend/worker/main.txt": "worker\n",
        "backend/worker/debug.txt": "debug\n",
        "platform/build/Dockerfile": "".join(f"FROM scratch AS {name}\nCOPY {name}.txt /\n" for name in STAGES),
        **{f"platform/{name}.txt": f"{name}\n" for name in STAGES},
    },
    members={},
    images={
        **{(f"services/{name}/Dockerfile", ""): (f"services/{name}",) for name in (*OWN, "gateway")},
        **{(f"services/{name}/Dockerfile", ""): (".",) for name in FROM_ROOT},
        ("apps/shop/docker/Dockerfile", ""): ("apps/shop",),
        ("apps/admin/build/package/Dockerfile", ""): ("apps/admin",),
        ("backend/worker/Dockerfile", ""): ("backend",),
        ("backend/worker/Dockerfile", "debug"): ("backend",),
        **{("platform/build/Dockerfile", name): ("platform",) for name in STAGES},
    },
)
