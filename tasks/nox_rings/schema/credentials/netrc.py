"""What makes a buf command known to a remote: BUF_TOKEN from .env, else from the environment; else a netrc."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from nox_rings.engine.errors import CredentialMissingError
from nox_rings.engine.reading import file_text
from nox_rings.schema.credentials.model import (
    VARIABLE,
    BufToken,
    choose_token,
    found_instead,
    has_entry,
    parse_env_file,
)

# Registries that answer anybody about what is public there, within limits.
PUBLIC = frozenset({"buf.build"})
REFUSED = re.compile(
    r"not authenticated|unauthenticated|permission.denied|too many requests|rate.limit|resource.exhausted",
    re.IGNORECASE,
)


def require_buf_credentials(
    root: Path, environment: Mapping[str, str], remotes: Collection[str], needed_by: str
) -> Mapping[str, str]:
    """What a buf command gets to be known to these remotes: BUF_TOKEN, NETRC, or both, as buf asks a netrc where
    BUF_TOKEN has no token for a remote. Without remotes nothing is read and no credentials are needed.

    Raises CredentialMissingError for the remotes that are left."""
    overlay, lacking = _credentials(root, environment, remotes)
    if lacking:
        raise _missing(root, environment, lacking, needed_by)
    return overlay


def offered_buf_credentials(
    root: Path, environment: Mapping[str, str], remotes: Collection[str], needed_by: str
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The same where a public registry may be asked without a token; and the registries that are.

    Raises CredentialMissingError for the other remotes, and for all where what is set is no token."""
    overlay, lacking = _credentials(root, environment, remotes)
    private = [each for each in lacking if each not in PUBLIC]
    is_odd = bool(lacking) and _find_token(root, environment) is None and _is_set(root, environment)
    if private or is_odd:
        raise _missing(root, environment, private or lacking, needed_by)
    return overlay, tuple(lacking)


def refusal_of(
    root: Path, environment: Mapping[str, str], remotes: Collection[str], output: str
) -> CredentialMissingError | None:
    """What a registry wants that was asked without credentials and refused; None where that is not why buf failed."""
    lacking = _credentials(root, environment, remotes)[1]
    if not lacking or not REFUSED.search(output):
        return None
    named = " and ".join(lacking)
    return CredentialMissingError(f"{VARIABLE}: it is not set, and {named} refused to answer", hint=_hint(lacking[0]))


def _credentials(
    root: Path, environment: Mapping[str, str], remotes: Collection[str]
) -> tuple[Mapping[str, str], list[str]]:
    """The overlay, and the remotes that it has nothing for."""
    if not remotes:
        return {}, []
    token = _find_token(root, environment)
    served = [remote for remote in remotes if token and token.serves(remote)]
    others = sorted(set(remotes) - set(served))
    overlay = _overlay(token) if served else {}
    if not others:
        return overlay, []
    netrc = _netrc_file(environment)
    text = _text(netrc)
    lacking = [remote for remote in others if not has_entry(text, remote)]
    return (overlay if len(lacking) == len(others) else {**overlay, "NETRC": str(netrc)}), lacking


def _missing(
    root: Path, environment: Mapping[str, str], lacking: Sequence[str], needed_by: str
) -> CredentialMissingError:
    found = found_instead(_text(root / ".env"), environment.get(VARIABLE, ""))
    return CredentialMissingError(
        f"{VARIABLE}: found {found}, expected a token of {' and '.join(lacking)} for {needed_by}",
        hint=_hint(lacking[0]),
    )


def _hint(remote: str) -> str:
    return f"echo '{VARIABLE}=…' >> .env   # https://{remote}/settings/user makes one"


def _is_set(root: Path, environment: Mapping[str, str]) -> bool:
    return bool(parse_env_file(_text(root / ".env")) or environment.get(VARIABLE, "").strip())


def _find_token(root: Path, environment: Mapping[str, str]) -> BufToken | None:
    return choose_token(_text(root / ".env"), environment.get(VARIABLE, ""))


def _overlay(token: BufToken | None) -> dict[str, str]:
    return {VARIABLE: token.text} if token else {}


def _netrc_file(environment: Mapping[str, str]) -> Path:
    """NETRC where it is set, for then buf looks nowhere else; else what buf_setup_netrc wrote; else the user's own."""
    if named := environment.get("NETRC"):
        return Path(named)
    home = Path(environment.get("HOME") or Path.home())
    ours = home / ".netrc_buf"
    return ours if ours.is_file() else home / ".netrc"


def _text(path: Path) -> str:
    """Empty where there is no file to read (`.env` may be a virtual environment); buf, too, goes on without it."""
    try:
        return file_text(path, errors="surrogateescape")
    except OSError:
        return ""
