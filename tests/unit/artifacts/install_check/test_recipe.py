"""The steps that install packed artifacts in clean folders, compared as values."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.contexts import a_context, shown_steps
from unit.reference import RELEASED, targets

MANIFEST = '{"devDependencies": {"typescript": "7"}}'
STEPS = {
    "install-check:ts": """\
# compare dist/npm/ts with their manifests
# write programs that import each entry point
# cd SCRATCH/install-check-ts/ts/consumer && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore pnpm install \
--no-frozen-lockfile --ignore-scripts --reporter=ndjson
# check the types that the programs see
cd SCRATCH/install-check-ts/ts/consumer && NO_COLOR=1 ROOT/node_modules/.bin/tsc --noEmit --pretty false \
--project nodenext.json
cd SCRATCH/install-check-ts/ts/consumer && NO_COLOR=1 ROOT/node_modules/.bin/tsc --noEmit --pretty false \
--project bundler.json
# remove SCRATCH/install-check-ts
""",
    "install-check:go": """\
# compare dist/go/go with their manifests
# cd SCRATCH/install-check-go/go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath \
-mod=mod' GOGC=400 GOMODCACHE=SCRATCH/install-check-go/go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)' go mod init \
consumer
# cd SCRATCH/install-check-go/go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath \
-mod=mod' GOGC=400 GOMODCACHE=SCRATCH/install-check-go/go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)' go get \
example.com/sdk@v1.2.3-0.20231114221320-aaaaaaaaaaaa
# cd SCRATCH/install-check-go/go/modcache/example.com/sdk@v1.2.3-0.20231114221320-aaaaaaaaaaaa && env -u \
GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath -modfile=SCRATCH/install-check-go/go/module.mod' \
GOGC=400 GOMODCACHE=SCRATCH/install-check-go/go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)' go list -e \
-json=ImportPath,Name,Module,Error -deps ./...
# cd SCRATCH/install-check-go/go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath \
-mod=mod' GOGC=400 GOMODCACHE=SCRATCH/install-check-go/go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)' go mod edit -json
# cd SCRATCH/install-check-go/go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath \
-mod=mod' GOGC=400 GOMODCACHE=SCRATCH/install-check-go/go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)' go list -e \
-json=ImportPath,Name,Module,Error -export example.com/sdk/...
# cd SCRATCH/install-check-go/go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath \
-mod=mod' GOGC=400 GOMODCACHE=SCRATCH/install-check-go/go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)' go build ./...
# cd SCRATCH/install-check-go/go/consumer && env -u GOPRIVATE GOWORK=off GOFLAGS='-modcacherw -trimpath \
-mod=mod' GOGC=400 GOMODCACHE=SCRATCH/install-check-go/go/modcache GONOSUMDB=example.com/sdk GONOPROXY=none \
GOPROXY='file://ROOT/dist/go/go,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)' go vet ./...
# remove SCRATCH/install-check-go
""",
    "install-check:py": """\
# compare dist/pypi/py with their manifests
# write programs that import each public module
# cd SCRATCH/install-check-py/py && NO_COLOR=1 uv venv --no-project SCRATCH/install-check-py/py/venv
# cd SCRATCH/install-check-py/py && VIRTUAL_ENV=SCRATCH/install-check-py/py/venv NO_COLOR=1 uv pip install \
--no-progress --requirements requirements.txt --constraints constraints.txt
# check the types that the programs see
cd SCRATCH/install-check-py/py/consumer && env -u MYPYPATH NO_COLOR=1 mypy --config-file '' \
--cache-dir=/dev/null --output json --python-executable SCRATCH/install-check-py/py/venv/bin/python --strict .
cd SCRATCH/install-check-py/py/consumer && env -u MYPYPATH NO_COLOR=1 mypy --config-file ../wheel.ini \
--cache-dir=/dev/null --output json --python-executable SCRATCH/install-check-py/py/venv/bin/python
# remove SCRATCH/install-check-py
""",
}


@pytest.mark.parametrize("target_id", STEPS)
def test_the_packed_set_is_installed_and_type_checked_by_these_steps(target_id: str, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(MANIFEST, encoding="utf-8")
    target = targets(RELEASED, pinned=frozenset({"mypy"}))[target_id]
    assert shown_steps(target, a_context(tmp_path)) == STEPS[target_id]


def test_without_a_checker_packed_artifacts_are_installed_and_not_checked(tmp_path: Path) -> None:
    found = targets(RELEASED)
    for target_id in ("install-check:ts", "install-check:py"):
        assert "check the types" not in shown_steps(found[target_id], a_context(tmp_path))
