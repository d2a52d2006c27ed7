"""Ring 0 as the files of Buf describe it: workspaces of modules, and the templates that turn them into stubs."""

from __future__ import annotations

from dataclasses import dataclass

from nox_rings.engine.paths import files_under, is_under

SETTINGS = ("buf.yaml", "buf.lock", "buf.work.yaml")
# What goes with a module to a registry: one file of documentation, the first that is there, and the license
# (https://buf.build/docs/bsr/module/readme).
DOCUMENTATION = ("buf.md", "README.md", "README.markdown")
LICENSE = ("LICENSE",)


def protos_under(files: tuple[str, ...], folder: str) -> tuple[str, ...]:
    """The .proto files of a sorted listing that lie in `folder`."""
    return tuple(path for path in files_under(files, folder) if path.endswith(".proto"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StubPlugin:
    """One entry of a template, which stands at `line`. `program` is what a local plugin starts (empty for a remote
    one), `scripts` are the files of the workspace that it consists of, `options` those that its options name, `around`
    those that decide what it is built with beside them; `out` is the root it generates into."""

    name: str
    out: str
    program: str = ""
    scripts: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    remote: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StubTemplate:
    """A file that tells buf what to generate. `suffix` distinguishes it from others.

    `inputs` are the folders and files of the workspace that it names to generate from, `names_inputs` whether it names
    any: then buf gets none beside them. `modules` are hosts of remote modules among them. `paths` limit what is
    generated from."""

    file: str
    suffix: str
    plugins: tuple[StubPlugin, ...] = ()
    inputs: tuple[str, ...] = ()
    names_inputs: bool = False
    modules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def outs(self) -> tuple[str, ...]:
        """The generated roots."""
        return tuple(dict.fromkeys(plugin.out for plugin in self.plugins))

    @property
    def programs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(plugin.program for plugin in self.plugins if plugin.program))

    @property
    def scripts(self) -> tuple[str, ...]:
        """The files of the workspace that its plugins consist of and that their options name."""
        return tuple(dict.fromkeys(path for plugin in self.plugins for path in (*plugin.scripts, *plugin.options)))

    @property
    def remotes(self) -> tuple[str, ...]:
        """Hosts of schema registries whose plugins and modules it uses."""
        plugins = (plugin.remote for plugin in self.plugins if plugin.remote)
        return tuple(dict.fromkeys((*plugins, *self.modules)))


@dataclass(frozen=True, slots=True, kw_only=True)
class BufWorkspace:
    """A folder with a `buf.yaml`; `modules` are the folders its .proto files live in. Vendored modules are not held
    to our rules: their lint settings ignore all of them. `remotes` are the hosts its `deps:` come from.

    Of its modules buf reads what lies in `includes`, where a module has any, and not what lies in `excludes`. `linked`
    are folders and files elsewhere that symbolic links in its modules lead to, `links` these links, `submodules`
    folders in it that are repositories of their own. `checkers` are files of the workspace that its plugins and
    policies for lint and breaking changes consist of."""

    folder: str
    modules: tuple[str, ...]
    templates: tuple[StubTemplate, ...] = ()
    vendored: frozenset[str] = frozenset()
    remotes: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    submodules: tuple[str, ...] = ()
    checkers: tuple[str, ...] = ()

    @property
    def own_modules(self) -> tuple[str, ...]:
        return tuple(module for module in self.modules if module not in self.vendored)

    @property
    def settings(self) -> tuple[str, ...]:
        """Paths of buf's own files, there or not; before v2 each module has one."""
        folders = dict.fromkeys((self.folder, *self.modules))
        return tuple(name if each == "." else f"{each}/{name}" for each in folders for name in SETTINGS)

    @property
    def texts(self) -> tuple[str, ...]:
        """Paths of documentation and licenses, there or not: buf reads them with their module, and only a push to a
        registry has them."""
        names = (*DOCUMENTATION, *LICENSE)
        return tuple(name if each == "." else f"{each}/{name}" for each in self.modules for name in names)

    def sources_of(self, module: str) -> tuple[str, ...]:
        """The folders in which the .proto files of a module lie."""
        inside = tuple(each for each in self.includes if is_under(each, module))
        return inside or (module,)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each for module in self.modules for each in self.sources_of(module)))

    def protos_of(self, files: tuple[str, ...], module: str) -> tuple[str, ...]:
        """The .proto files of a module, of a sorted listing."""
        found = (path for folder in self.sources_of(module) for path in protos_under(files, folder))
        kept = (path for path in found if not any(is_under(path, each) for each in self.excludes))
        return tuple(dict.fromkeys(kept))
