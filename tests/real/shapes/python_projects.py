"""Shapes of Python projects, by their build backends."""

from __future__ import annotations

from typing import Any

from shapes.shape import LICENSE, Shape

STUB = "shop/v1/order_pb2.py"
BACKENDS = {
    "uv_build": ("uv_build", ["uv_build>=0.13,<0.14"]),
    "hatchling": ("hatchling.build", ["hatchling"]),
    "hatch-vcs": ("hatchling.build", ["hatchling", "hatch-vcs"]),
    "uv-dynamic": ("hatchling.build", ["hatchling", "uv-dynamic-versioning"]),
    "setuptools": ("setuptools.build_meta", ["setuptools>=77"]),
    "setuptools-scm": ("setuptools.build_meta", ["setuptools>=77", "setuptools-scm>=8"]),
    "flit": ("flit_core.buildapi", ["flit_core>=3.12"]),
    "pdm": ("pdm.backend", ["pdm-backend>=2.4"]),
}


def project(
    name: str,
    backend: str,
    generated: str,
    *,
    texts: dict[str, str],
    more: str = "",
    dynamic: bool = False,
    keys: str = "",
    **rest: Any,
) -> Shape:
    """The distribution `name`; `keys` of [project], `more` after it."""
    builder, requires = BACKENDS[backend]
    version = 'dynamic = ["version"]' if dynamic else 'version = "0.0.0"'
    manifest = f"""[project]
name = "{name}"
{version}
description = "A shape"
requires-python = ">=3.11"
license = "MIT"
license-files = ["LICENSE"]
{keys}
[build-system]
requires = {requires}
build-backend = "{builder}"
{more}"""
    return Shape(texts={"pyproject.toml": manifest, "LICENSE": LICENSE, **texts}, generated=generated, **rest)


def package(folder: str, *names: str, first: str = "") -> dict[str, str]:
    """Of an import package: `__init__.py` with the text `first`, py.typed, and modules."""
    found = {f"{folder}/__init__.py": first, f"{folder}/py.typed": ""}
    return found | {f"{folder}/{each}": "x = 1\n" for each in names}


GENERATED = {".gitignore": "gen/\n_version.py\n"}
LITERAL = '"""A package."""\n\n__version__ = "7.7.7"\n'

