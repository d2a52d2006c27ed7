"""`/browser` of the packed TypeScript SDK: bundlers find nothing of Node in it, and a page in a real Chromium calls the
graph service through Connect-Web."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from bundles import NODE_IMPORTS, Author
from pages import GRAPH, HERE, Reader, find_chromium, running_graph, served
from sdks import TS_PACKAGE, Sdks

pytestmark = pytest.mark.usefixtures("checkout")  # which must be clean after each test
ELSEWHERE = "https://elsewhere.example"
# What a page learns where its browser gives it no answer: `fetch` tells no reason, and the SDK takes any for this one.
NO_ANSWER = "Unavailable"
# As they stand in the text of a bundle: in a string of an import, or called.
OF_NODE = re.compile(r"""["'`]node:\w+|\brequire\s*\(""")


@pytest.fixture(scope="module")
def author(sdks: Sdks, tmp_path_factory: pytest.TempPathFactory) -> Author:
    answer = sdks.checkout.nox("-s", "sdk-ts", "--", "--pack")
    assert answer.exit_code == 0, answer.out[-8000:] + answer.err[-4000:]
    author = Author(sdks, tmp_path_factory.mktemp("author"))
    author.install()
    return author


def using(entry: str) -> str:
    return f'import {{ AmeideClient }} from "{TS_PACKAGE}/{entry}";\nwindow.AmeideClient = AmeideClient;\n'


def test_a_bundle_of_browser_holds_the_sdk_and_nothing_of_node(author: Author) -> None:
    bundle = author.bundle(using("browser"), f"--external:{NODE_IMPORTS}")
    assert any(path.endswith(f"{TS_PACKAGE}/dist/browser.js") for path in bundle.modules), bundle.modules
    assert any("/connect-web/" in path for path in bundle.modules), bundle.modules
    assert not [path for path in bundle.modules if "connect-node" in path]
    assert bundle.imports == set()
    assert OF_NODE.findall(bundle.text) == []


def test_the_same_check_of_a_bundle_of_node_finds_modules_of_node(author: Author) -> None:
    bundle = author.bundle(using("node"), f"--external:{NODE_IMPORTS}", "--external:http*")
    assert {"node:http", "node:module"} <= bundle.imports
    assert '"node:module' in OF_NODE.findall(bundle.text)


@pytest.fixture(scope="module")
def reader(sdks: Sdks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """At the end neither a process nor a file of the browser is left."""
    reader = Reader(sdks=sdks, folder=tmp_path_factory.mktemp("reader"), chromium=find_chromium())
    reader.prepare()
    yield reader
    assert reader.leftovers() == []


@pytest.fixture(scope="module")
def origin(author: Author) -> Iterator[str]:
    """Where the page is served. The bundler, told of no exception, finds all that it imports."""
    assert author.bundle((HERE / "page.mjs").read_text(encoding="utf-8")).imports == set()
    shutil.copy(HERE / "index.html", author.folder / "out")
    with served(author.folder / "out") as origin:
        yield origin


@pytest.fixture(scope="module")
def built(sdks: Sdks) -> Sdks:
    """With the graph service."""
    sdks.run(("pnpm", "run", "build"), cwd=sdks.checkout.root / GRAPH)
    return sdks


def test_a_page_calls_the_service_of_another_origin_and_shows_the_answer(
    reader: Reader, origin: str, built: Sdks
) -> None:
    """With token, tenant, request id and the context of a trace, for each of which the browser has to ask leave."""
    with running_graph(built, allowed_origins=f"{ELSEWHERE},{origin}") as service:
        shown = reader.open(origin, service=service, name="Invoice desk ✓")
    assert (shown.outcome, shown.text) == ("answered", "Invoice desk ✓"), shown.said


def test_a_page_shows_the_code_of_an_error_that_the_service_answers(reader: Reader, origin: str, built: Sdks) -> None:
    with running_graph(built, allowed_origins=origin) as service:
        shown = reader.open(origin, service=service, element="6d0e4c8c-4b0b-4b0e-8b1c-0d9a3b9f6f11")
    assert (shown.outcome, shown.text) == ("failed", "NotFound"), shown.said


def test_a_page_whose_origin_is_not_allowed_is_kept_from_the_answer_by_the_browser(
    reader: Reader, origin: str, built: Sdks
) -> None:
    with running_graph(built, allowed_origins=ELSEWHERE) as service:
        shown = reader.open(origin, service=service, name="unseen")
    assert shown.outcome == "failed" and shown.text == NO_ANSWER, shown.said
    assert "blocked by CORS policy" in shown.said


def test_a_page_shows_the_code_when_the_service_is_down(reader: Reader, origin: str, built: Sdks) -> None:
    with running_graph(built, allowed_origins=origin) as service:
        pass
    shown = reader.open(origin, service=service, name="unsent")
    assert shown.outcome == "failed" and shown.text == NO_ANSWER, shown.said
    assert "ERR_CONNECTION_REFUSED" in shown.said
