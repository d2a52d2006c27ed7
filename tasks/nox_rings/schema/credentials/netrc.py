"""What makes a buf command known to a remote: BUF_TOKEN from .env, else from the environment; else a netrc."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from nox_rings.engine.errors import CredentialMissingError
from nox_rings.schema.credentials.model import VARIABLE, BufToken, choose_token, found_instead, has_entry


def require_buf_credentials(
    root: Path, environment: Mapping[str, str], remotes: Collection[str], needed_by: str
) -> Mapping[str, str]:
    """What a buf command gets to be known to these remotes: BUF_TOKEN, NETRC, or both, as buf asks a netrc where
    BUF_TOKEN has no token for a remote. Without remotes nothing is read and no credentials are needed.

    Raises CredentialMissingError for the remotes that are left."""
    if not remotes:
        return {}
    token = _find_token(root, environment)
    served = [remote for remote in remotes if token and token.serves(remote)]
    others = sorted(set(remotes) - set(served))
    overlay = _overlay(token) if served else {}
    if not others:
        return overlay
    netrc = _netrc_file(environment)
    text = _text(netrc)
    lacking = [remote for remote in others if not has_entry(text, remote)]
    if not lacking:
        return {**overlay, "NETRC": str(netrc)}
    found = found_instead(_text(root / ".env"), environment.get(VARIABLE, ""))
    raise CredentialMissingError(
        f"{VARIABLE}: found {found}, expected a token of {' and '.join(lacking)} for {needed_by}",
        hint=f"echo '{VARIABLE}=…' >> .env   # https://{lacking[0]}/settings/user makes one",
    )


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
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
