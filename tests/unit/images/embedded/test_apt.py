"""apt with lists, cache and configuration of its own."""

from __future__ import annotations

from pathlib import Path

from nox_rings.images.embedded.apt import configuration


def test_the_configuration_is_ours_alone_and_takes_the_hosts_hooks_away() -> None:
    expected = """#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::State::lists "/t/a b/lists";
Dir::Cache "/t/a b/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
"""
    assert configuration(Path("/t/a b")) == expected
