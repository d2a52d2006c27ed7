"""The steps that install, build and test members, compared as values."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.process.command import Command
from nox_rings.members.recipe import member_steps
from nox_rings.workspace.config import MemberConfig
from unit.contexts import a_context, shown_steps
from unit.reference import RELEASED, targets

FILES = (
    "sdk/go/client.go",
    "sdk/go/client_test.go",
    "sdk/go/gen/a.go",
    "sdk/py/src/acme/__init__.py",
    "services/agents/internal/x/x.go",
    "services/agents/internal/x/x_test.go",
    "services/agents/main.go",
    "services/inference/app.py",
    "tools/report/report.py",
)
STEPS = {
    "install:pnpm": """\
CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore pnpm install --frozen-lockfile --reporter=append-only
# record what pnpm installed
""",
    "install:uv": """\
# prepare .nox-rings/python/+root
UV_PROJECT_ENVIRONMENT=ROOT/.nox-rings/python/+root NO_COLOR=1 \
DIST_EXTRA_CONFIG=ROOT/.nox-rings/python/+root.setuptools.cfg uv sync --frozen --all-packages
""",
    "sdk:ts": """\
cd ROOT/sdk/ts && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore pnpm run build
cd ROOT/sdk/ts && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore pnpm run test
""",
    "service:graph": """\
# check that @acme/sdk comes from this workspace
cd ROOT/services/graph && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore pnpm run build
cd ROOT/services/graph && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore pnpm run test
""",
    "package:tidy": """\
cd ROOT/libs/tidy && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore pnpm run test
""",
    "sdk:go": """\
cd ROOT/sdk/go && GOWORK=off GOGC=400 go build -buildvcs=false -o /dev/null ./...
cd ROOT/sdk/go && GOWORK=off GOGC=400 go vet ./...
cd ROOT/sdk/go && GOWORK=off go test -vet=off ./...
""",
    "service:agents": """\
# check that example.com/sdk comes from this workspace
cd ROOT/services/agents && GOWORK=off GOGC=400 go build -buildvcs=false -o /dev/null ./...
cd ROOT/services/agents && GOWORK=off GOGC=400 go vet ./...
cd ROOT/services/agents && GOWORK=off go test -vet=off ./...
""",
    "sdk:py": """\
cd ROOT/sdk/py && PYTHONPYCACHEPREFIX=ROOT/.nox-rings/python/+root/pycache \
ROOT/.nox-rings/python/+root/bin/python -m compileall -q -x \
'/(tests?|testdata|fixtures|templates?|node_modules|\\{\\{[^/]*)/' src
cd ROOT/sdk/py && PYTHONDONTWRITEBYTECODE=1 VIRTUAL_ENV=ROOT/.nox-rings/python/+root \
ROOT/.nox-rings/python/+root/bin/python -m pytest -q -p no:cacheprovider
""",
    "package:inference": """\
# check that acme-sdk comes from this workspace
cd ROOT/services/inference && PYTHONPYCACHEPREFIX=ROOT/.nox-rings/python/+root/pycache \
ROOT/.nox-rings/python/+root/bin/python -m compileall -q -x \
'/(tests?|testdata|fixtures|templates?|node_modules|\\{\\{[^/]*)/' app.py
cd ROOT/services/inference && PYTHONDONTWRITEBYTECODE=1 VIRTUAL_ENV=ROOT/.nox-rings/python/+root \
ROOT/.nox-rings/python/+root/bin/python -m pytest -q -p no:cacheprovider
""",
    "package:report": """\
cd ROOT/tools/report && PYTHONPYCACHEPREFIX=ROOT/.nox-rings/python/+root/pycache \
ROOT/.nox-rings/python/+root/bin/python -m compileall -q -x \
'/(tests?|testdata|fixtures|templates?|node_modules|\\{\\{[^/]*)/' report.py
""",
}


def write_manifests(root: Path) -> None:
    """What recipes read of the members themselves."""
    for folder in ("sdk/go", "services/agents"):
        (root / folder).mkdir(parents=True)
        (root / folder / "go.mod").write_text("module example.com/x\n")
        (root / folder / "client.go").write_text("package x\n")
        (root / folder / "main.go").write_text("package main\n")


@pytest.mark.parametrize("target_id", STEPS)
def test_a_member_is_installed_built_and_tested_by_these_steps(target_id: str, tmp_path: Path) -> None:
    write_manifests(tmp_path)
    target = targets(RELEASED)[target_id]
    assert shown_steps(target, a_context(tmp_path, files=FILES)) == STEPS[target_id]


def test_every_target_of_the_capability_has_its_steps_here() -> None:
    kinds = ("install", "sdk", "package", "service")
    assert {each for each, target in targets(RELEASED).items() if target.kind.name in kinds} == set(STEPS)


@pytest.mark.parametrize(
    ("configured", "steps"),
    [
        (MemberConfig(checks=("make check X='a b'",)), "cd ROOT/libs/tidy && make check 'X=a b'\n"),
        (
            MemberConfig(checks=("make before", "...")),
            "cd ROOT/libs/tidy && make before\n" + STEPS["package:tidy"],
        ),
        (MemberConfig(skip="it needs a database"), ""),
    ],
    ids=["instead", "beside", "skipped"],
)
def test_configured_checks_replace_those_found_or_stand_beside_them(
    tmp_path: Path, configured: MemberConfig, steps: str
) -> None:
    target = targets(RELEASED, configured={"libs/tidy": configured})["package:tidy"]
    assert shown_steps(target, a_context(tmp_path, files=FILES)) == steps


def test_configured_checks_of_python_run_in_the_environment_of_the_member(tmp_path: Path) -> None:
    configured = {"services/inference": MemberConfig(checks=("python -m unittest",))}
    context = a_context(tmp_path, files=FILES)
    (command,) = member_steps(targets(RELEASED, configured=configured)["package:inference"], context)
    assert isinstance(command, Command)
    environment = context.layout.root / ".nox-rings/python/+root"
    assert command.argv == ("python", "-m", "unittest")
    assert command.env["VIRTUAL_ENV"] == str(environment)
    assert str(command.env["PATH"]).startswith(f"{environment}/bin:")
