"""Which files are Dockerfiles, and what their names say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

FILE = re.compile(
    r"(?:Docker|Container|docker)file(?:(?P<mark>[.\-_])(?P<after>.+))?|(?P<before>.+)\.(?:[Dd]ocker|[Cc]ontainer)file"
)
# What belongs to a Dockerfile, or is written about one, or makes one.
OTHERS = (".dockerignore", ".md", ".rst", ".txt", ".orig", ".bak", ".rej", ".swp", "~", ".lock", ".sh")
# Code and data about Dockerfiles are called so, too: there the text decides.
CODE = re.compile(
    r".*\.(?:[cm]?[jt]sx?|vue|svelte|py|pyi|go|rs|rb|php|pl|java|kts?|scala|groovy|cs|c|h|cc|cpp|hpp|swift|lua|el|vim|ps1|"
    r"html?|css|scss|svg|png|snap|diff|patch|adoc|pdf|json|ya?ml|toml|xml|ini|log)",
    re.IGNORECASE,
)
# Blank lines and comments, global arguments, and the first stage.
BEGINNING = re.compile(
    r"\ufeff?(?:[ \t\r]*(?:#[^\n]*)?\n|[ \t]*ARG[ \t]+\w[^\n]*\n)*"
    r"[ \t]*FROM(?:[ \t]+--\S+)*[ \t]+[^\s'\"]+(?:[ \t]+AS[ \t]+\S+)?[ \t\r]*(?:\n|$)",
    re.IGNORECASE,
)
TEMPLATES = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".erb", ".mustache", ".ejs", ".in", ".m4")
DEVELOPMENT = frozenset(("dev", "develop", "development", "local"))
# Patterns of the names of all that says something about images.
BUILDS = ("*compose*.yml", "*compose*.yaml", "*bake*.hcl", "*bake*.json")
DESCRIPTORS = (
    *("Dockerfile*", "dockerfile", "*.[Dd]ockerfile", "Containerfile*", "*.[Cc]ontainerfile", "*.dockerignore", ".env"),
    *BUILDS,
)


def is_dockerfile(name: str) -> bool:
    return bool(FILE.fullmatch(name)) and not name.endswith((*OTHERS, *TEMPLATES))


def is_sure(name: str) -> bool:
    """Whether the name alone says that it is a Dockerfile: `Dockerfile-prod` may be notes, `dockerfile.ts` code."""
    found = FILE.fullmatch(name)
    return found is not None and found["mark"] in (None, ".") and not CODE.fullmatch(name)


def begins_like_one(text: str) -> bool:
    """Whether a text begins as only a Dockerfile does."""
    return bool(BEGINNING.match(text))


def is_builds_file(name: str) -> bool:
    """Whether a compose or bake file may be called so."""
    return any(fnmatchcase(name, pattern) for pattern in BUILDS)


def is_template(name: str) -> bool:
    return bool(FILE.fullmatch(name)) and name.endswith(TEMPLATES)


def label_of(name: str) -> str:
    """`X` of `Dockerfile.X`, `Dockerfile-X` and `X.Dockerfile`; empty for `Dockerfile`, and the name of any other."""
    found = FILE.fullmatch(name)
    return (found["after"] or found["before"] or "") if found else name


def is_development(label: str) -> bool:
    return label.lower() in DEVELOPMENT


def spellings(names: Iterable[str]) -> tuple[str, ...]:
    """Each name, and as a Containerfile, which is another word for it; `dockerfile` is what docker looks for last."""
    found: list[str] = []
    for name in names:
        found += [name, re.sub(r"Dockerfile", "Containerfile", name)]
        found += ["dockerfile"] * (name == "Dockerfile")
    return tuple(dict.fromkeys(found))


def unknown_names(configured: Collection[str], usual: Collection[str], present: Collection[str]) -> list[str]:
    """Configured names that no file has and that are no defaults: they change nothing."""
    return [name for name in configured if name not in usual and name not in present]
