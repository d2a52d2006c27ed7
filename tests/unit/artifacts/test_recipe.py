"""The steps that pack SDKs, compared as values."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.all import ECOSYSTEMS
from unit.contexts import a_context, shown_steps
from unit.reference import RELEASED, targets

LINTERS = frozenset(name for each in ECOSYSTEMS for name in each.linters)
STEPS = {
    "artifact:ts": """\
# copy sdk/ts and stamp the copy with 1.2.3-dev.20231114221320.gaaaaaaaaaaaa
cd ROOT/.nox-rings/stage/artifact-ts/tree/sdk/ts && CI=1 NO_COLOR=1 PNPM_CONFIG_PM_ON_FAIL=ignore LC_ALL=C \
TZ=UTC SOURCE_DATE_EPOCH=1700000000 pnpm pack --config.ignore-scripts=true --pack-destination \
ROOT/.nox-rings/stage/artifact-ts/packed
# open the packed artifacts and check them against their contract
# run the linters of the ecosystem
cd ROOT/.nox-rings/stage/artifact-ts/packed && NO_COLOR=1 publint run --strict --level warning \
ROOT/.nox-rings/stage/artifact-ts/packed/acme-sdk-1.2.3-dev.20231114221320.gaaaaaaaaaaaa.tgz
cd ROOT/.nox-rings/stage/artifact-ts/packed && NO_COLOR=1 attw --profile esm-only --format json \
ROOT/.nox-rings/stage/artifact-ts/packed/acme-sdk-1.2.3-dev.20231114221320.gaaaaaaaaaaaa.tgz
# write an sbom from the output of: cd ROOT/.nox-rings/stage/artifact-ts/tree && CI=1 NO_COLOR=1 \
PNPM_CONFIG_PM_ON_FAIL=ignore pnpm --filter @acme/sdk sbom --sbom-format cyclonedx --sbom-spec-version 1.6 \
--prod --config.virtual-store-dir=ROOT/node_modules/.pnpm
# seal the packed artifacts and copy them into dist/npm/ts
""",
    "artifact:go": """\
# copy sdk/go and stamp the copy with v1.2.3-0.20231114221320-aaaaaaaaaaaa
cd ROOT/.nox-rings/stage/artifact-go/tree/sdk/go && gomodule pack example.com/sdk \
v1.2.3-0.20231114221320-aaaaaaaaaaaa 2023-11-14T22:13:20Z . ROOT/.nox-rings/stage/artifact-go/packed
# open the packed artifacts and check them against their contract
# write an sbom from the output of: cd ROOT/.nox-rings/stage/artifact-go/tree/sdk/go && \
GOWORK=off go mod edit -json
# seal the packed artifacts and copy them into dist/go/go
""",
    "artifact:py": """\
# copy sdk/py and stamp the copy with 1.2.3.dev2023111422132066666
# uv build --no-sources --out-dir ROOT/.nox-rings/stage/artifact-py/packed ., with the time of the commit in the sdist
# open the packed artifacts and check them against their contract
# run the linters of the ecosystem
cd ROOT/.nox-rings/stage/artifact-py/packed && NO_COLOR=1 twine check --strict \
'ROOT/.nox-rings/stage/artifact-py/packed/*'
cd ROOT/.nox-rings/stage/artifact-py/packed && NO_COLOR=1 check-wheel-contents --no-config --ignore W002 \
ROOT/.nox-rings/stage/artifact-py/packed
# write an sbom from the output of: NO_COLOR=1 uv export --frozen --format cyclonedx1.5 \
--no-default-groups --package acme-sdk
# seal the packed artifacts and copy them into dist/pypi/py
""",
}


def write_manifest(root: Path) -> None:
    """What the recipe reads of the member itself."""
    (root / "sdk/py").mkdir(parents=True)
    (root / "sdk/py/pyproject.toml").write_text('[project]\nname = "acme-sdk"\nversion = "1"\n')


@pytest.mark.parametrize("target_id", STEPS)
def test_an_sdk_is_packed_from_a_stamped_copy_by_these_steps(target_id: str, tmp_path: Path) -> None:
    write_manifest(tmp_path)
    target = targets(RELEASED, pinned=LINTERS)[target_id]
    assert shown_steps(target, a_context(tmp_path)) == STEPS[target_id]


@pytest.mark.parametrize("target_id", STEPS)
def test_without_pinned_linters_none_runs(target_id: str, tmp_path: Path) -> None:
    write_manifest(tmp_path)
    found = shown_steps(targets(RELEASED)[target_id], a_context(tmp_path)).splitlines()
    lines = STEPS[target_id].splitlines()
    assert found == [each for each in lines if "the linters" not in each and "/packed && NO_COLOR" not in each]
