"""Ring 0 as the files of Buf describe it: workspaces of modules, and the templates that turn them into stubs."""

from __future__ import annotations

from dataclasses import dataclass

from nox_rings.engine.paths import files_under


def protos_under(files: tuple[str, ...], folder: str) -> tuple[str, ...]:
    """The .proto files of a sorted listing that lie in `folder`."""
    return tuple(path for path in files_under(files, folder) if path.endswith(".proto"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StubPlugin:
    """One entry of a template, which stands at `line`. `program` is what a local plugin starts (empty for a remote
    one), `scripts` are the files of the workspace that it reads, `out` is the root it generates into."""

    name: str
    out: str
    program: str = ""
    scripts: tuple[str, ...] = ()
    remote: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StubTemplate:
    """One `buf.gen*.yaml`."""

    file: str
    suffix: str
    plugins: tuple[StubPlugin, ...] = ()

    @property
    def outs(self) -> tuple[str, ...]:
        """The generated roots."""
        return tuple(dict.fromkeys(plugin.out for plugin in self.plugins))

    @property
    def programs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(plugin.program for plugin in self.plugins if plugin.program))

    @property
    def scripts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(script for plugin in self.plugins for script in plugin.scripts))

    @property
    def remotes(self) -> tuple[str, ...]:
        """Hosts of schema registries whose plugins it uses."""
        return tuple(dict.fromkeys(plugin.remote for plugin in self.plugins if plugin.remote))


@dataclass(frozen=True, slots=True, kw_only=True)
class BufWorkspace:
    """A folder with a `buf.yaml`; `modules` are the folders its .proto files live in. Vendored modules are not held
    to our rules: their lint settings ignore all of them. `remotes` are the hosts its `deps:` come from."""

    folder: str
    modules: tuple[str, ...]
    templates: tuple[StubTemplate, ...] = ()
    vendored: frozenset[str] = frozenset()
    remotes: tuple[str, ...] = ()

    @property
    def own_modules(self) -> tuple[str, ...]:
        return tuple(module for module in self.modules if module not in self.vendored)
