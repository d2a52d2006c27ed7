"""Compose files laid over each other, included and extended; what is expected is what LoadProject of compose-go 2.16
gives (`docker compose config`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nox_rings.images.builds.compose.project import find_compose_builds
from nox_rings.workspace.sources import Sources

# Service → Dockerfile, stage, arguments, named contexts.
Built = dict[str, tuple[str, str, dict[str, str], dict[str, str]]]


class Case(NamedTuple):
    files: Mapping[str, str]
    builds: Built


def built(root: Path, files: Mapping[str, str]) -> Built:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    sources = Sources(root=root, files=tuple(sorted(files)))
    found = list(find_compose_builds(sources))
    values = (value for each in found for value in (each.context, *(pair[1] for pair in each.contexts)))
    assert {type(value) for value in values} <= {str}  # what a graph is stored with knows no other
    builds = {each.name: (each.dockerfile, each.stage, dict(each.args), dict(each.contexts)) for each in found}
    assert (sources.problems, sources.passed_over) == ({}, [])
    return builds


def over(first: str, second: str, **builds: Any) -> Case:
    return Case({"compose.yaml": f"services: {first}", "compose.override.yaml": f"services: {second}"}, builds)


FIRST = "{web: {image: x, build: {context: a, target: one, args: {A: 1, B: 2}}}}"
CASES = {
    "reset a value": over(
        FIRST, "{web: {build: {target: !reset null}}}", web=("a/Dockerfile", "", {"A": "1", "B": "2"}, {})
    ),
    "reset an argument": over(
        FIRST, "{web: {build: {args: {A: !reset null}}}}", web=("a/Dockerfile", "one", {"B": "2"}, {})
    ),
    "reset arguments": over(FIRST, "{web: {build: {args: !reset {}}}}", web=("a/Dockerfile", "one", {}, {})),
    "reset a build": over(FIRST, "{web: {build: !reset null}}"),
    "reset a service": over(FIRST, "{web: !reset null}"),
    "override arguments": over(
        FIRST, "{web: {build: {args: !override [C=3]}}}", web=("a/Dockerfile", "one", {"C": "3"}, {})
    ),
    "override a build": over(FIRST, "{web: {build: !override {context: app}}}", web=("app/Dockerfile", "", {}, {})),
    "override a build by a folder": over(FIRST, "{web: {build: !override app}}", web=("app/Dockerfile", "", {}, {})),
    "override a service": over(FIRST, "{web: !override {build: {dockerfile: X}}}", web=("X", "", {}, {})),
    "override all services": over(FIRST, "!override {c: {build: .}}", c=("Dockerfile", "", {}, {})),
    "null replaces nothing but an argument": over(
        FIRST,
        "{web: {build: {context: , target: null, args: {B: 3.0}}}}",
        web=("a/Dockerfile", "one", {"A": "1", "B": "3"}, {}),
    ),
    "a folder over a mapping": over(FIRST, "{web: {build: b}}", web=("b/Dockerfile", "one", {"A": "1", "B": "2"}, {})),
    "a second document": Case(
        {"compose.yaml": "services: {web: {build: x}}\n---\nservices: {web: {build: {target: t}}}\n"},
        {"web": ("x/Dockerfile", "t", {}, {})},
    ),
    "names that YAML 1.1 takes for booleans": Case(
        {"compose.yaml": "services: {on: {build: x}, no: {build: {context: y, args: {on: off}}}}"},
        {"on": ("x/Dockerfile", "", {}, {}), "no": ("y/Dockerfile", "", {"on": "off"}, {})},
    ),
    "marks of what extends": Case(
        {
            "compose.yaml": "services: {base: {build: {context: a, target: t, args: {A: 1}}}, "
            "web: {extends: base, build: {target: !reset null, args: !override {B: 1}}}}"
        },
        {"base": ("a/Dockerfile", "t", {"A": "1"}, {}), "web": ("a/Dockerfile", "", {"B": "1"}, {})},
    ),
    "marks of what is extended stay there": over(
        FIRST,
        "{base: {build: !override {context: b, args: {Z: 1}}}, web: {extends: base}}",
        base=("b/Dockerfile", "", {"Z": "1"}, {}),
        web=("b/Dockerfile", "one", {"A": "1", "B": "2", "Z": "1"}, {}),
    ),
    "extends of another file": Case(
        {
            "compose.yaml": "services: {web: {extends: {file: common/c.yaml, service: base}, build: {target: x}}}",
            "common/c.yaml": "services: {base: {extends: {file: more/d.yaml, service: deep}, "
            "build: {additional_contexts: {data: ./data, i: 'docker-image://x'}}}}",
            "common/more/d.yaml": "services: {deep: {build: {dockerfile: X, context: here}}}",
        },
        {"web": ("common/more/here/X", "x", {}, {"data": "common/data", "i": "docker-image://x"})},
    ),
    "extends of a file without a context": Case(
        {
            "compose.yaml": "services: {web: {extends: {file: common/c.yaml, service: base}}}",
            "common/c.yaml": "services: {base: {build: {dockerfile: X, args: {A: '${A:-none}'}}}}",
            "common/.env": "A=common",
        },
        {"web": ("X", "", {"A": "none"}, {})},
    ),
    "include without a context": Case(
        {
            "compose.yaml": "include: [infra/compose.yaml]",
            "infra/compose.yaml": "services: {web: {build: {dockerfile: Dockerfile.web, additional_contexts: [a=b]}}}",
        },
        {"web": ("infra/Dockerfile.web", "", {}, {"a": "infra/b"})},
    ),
    "include with its own .env": Case(
        {
            "compose.yaml": "include: [infra/compose.yaml]",
            "infra/compose.yaml": "services: {web: {build: {context: '${APP:-app1}', args: {B: '${B}', APP: }}}}",
            "infra/.env": "APP=app2\nB=${A}",
            ".env": "A=1",
        },
        {"web": ("infra/app2/Dockerfile", "", {"B": "1"}, {})},
    ),
    "variables of what includes win": Case(
        {
            "compose.yaml": "include: [infra/compose.yaml]",
            "infra/compose.yaml": "services: {web: {build: '${APP:-app1}'}}",
            "infra/.env": "APP=app2",
            ".env": "APP=app3",
        },
        {"web": ("infra/app3/Dockerfile", "", {}, {})},
    ),
    "include with files of variables": Case(
        {
            "compose.yaml": "include: [{path: infra/compose.yaml, env_file: [x.env, y.env]}]",
            "infra/compose.yaml": "services: {web: {build: {context: ., args: {A: '${A}', C: '${C}', D: '${D:-d}'}}}}",
            "infra/.env": "D=3",
            "x.env": "A=1\nB=1",
            "y.env": "A=2\nC=${B}",
        },
        {"web": ("infra/Dockerfile", "", {"A": "2", "C": "1", "D": "d"}, {})},
    ),
    "include with a folder of its project": Case(
        {
            "compose.yaml": "include: [{path: infra/compose.yaml, project_directory: pd}]",
            "infra/compose.yaml": "include: [sub/c.yaml]\n"
            "services: {web: {build: {dockerfile: X}}, y: {extends: {file: z.yaml, service: y}}}",
            "pd/z.yaml": "services: {y: {build: '${Q}'}}",
            "pd/sub/c.yaml": "services: {deep: {build: a}}",
            "pd/.env": "Q=q",
        },
        {
            "web": ("pd/X", "", {}, {}),
            "y": ("pd/q/Dockerfile", "", {}, {}),
            "deep": ("pd/sub/a/Dockerfile", "", {}, {}),
        },
    ),
    "several files of one include": Case(
        {
            "compose.yaml": "include: [{path: [infra/a.yaml, other/b.yaml]}]",
            "infra/a.yaml": "services: {web: {build: {context: x, target: t}}}",
            "other/b.yaml": "services: {web: {build: {target: !reset null, args: {A: 1}}}, more: {build: m}}",
        },
        {"web": ("infra/x/Dockerfile", "", {"A": "1"}, {}), "more": ("infra/m/Dockerfile", "", {}, {})},
    ),
    "a file over what it includes": Case(
        {
            "compose.yaml": "include: [infra/a.yaml]\nservices: {web: {build: {args: {B: 2}, dockerfile: D}}}",
            "infra/a.yaml": "services: {web: {build: {context: x, target: t, args: {A: 1, B: 1}}}}",
            "compose.override.yaml": "services: {web: {build: {target: !reset null}}}",
        },
        {"web": ("infra/x/D", "", {"A": "1", "B": "2"}, {})},
    ),
    "the first of two that are included": Case(
        {
            "compose.yaml": "include: [infra/a.yaml, infra/b.yaml]",
            "infra/a.yaml": "services: {web: {build: {context: x, args: {A: 1}}}}",
            "infra/b.yaml": "services: {web: {build: {context: y, args: {A: 2, B: 2}}}}",
        },
        {"web": ("infra/x/Dockerfile", "", {"A": "1", "B": "2"}, {})},
    ),
    "extends of what is included": Case(
        {
            "compose.yaml": "include: [infra/a.yaml]\nservices: {b: {extends: web, build: {args: {B: 1}}}}",
            "infra/a.yaml": "services: {web: {build: {context: x}}}",
        },
        {"web": ("infra/x/Dockerfile", "", {}, {}), "b": ("infra/x/Dockerfile", "", {"B": "1"}, {})},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_files_together_say_what_compose_makes_of_them(name: str, tmp_path: Path) -> None:
    assert built(tmp_path, CASES[name].files) == CASES[name].builds


def test_the_first_name_is_the_project_and_the_first_override_is_laid_over_it(tmp_path: Path) -> None:
    files = {
        "docker-compose.yml": "services: {web: {build: a}}",
        "docker-compose.override.yml": "services: {web: {build: b}}",
        "compose.override.yaml": "services: {web: {build: c}}",
    }
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    sources = Sources(root=tmp_path, files=tuple(sorted(files)))
    assert [(each.origin, each.context) for each in find_compose_builds(sources)] == [
        ("docker-compose.yml: services.web", "c")
    ]
    assert [each.reason for each in sources.passed_over] == [
        "docker-compose.override.yml: compose reads compose.override.yaml instead of it"
    ]


@pytest.mark.parametrize("name", ["compose.yaml", "infra/compose.yaml", ".env"])
def test_a_folder_of_such_a_name_is_no_file(name: str, tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [infra/compose.yaml]\nservices: {web: {build: web}}",
        "infra/compose.yaml": "",
        ".env": "",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        if path == name:
            (tmp_path / path).mkdir()
        else:
            (tmp_path / path).write_text(text)
    sources = Sources(root=tmp_path, files=tuple(sorted(files)))
    builds = [each.name for each in find_compose_builds(sources)]
    assert builds == ([] if name == "compose.yaml" else ["web"])
    assert {each.reason for each in sources.passed_over} == {f"{name}: found a folder, expected a file"}
    assert sources.problems == {}
