"""What a package manager reads because it runs scripts of a package when it installs
(https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts, https://pnpm.io/scripts#lifecycle-scripts)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nox_rings.ecosystems.npm.builds.outside import loaded_by, own_programs, programs_outside
from nox_rings.ecosystems.npm.builds.scripts import PLAIN, UNKNOWN, programs, reached
from nox_rings.engine.paths import files_under
from nox_rings.workspace.sources import Sources, folder_of

SCRIPTS = ("install", "prepublish", "prepare")
COMPILERS = frozenset({"tsc", "tsgo", "vue-tsc"})
# They read what the manager reads too, or set up git.
HARMLESS = (PLAIN - COMPILERS) | {
    "husky",
    "lefthook",
    "simple-git-hooks",
    "is-ci",
    "only-allow",
    "patch-package",
    "git",
}
# By the program, the ends of the names of the files that it makes code from.
SCHEMAS: Mapping[str, str] = {"prisma": ".prisma"}  # https://www.prisma.io/docs/orm/reference/prisma-cli-reference


def read_by_installation(
    sources: Sources, folder: str, scripts: Mapping[str, str], *, is_built: bool, is_root: bool
) -> Iterator[str]:
    """Listed files. A program that is not known reads all of the package, unless that is the root of others. What the
    script `build` does is done again where the package `is_built`."""
    run = {**scripts, "build": ""} if is_built else scripts
    texts = reached(run, SCRIPTS)
    if not texts:
        return
    listed = sources.all_files
    own = own_programs(sources, folder, texts)
    found = [*own, *programs_outside(sources, folder, texts)]
    found += (each for path in own for each in loaded_by(sources, folder, path))
    found += (above for path in own if (above := folder_of(path)) != folder)
    called = programs(texts, run) - HARMLESS - ({UNKNOWN} if own else frozenset())
    if called - SCHEMAS.keys() and not is_root:
        found.append(folder)
    for path in dict.fromkeys(found):
        yield from files_under(listed, path)
    ends = tuple(SCHEMAS[each] for each in called if each in SCHEMAS)
    yield from (path for path in files_under(listed, folder) if ends and path.endswith(ends))
