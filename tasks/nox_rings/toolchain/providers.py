"""Finds the providers of command-line tools in a workspace, and describes the commands that install them.

By convention: the dependency groups `tools`, `registries`, `gate` and `dev` of the root pyproject.toml (with its
uv.lock), the folders `tools/npm*` with a package-lock.json, the folders `tools/go/*` with a go.mod that has `tool`
lines. nox-rings brings a folder that is laid out like this too, for workspaces that pin nothing, and Go programs of its
own, which no workspace has to pin."""

from __future__ import annotations

import os
import platform
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.process.command import Command
from nox_rings.engine.reading import file_text
from nox_rings.toolchain.model import Origin, Provider, ProviderKind
from nox_rings.toolchain.pins import (
    built_in_provider,
    go_provider,
    npm_provider,
    parse_uv_lock,
    uv_provider,
    version_flags,
)

GROUPS = ("tools", "registries", "gate")
# Installed with the project, because its tools (pytest, mypy) import the project.
PROJECT_GROUP = "dev"
ALL_GROUPS = (*GROUPS, PROJECT_GROUP)
OWN_SOURCES = Path(__file__).parents[1]
# The tools that nox-rings pins, laid out as in a workspace.
OWN_PINS = Path(__file__).parent / "pins"
# Folders of the package, each the sources of a Go program.
BUILT_IN = ("ecosystems/go/gomodule", "images/embedded/buildkitclient")
# The same for all programs, so that one finds in Go's build cache what another compiled. GOGC, because the compiler
# collects garbage for a sixth to a quarter of its time: the largest package of BuildKit takes 34 s and 617 MB with Go's
# own 100, 25 s and 772 MB with 400.
GO_BUILD = {"GOWORK": "off", "GOFLAGS": "", "CGO_ENABLED": "0", "GOGC": "400"}

Parsed = TypeVar("Parsed")


def find_providers(root: Path, version_of: Callable[[str], str] = lambda name: "system") -> tuple[Provider, ...]:
    """Those of the workspace. `version_of` is asked for that of node or go where the workspace pins none itself."""
    wheels = find_wheels(root)
    return (*wheels, *find_built(root, wheels, version_of))


def find_wheels(root: Path) -> tuple[Provider, ...]:
    """Those that uv installs."""
    return tuple(_uv_providers(root, _machine()))


def find_built(root: Path, wheels: tuple[Provider, ...], version_of: Callable[[str], str]) -> tuple[Provider, ...]:
    """Those that npm and go install: what becomes of them depends on which node and which go did it."""
    versions = {pin.name: pin.version for provider in wheels for pin in provider.pins}

    def platform_with(name: str) -> str:
        return f"{_machine()}-{name}-{versions.get(name) or version_of(name)}"

    return (*_npm_providers(root, platform_with), *_go_providers(root, platform_with))


