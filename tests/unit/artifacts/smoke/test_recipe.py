"""The steps that publish, install and call packed artifacts, compared as values."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.contexts import a_context, shown_steps
from unit.reference import RELEASED, targets

STEPS = {
    "smoke:npm": """\
# compare ROOT/dist/npm/ts with its manifest
# copy sdk/ts/smoke into the empty folder SCRATCH/smoke-npm
# write .npmrc: @acme comes from http://127.0.0.1:PORT1/
cd SCRATCH/smoke-npm/registry && NO_COLOR=1 verdaccio --config SCRATCH/smoke-npm/registry/verdaccio.yaml \
--listen 127.0.0.1:PORT1 &
# cd SCRATCH/smoke-npm/consumer && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore \
PNPM_CONFIG_MINIMUM_RELEASE_AGE=0 pnpm publish 'ROOT/dist/npm/ts/*' --registry http://127.0.0.1:PORT1/ \
--no-git-checks --tag smoke
cd SCRATCH/smoke-npm/consumer && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore PNPM_CONFIG_MINIMUM_RELEASE_AGE=0 \
pnpm add --ignore-workspace --save-exact @acme/sdk@1.2.3-dev.20231114221320.gaaaaaaaaaaaa
cd ROOT/services/graph && PORT=PORT2 GRPC_PORT=PORT3 HOST=127.0.0.1 node main.js &
# cd SCRATCH/smoke-npm/consumer && NOX_RINGS_SMOKE_URL=http://127.0.0.1:PORT2 \
NOX_RINGS_SMOKE_GRPC=127.0.0.1:PORT3 NOX_RINGS_SMOKE_VERSION=1.2.3-dev.20231114221320.gaaaaaaaaaaaa node smoke.mjs
# remove SCRATCH/smoke-npm
""",
    "smoke:go": """\
# compare ROOT/dist/go/go with its manifest
# copy sdk/go/smoke into the empty folder SCRATCH/smoke-go
# cd SCRATCH/smoke-go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath -mod=mod' GOGC=400 \
GOMODCACHE=SCRATCH/smoke-go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env \
GOMODCACHE)/cache/download,$(go env GOPROXY)' go mod init smoke
# cd SCRATCH/smoke-go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath -mod=mod' GOGC=400 \
GOMODCACHE=SCRATCH/smoke-go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env \
GOMODCACHE)/cache/download,$(go env GOPROXY)' go get example.com/sdk@v1.2.3-0.20231114221320-aaaaaaaaaaaa
# cd SCRATCH/smoke-go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath -mod=mod' GOGC=400 \
GOMODCACHE=SCRATCH/smoke-go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env \
GOMODCACHE)/cache/download,$(go env GOPROXY)' go build -o smoke-consumer .
cd ROOT/services/graph && PORT=PORT1 GRPC_PORT=PORT2 HOST=127.0.0.1 node main.js &
# cd SCRATCH/smoke-go/consumer && NOX_RINGS_SMOKE_URL=http://127.0.0.1:PORT1 \
NOX_RINGS_SMOKE_GRPC=127.0.0.1:PORT2 NOX_RINGS_SMOKE_VERSION=v1.2.3-0.20231114221320-aaaaaaaaaaaa \
./smoke-consumer
# remove SCRATCH/smoke-go
""",
    "smoke:pypi": """\
# compare ROOT/dist/pypi/py with its manifest
# copy sdk/py/smoke into the empty folder SCRATCH/smoke-pypi
# write uv.toml: no proxy for 127.0.0.1
cd SCRATCH/smoke-pypi/registry && pypi-server run -i 127.0.0.1 -p PORT1 -P . -a . --disable-fallback \
SCRATCH/smoke-pypi/registry &
# cd SCRATCH/smoke-pypi && NO_COLOR=1 uv publish --publish-url http://127.0.0.1:PORT1/ --username any --password \
any --trusted-publishing never 'ROOT/dist/pypi/py/*'
cd SCRATCH/smoke-pypi && NO_COLOR=1 uv venv --no-project SCRATCH/smoke-pypi/venv
cd SCRATCH/smoke-pypi && VIRTUAL_ENV=SCRATCH/smoke-pypi/venv NO_COLOR=1 uv pip install --refresh-package \
acme-sdk --index http://127.0.0.1:PORT1/simple/ acme-sdk==1.2.3.dev2023111422132066666
cd ROOT/services/graph && PORT=PORT2 GRPC_PORT=PORT3 HOST=127.0.0.1 node main.js &
# cd SCRATCH/smoke-pypi/consumer && NOX_RINGS_SMOKE_URL=http://127.0.0.1:PORT2 \
NOX_RINGS_SMOKE_GRPC=127.0.0.1:PORT3 NOX_RINGS_SMOKE_VERSION=1.2.3.dev2023111422132066666 \
SCRATCH/smoke-pypi/venv/bin/python smoke.py
# remove SCRATCH/smoke-pypi
""",
}


@pytest.mark.parametrize("target_id", STEPS)
def test_packed_artifacts_are_published_installed_and_called_by_these_steps(target_id: str, tmp_path: Path) -> None:
    target = targets(RELEASED, smokes=("sdk/ts", "sdk/go", "sdk/py"))[target_id]
    assert shown_steps(target, a_context(tmp_path)) == STEPS[target_id]
