"""Repositories in the shape of real ones, adopted by the wheel and built: what can run runs, and the rest is told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from foreign import Foreign, build_wheel, install_wheel, make_foreign
from repositories import Repository, compose_bake, go_api, go_modules, npm_services, pnpm_docs, python_root

NO_PROOF = "found neither ENTRYPOINT nor CMD, expected one that takes --version, or images."
# What the repository itself lacks: target → how its sentence begins.
LACKS: dict[str, tuple[Repository, dict[str, str]]] = {
    "npm_services": (npm_services.REPOSITORY, {}),
    "python_root": (python_root.REPOSITORY, {}),
    "go_modules": (go_modules.REPOSITORY, {}),
    "go_api": (
        go_api.REPOSITORY,
        {"stubs": "2 findings; pin protoc-gen-python in "},
    ),
    "pnpm_docs": (
        pnpm_docs.REPOSITORY,
        {"image-release:shop": "apps/shop/docker/Dockerfile: the image does not run: /srv/package.json --version"},
    ),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    return install_wheel(build_wheel(folder), folder)


def adopted(tmp_path: Path, programs: Path, repository: Repository) -> Foreign:
    foreign = make_foreign(tmp_path, programs, dict(repository.files))
    answer = foreign.command("adopt", "--write")
    assert answer.exit_code == 0, answer.out + answer.err
    foreign.commit()
    return foreign


@pytest.mark.parametrize(("repository", "lacks"), LACKS.values(), ids=list(LACKS))
def test_what_can_run_runs_and_the_rest_is_told(
    tmp_path: Path, programs: Path, repository: Repository, lacks: dict[str, str]
) -> None:
    foreign = adopted(tmp_path, programs, repository)
    answer = foreign.nox("rings", "--keep-going", "--json")
    assert "Traceback" not in answer.err, answer.err
    targets = {each["id"]: each for each in answer.json()["targets"]}
    failed = {each: told(target["error"]) for each, target in targets.items() if target["outcome"] == "failed"}
    assert failed.keys() == lacks.keys(), failed
    assert all(failed[each].startswith(beginning) for each, beginning in lacks.items()), failed
    assert answer.exit_code == (1 if lacks else 0)
    stopped = {each for each, target in targets.items() if target["outcome"] == "not-run"}
    assert all(stopped & {*needed} or {*lacks} & {*needed} for needed in dependencies(foreign, stopped))
    assert foreign.git("status", "--porcelain", "--untracked-files=no") == ""
    ran = targets.keys() - stopped - failed.keys()
    again = {each: reason[0] for each, reason in foreign.reasons().items() if each in ran}
    assert again == dict.fromkeys(ran, "fresh")


def told(error: dict[str, str]) -> str:
    return "; ".join(filter(None, (error["message"], error.get("repeat"))))


def dependencies(foreign: Foreign, ids: set[str]) -> list[list[str]]:
    plan = foreign.nox("plan", "--json").json()["targets"]
    return [each["dependencies"] for each in plan if each["id"] in ids]


def test_every_image_of_compose_and_bake_is_built_and_one_that_cannot_be_run_says_so(
    tmp_path: Path, programs: Path
) -> None:
    foreign = adopted(tmp_path, programs, compose_bake.REPOSITORY)
    answer = foreign.nox("rings", "--keep-going", "--json")
    targets = answer.json()["targets"]
    assert Counter(each["id"].partition(":")[0] for each in targets) == {"image-release": 27}
    assert all(NO_PROOF in each["error"]["message"] for each in targets), answer.out
    proofs = "".join(f'[tool.nox-rings.images."{each["id"].partition(":")[2]}"]\nproof = []\n' for each in targets)
    foreign.write("pyproject.toml", proofs)
    answer = foreign.nox("rings", "--json")
    assert answer.exit_code == 0, answer.out
    assert {each["outcome"] for each in answer.json()["targets"]} == {"done"}