def shipped(providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
    """Providers of the folder that nox-rings brings."""
    return tuple(replace(each, origin=Origin.NOX_RINGS) for each in providers)


def _machine() -> str:
    return f"{sys.platform}-{platform.machine()}"


def built_in_providers(go_version: str) -> Iterator[Provider]:
    """Those of nox-rings itself, as this go builds them."""
    for folder in BUILT_IN:
        sources = (each for each in (OWN_SOURCES / folder).iterdir() if each.suffix in (".go", ".mod", ".sum"))
        texts = {each.name: each.read_text(encoding="utf-8") for each in sources}
        yield built_in_provider(folder, texts, platform=f"{_machine()}-go-{go_version}")


def _uv_providers(root: Path, machine: str) -> Iterator[Provider]:
    project, lock = root / "pyproject.toml", root / "uv.lock"
    if not (project.is_file() and lock.is_file()):
        return
    import tomllib  # 10 ms, and no answer about a fresh target needs a pin

    document = _parsed(project, "TOML", tomllib.loads)
    wanted = _parsed(project, "TOML", lambda _: {group: _requirements(document, group) for group in ALL_GROUPS})
    if not any(wanted.values()):
        return
    try:
        locked = _parsed(lock, "TOML", parse_uv_lock)
    except WorkspaceInvalidError:
        if any(wanted[group] for group in GROUPS):
            raise
        return  # of a project that pins no tools: what is installed from this lockfile reports it
    python = f"{machine}-{sys.implementation.cache_tag}"
    provider = partial(uv_provider, locked=locked, installed_as=partial(_installed_as, root))
    for group in GROUPS:
        if wanted[group]:
            yield provider(group, wanted[group], platform=python)
    if wanted[PROJECT_GROUP]:
        # Editable, so the folder it was installed from belongs to what it is.
        name = document.get("project", {}).get("name", "")
        yield provider(PROJECT_GROUP, wanted[PROJECT_GROUP], platform=f"{python}-{root}", project=name)


def _installed_as(root: Path, folder: str) -> str:
    """A folder that is installed as it lies there, and the programs that it defines as far as they can be read:
    discovery reports the rest."""
    import tomllib

    def programs(text: str) -> str:
        project = tomllib.loads(text)["project"]
        return f"{project.get('scripts')} {project.get('entry-points')}"

    with suppress(WorkspaceInvalidError):
        return f"{root / folder} {_parsed(root / folder / 'pyproject.toml', 'TOML', programs)}"
    return str(root / folder)


def _parsed(path: Path, form: str, parse: Callable[[str], Parsed], root: Path | None = None) -> Parsed:
    """Raises WorkspaceInvalidError for what is not of this form, or not as the tool writes it whose file it is."""
    name = path.relative_to(root or path.parent).as_posix()
    try:
        return parse(file_text(path))
    except OSError as error:
        raise WorkspaceInvalidError((f"{name}: found no file that can be read ({error.strerror})",)) from error
    except ValueError as error:  # of the form, or of UTF-8
        problem = f"{name}: found text that is not {form} ({' '.join(str(error).split())})"
        raise WorkspaceInvalidError((problem,)) from error
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        problem = f"{name}: found other tables or values than the pins of tools have ({error!r})"
        raise WorkspaceInvalidError((problem,)) from error


def _requirements(document: dict[str, Any], group: str) -> tuple[str, ...]:
    found: list[str] = []
    for entry in document.get("dependency-groups", {}).get(group, ()):
        found.extend([entry] if isinstance(entry, str) else _requirements(document, entry["include-group"]))
    return tuple(found)


def _npm_providers(root: Path, platform_with: Callable[[str], str]) -> Iterator[Provider]:
    for lock in sorted(root.glob("tools/npm*/package-lock.json")):
        manifest = _parsed(lock.with_name("package.json"), "UTF-8", str, root)
        folder = lock.parent.relative_to(root).as_posix()
        parse = partial(npm_provider, folder, manifest, platform=platform_with("node"))
        yield _parsed(lock, "JSON", parse, root)


def _go_providers(root: Path, platform_with: Callable[[str], str]) -> Iterator[Provider]:
    for mod in sorted(root.glob("tools/go/*/go.mod")):
        sums = mod.with_name("go.sum")
        sum_text = _parsed(sums, "UTF-8", str, root) if sums.is_file() else ""
        mod_text = _parsed(mod, "UTF-8", str, root)
        place = mod.parent.relative_to(root).as_posix()
        if go_provider(place, mod_text, sum_text, platform="").pins:
            yield go_provider(place, mod_text, sum_text, platform=platform_with("go"))


def home_of(provider: Provider, root: Path) -> Path:
    """The folder that its manifest is relative to."""
    return {Origin.WORKSPACE: root, Origin.NOX_RINGS: OWN_PINS, Origin.SOURCES: OWN_SOURCES}[provider.origin]


def install_command(provider: Provider, root: Path, folder: Path, environment: dict[str, str]) -> Command:
    """The command that fills `folder` (empty, or for npm with the two manifests in it)."""
    if provider.kind is ProviderKind.UV:
        chosen = "--group" if provider.project else "--only-group"
        return Command(
            argv=("uv", "sync", "--frozen", chosen, provider.name, "--python", sys.executable),
            cwd=home_of(provider, root),
            env={**environment, "UV_PROJECT_ENVIRONMENT": str(folder), "UV_COMPILE_BYTECODE": "1"},
        )
    if provider.kind is ProviderKind.NPM:
        # Two tries are enough: npm's own five take more than a minute where there is no network.
        quick = {"npm_config_fetch_retries": "1", "npm_config_fetch_retry_mintimeout": "1000"}
        argv = ("npm", "ci", "--no-audit", "--no-fund", "--no-update-notifier")
        return Command(argv=argv, cwd=folder, env={**environment, **quick})
    home = home_of(provider, root) / provider.manifest
    flags = version_flags(file_text(home / "go.mod"))
    # Sources of ours may lie in a repository of somebody else: what git says of it is no part of the program.
    packages = ("-buildvcs=false", ".") if provider.origin is Origin.SOURCES else ("tool",)
    return Command(
        argv=("go", "build", "-trimpath", f"-ldflags={flags}", "-o", f"{folder / 'bin'}{os.sep}", *packages),
        cwd=home,
        env={**environment, **GO_BUILD},
    )


def link_programs(provider: Provider, folder: Path) -> None:
    """Give each tool a folder of its own, `links/NAME/NAME`, so that a PATH has the tools asked for and no others (the
    bin folder of a venv would bring its python too)."""
    for pin in provider.pins:
        program = next(iter(sorted(folder.glob(pin.program))), None)
        if program is None:
            continue  # a requirement without a program, type stubs for instance
        link = folder / "links" / pin.name / pin.name
        link.parent.mkdir(parents=True)
        if pin.name == "python":  # through a link it would not find its venv
            link.write_text(f'#!/bin/sh\nexec {shlex.quote(str(program))} "$@"\n', encoding="utf-8")
            link.chmod(0o755)
        else:
            link.symlink_to(program)


def cause_of(kind: ProviderKind, log: str) -> str:
    """The line of an installer's log that says why: uv ends with it, npm begins with it, Go's last line is it."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    marks = {ProviderKind.UV: "cause:", ProviderKind.NPM: "npm error", ProviderKind.GO: ""}
    marked = [line for line in lines if line.lower().startswith(marks[kind])] or lines
    if kind is ProviderKind.NPM:
        # `npm error code E…` and `npm error errno …` stand before the sentence.
        sentences = [line.removeprefix("npm error ") for line in marked if line.count(" ") > 4]
        return sentences[0] if sentences else "npm printed no reason"
    return marked[-1].removeprefix("cause: ") if marked else f"{kind} printed no reason"
