"""`uvx nox-rings adopt`: the session of that name where there is no noxfile yet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn, cast

if TYPE_CHECKING:
    import nox

USAGE = """\
usage: nox-rings adopt [--write] [--json] [--help]

Shows what nox-rings makes of the repository in this folder; --write writes the noxfile it needs. Then: nox -l"""


class Terminal:
    """What of a nox session `adopt` asks for."""

    def __init__(self, posargs: list[str]) -> None:
        self.posargs = posargs

    def error(self) -> NoReturn:
        raise SystemExit(1)


def main() -> None:
    words = sys.argv[1:]
    if words[:1] != ["adopt"]:
        asked = words[:1] in (["-h"], ["--help"])
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        raise SystemExit(0 if asked else 2)
    from nox_rings.adopt.session import adopt

    adopt(cast("nox.Session", Terminal(words[1:])), command="nox-rings adopt")
