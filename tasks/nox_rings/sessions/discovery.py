"""The workspace as its own files describe it, and the graph that follows. Every problem in one error."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.paths import joined
from nox_rings.engine.patterns import is_ignored
from nox_rings.engine.plan.graph import Graph, graph_of
from nox_rings.engine.store.snapshot import descriptor_matcher
from nox_rings.engine.store.wildcards import expand
from nox_rings.images import discovery as image_files
from nox_rings.schema import buf_files
from nox_rings.workspace.config import TABLE
from nox_rings.workspace.cycles import without_cycles
from nox_rings.workspace.index import WorkspaceIndex
from nox_rings.workspace.model import Workspace
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.visible import PassedOver, hidden_descriptors, hidden_folder

if TYPE_CHECKING:
    from nox_rings.ecosystems.base import Ecosystem
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.engine.capability import Capability
    from nox_rings.workspace.config import Config
    from nox_rings.workspace.tools import Tools


IGNORE = "mend it, or list it in [tool.nox-rings] ignore"


def discover_workspace(
    root: Path,
    files: tuple[str, ...],
    config: Config,
    ecosystems: Mapping[str, Ecosystem],
    descriptors: Collection[str] = (),
    read_file: Callable[[str], bytes] | None = None,
) -> Workspace:
    """Read the descriptors among `files` (sorted, relative to `root`); `descriptors` are patterns of their names,
    `read_file` is `Sources.read`. Problems are part of the answer."""
    listed = (path for path in files if not is_ignored(path, config.ignore))
    present = tuple(path for path in listed if _may_be_there(f"{root}/{path}"))
    hidden = {path: folder for path in present if (folder := hidden_folder(path, config.members)) is not None}
    visible = tuple(path for path in present if path not in hidden)
    sources = Sources(root=root, files=visible, listed=files, hidden=frozenset(hidden), read=read_file)
    found = [ecosystem.discover(sources) for ecosystem in ecosystems.values()]
    images = image_files.find_images(sources, config)
    services = {image.folder for image in images if not image.optional}
    schemas, foreign = buf_files.find_schemas(sources, services, config.proto.templates)
    is_descriptor = descriptor_matcher(descriptors)
    members, cycles = without_cycles(tuple(each for one in found for each in one.members))
    read = {joined(each.folder, ecosystems[each.ecosystem].manifest) for each in members}
    names = ((folder, path) for path, folder in hidden.items() if path not in read)
    unread = [(folder, path) for folder, path in names if is_descriptor(path.rpartition("/")[2])]
    return Workspace(
        schemas=schemas,
        foreign_templates=foreign,
        install_roots=tuple(each for one in found for each in one.install_roots),
        members=members,
        parts={
            (folder, name): part
            for name, one in zip(ecosystems, found, strict=True)
            for folder, part in one.parts.items()
        },
        images=images,
        settings={name: digest for one in found for name, digest in one.settings.items()},
        problems={path: tuple(problems) for path, problems in sources.problems.items()},
        passed_over=tuple(sorted({*sources.passed_over, *cycles, *hidden_descriptors(unread)})),
        reading=sources.reading,
    )


def _may_be_there(full: str) -> bool:
    """Also behind links. What a folder hides is there: to read it is the problem of what needs it."""
    try:
        os.stat(full)  # noqa: PTH116 - no Path for each file
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def load_view(
    root: Path,
    files: tuple[str, ...],
    config: Config,
    ecosystems: Mapping[str, Ecosystem],
    tools: Tools,
    descriptors: Collection[str] = (),
    read_file: Callable[[str], bytes] | None = None,
) -> WorkspaceView:
    """Raises ConfigInvalidError."""
    workspace = discover_workspace(root, files, config, ecosystems, descriptors, read_file)
    return WorkspaceView(
        index=WorkspaceIndex(workspace), config=config, files=files, ecosystems=ecosystems, tools=tools
    )


def passed_over(view: WorkspaceView, graph: Graph, root: Path) -> tuple[PassedOver, ...]:
    """What discovery made nothing of, and the problems of descriptors that no target is made from."""
    reported = {problem for target in graph.targets.values() for problem in target.problems}
    problems = view.index.workspace.problems.items()
    unused = (PassedOver(path, each, IGNORE) for path, found in problems for each in found if each not in reported)
    return tuple(sorted({*view.index.workspace.passed_over, *unused, *_not_packed(view), *_not_there(view, root)}))


def _not_there(view: WorkspaceView, root: Path) -> Iterator[PassedOver]:
    """Configured inputs that nothing is at: a build may make them later, or the name is wrong."""
    for folder, member in view.config.members.items():
        for path in member.inputs:
            if not any(os.path.lexists(root / each) for each in expand(str(root), path)):
                key = f'{TABLE}.members."{folder}".inputs'
                yield PassedOver("pyproject.toml", f"{key}: found nothing at {path}", "correct the path, or remove it")


def _not_packed(view: WorkspaceView) -> Iterator[PassedOver]:
    for member in view.index.sdks:
        if member.private:
            path = joined(member.folder, view.ecosystem_of(member).manifest)
            yield PassedOver(
                path, "its manifest says that it is private: packed only where that is asked for", "say that it is not"
            )


def derive_graph(view: WorkspaceView, capabilities: Sequence[Capability[WorkspaceView, RecipeContext]]) -> Graph:
    """Raises WorkspaceInvalidError, naming all that is wrong with the graph and with the settings."""
    graph, problems = graph_of(target for each in capabilities for target in each.derive(view))
    # A setting that names nothing explains what is wrong with the graph, too.
    if found := tuple(problem for each in capabilities for problem in each.problems(view, graph)) or problems:
        raise WorkspaceInvalidError(found)
    return graph
