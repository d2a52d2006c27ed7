"""Checkouts are made once and shared: what is expensive is built once, and each test leaves the tree as it found it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from checkout import Checkout, make_checkout
from nox_rings.workspace.git.commands import REPOSITORY_VARIABLES
from sdks import Sdks

# Run by a hook, the tests would otherwise write to the repository of the hook.
for name in REPOSITORY_VARIABLES:
    os.environ.pop(name, None)


@pytest.fixture(scope="session")
def shared_checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return make_checkout(tmp_path_factory.mktemp("shared") / "work tree")


@pytest.fixture
def checkout(shared_checkout: Checkout) -> Iterator[Checkout]:
    """The shared checkout; a test that leaves edits behind fails."""
    yield shared_checkout
    assert shared_checkout.is_clean(), shared_checkout.git("status", "--porcelain")


@pytest.fixture(scope="session")
def built_checkout(shared_checkout: Checkout) -> Checkout:
    """After one whole `rings`."""
    answer = shared_checkout.nox("-s", "rings")
    assert answer.exit_code == 0, answer.out[-8000:] + answer.err[-4000:]
    return shared_checkout


@pytest.fixture(scope="session")
def sdks(shared_checkout: Checkout) -> Sdks:
    """After the SDKs were built and tested, which takes no images."""
    answer = shared_checkout.nox("-s", "sdk")
    assert answer.exit_code == 0, answer.out[-8000:] + answer.err[-4000:]
    return Sdks(shared_checkout)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    from groups import GroupScheduling

    return GroupScheduling(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run what takes an hour too: tests marked grid")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "grid: takes an hour; runs with --all only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --all none of a grid; a worker begins with what takes long."""
    if not config.getoption("--all"):
        left_out = pytest.mark.skip(reason="takes an hour: nox -s tests -- --all")
        for item in items:
            if item.get_closest_marker("grid"):
                item.add_marker(left_out)
    if "PYTEST_XDIST_WORKER" in os.environ:
        from groups import rank

        items.sort(key=lambda item: rank(item.nodeid))