SHAPES = {
    "uv_build in src, stubs ignored by git": project(
        "uv-src",
        "uv_build",
        "src/uv_src/gen",
        texts={**package("src/uv_src", "a.py", "data/x.json"), **GENERATED, "tests/test_a.txt": "x\n"},
        packed=(f"uv_src/gen/{STUB}", "uv_src/data/x.json"),
    ),
    "uv_build beside the manifest": project(
        "uv_flat",
        "uv_build",
        "uv_flat/gen",
        texts={**package("uv_flat", "a.py", "build/made.py"), ".gitignore": "gen/\nbuild/\n"},
        more='[tool.uv.build-backend]\nmodule-root = ""\n',
        packed=(f"uv_flat/gen/{STUB}", "uv_flat/build/made.py"),
    ),
    "hatchling with include and exclude": project(
        "hatch-chosen",
        "hatchling",
        "src/hatch_chosen/gen",
        texts={**package("src/hatch_chosen", "a.py", "left.py"), "notes/x.md": "x\n", "README.md": "x\n"},
        more='[tool.hatch.build.targets.sdist]\ninclude = ["src"]\n[tool.hatch.build]\nexclude = ["left.py"]\n',
        packed=(f"hatch_chosen/gen/{STUB}",),
        absent=("hatch_chosen/left.py",),
    ),
    "hatchling with artifacts that git ignores": project(
        "hatch-made",
        "hatchling",
        "hatch_made/gen",
        texts={**package("hatch_made", "a.py", "left/x.py"), ".gitignore": "gen/\nleft/\n"},
        more='[tool.hatch.build]\nartifacts = ["gen/"]\n',
        packed=(f"hatch_made/gen/{STUB}",),
        absent=("hatch_made/left/x.py",),
    ),
    "hatchling with files from elsewhere": project(
        "hatch-forced",
        "hatchling",
        "hatch_forced/gen",
        texts={**package("hatch_forced", "a.py"), "extra/x.json": "{}\n", ".gitignore": "extra/\n"},
        more="[tool.hatch.build.targets.wheel.force-include]\n"
        '"extra/x.json" = "hatch_forced/x.json"\n'
        '[tool.hatch.build.targets.sdist.force-include]\n"extra/x.json" = "extra/x.json"\n'
        '"../../idl/shop/v1/order.proto" = "hatch_forced/order.proto"\n',
        packed=("hatch_forced/x.json", "hatch_forced/order.proto"),
    ),
    "hatch-vcs that writes a file": project(
        "hatch-vcs-file",
        "hatch-vcs",
        "src/hatch_vcs_file/gen",
        texts={**package("src/hatch_vcs_file", "a.py"), ".gitignore": "_version.py\n"},
        more='[tool.hatch.version]\nsource = "vcs"\nraw-options = {root = "../.."}\n'
        '[tool.hatch.build.hooks.vcs]\nversion-file = "src/hatch_vcs_file/_version.py"\n',
        dynamic=True,
        packed=("hatch_vcs_file/_version.py",),
    ),
    "hatchling with the version in a file": project(
        "hatch-path",
        "hatchling",
        "src/hatch_path/gen",
        texts=package("src/hatch_path", "a.py", first=LITERAL),
        more='[tool.hatch.version]\npath = "src/hatch_path/__init__.py"\n',
        dynamic=True,
        packed=(f"hatch_path/gen/{STUB}",),
    ),
    "uv-dynamic-versioning": project(
        "uv-dynamic",
        "uv-dynamic",
        "src/uv_dynamic/gen",
        texts=package("src/uv_dynamic", "a.py"),
        more='[tool.hatch.version]\nsource = "uv-dynamic-versioning"\n',
        dynamic=True,
        packed=(f"uv_dynamic/gen/{STUB}",),
    ),
    "setuptools with package data and a MANIFEST.in": project(
        "set-data",
        "setuptools",
        "src/set_data/gen",
        texts={
            **package("src/set_data", "a.py", "templates/x.html", "left.txt"),
            **GENERATED,
            "MANIFEST.in": "include notes.txt\nrecursive-include src/set_data/templates *.html\n",
            "notes.txt": "x\n",
        },
        more='[tool.setuptools.package-data]\nset_data = ["py.typed"]\n',
        packed=(f"set_data/gen/{STUB}", "set_data/templates/x.html"),
        absent=("set_data/left.txt",),
    ),
    "setuptools with an attribute, in another folder": project(
        "set-attr",
        "setuptools",
        "lib/set_attr/gen",
        texts=package("lib/set_attr", "a.py", first=LITERAL),
        more='[tool.setuptools]\npackage-dir = {"" = "lib"}\n[tool.setuptools.packages.find]\nwhere = ["lib"]\n'
        '[tool.setuptools.package-data]\nset_attr = ["py.typed"]\n'
        '[tool.setuptools.dynamic]\nversion = {attr = "set_attr.__version__"}\n',
        dynamic=True,
        packed=(f"set_attr/gen/{STUB}",),
    ),
    "setuptools with a file": project(
        "set-file",
        "setuptools",
        "set_file/gen",
        texts={**package("set_file", "a.py"), "VERSION": "7.7.7\n", "MANIFEST.in": "include VERSION\n"},
        more='[tool.setuptools.packages.find]\ninclude = ["set_file*"]\n'
        '[tool.setuptools.package-data]\nset_file = ["py.typed"]\n'
        '[tool.setuptools.dynamic]\nversion = {file = "VERSION"}\n',
        dynamic=True,
        packed=(f"set_file/gen/{STUB}",),
    ),
    "setuptools-scm, data that git tracks and a file that it writes": project(
        "set-scm",
        "setuptools-scm",
        "src/set_scm/gen",
        texts={**package("src/set_scm", "a.py", "data/x.json"), "notes/x.md": "x\n", ".gitignore": "_version.py\n"},
        more='[tool.setuptools_scm]\nroot = "../.."\nversion_file = "src/set_scm/_version.py"\n',
        dynamic=True,
        packed=("set_scm/_version.py", "set_scm/data/x.json", f"set_scm/gen/{STUB}"),
    ),
    "flit with the version of the module": project(
        "flit-one",
        "flit",
        "flit_one/gen",
        texts={**package("flit_one", "a.py", "data/x.json", first=LITERAL), **GENERATED},
        dynamic=True,
        packed=(f"flit_one/gen/{STUB}", "flit_one/data/x.json"),
    ),
    "pdm with a version from git that it writes": project(
        "pdm-scm",
        "pdm",
        "src/pdm_scm/gen",
        texts={**package("src/pdm_scm", "a.py"), **GENERATED},
        more='[tool.pdm.version]\nsource = "scm"\nwrite_to = "pdm_scm/_version.py"\n'
        "write_template = \"VERSION = '{}'\"\n",
        dynamic=True,
        packed=("pdm_scm/_version.py", f"pdm_scm/gen/{STUB}"),
    ),
}
