"""Pushing the schema to a registry: the real buf, and a registry of our own on loopback (schema_registry.py)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from checkout import Answer, Checkout, make_checkout
from protobuf_wire import decode, encode
from schema_registry import SchemaRegistry, schema_registry
from schema_registry_api import PROCEDURES
from schema_registry_store import RegistryError

FOLDER = "packages/ameide_core_proto"
BUF_YAML = f"{FOLDER}/buf.yaml"
SCHEMA = f"{FOLDER}/src/ameide_core_proto"
VENDORED = f"{FOLDER}/third_party/protovalidate"
VALIDATE = "buf/validate/validate.proto"
OURS, THEIRS = "ameideio/ameide", "bufbuild/protovalidate"
TOKEN, TOKEN_OF_ANOTHER = "token-of-ameideio-5d1a", "token-of-bufbuild-77c0"
UPLOAD = "/buf.registry.module.v1.UploadService/Upload"

# What `nox -s proto -- --push LABEL` does with its options, less nox.


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """A checkout whose schema is named after the registry, and a home folder without credentials."""

    checkout: Checkout
    registry: SchemaRegistry
    home: Path

    def push(self, label: str, *options: str, before: tuple[str, ...] = (), **variables: str) -> Answer:
        home = {"HOME": str(self.home), "BUF_CACHE_DIR": str(self.home / "cache"), "BUF_TOKEN": "", "NETRC": ""}
        trust = {"SSL_CERT_FILE": str(self.registry.certificate)}
        door = (str(self.checkout.root / "scripts/nox"), "-s", "proto", "--", f"--push={label}", *options)
        answer = self.checkout.command(*before, *door, **{**home, **trust, **variables})
        own = [line for line in answer.err.splitlines(keepends=True) if not line.startswith("nox > ")]
        return replace(answer, err="".join(own))

    def commit(self, message: str = "Change the schema") -> None:
        self.checkout.git("add", "-A", FOLDER)
        self.checkout.git("commit", "-q", "-m", message)

    def name_of(self, module: str) -> str:
        return f"{self.registry.host}/{module}"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    made = make_checkout(tmp_path_factory.mktemp("source") / "work tree")
    made.install("buf")  # of the authorities that sign registries, a push knows that of ours alone
    return made


@pytest.fixture
def pushing(source: Checkout, tmp_path: Path) -> Iterator[Pushing]:
    """Our module is there and empty; the one we depend on has the version that is vendored."""
    first = source.git("rev-parse", "HEAD").strip()
    with schema_registry({TOKEN: {"ameideio"}, TOKEN_OF_ANOTHER: {"bufbuild"}}) as registry:
        registry.store.create(*OURS.split("/"))
        registry.store.create(*THEIRS.split("/"))
        publish_vendored(registry, source)
        source.write(BUF_YAML, source.text(BUF_YAML).replace("buf.build/", f"{registry.host}/"))
        pushing = Pushing(checkout=source, registry=registry, home=tmp_path)
        pushing.commit("Name another registry")
        try:
            yield pushing
        finally:
            (source.root / ".env").unlink(missing_ok=True)
            source.git("reset", "-q", "--hard", first)
            source.git("clean", "-q", "-fdx", FOLDER)


def publish_vendored(registry: SchemaRegistry, checkout: Checkout) -> None:
    upload(registry, THEIRS, TOKEN_OF_ANOTHER, {VALIDATE: checkout.text(f"{VENDORED}/{VALIDATE}")}, "v1.2.0")
    registry.requests.clear()


def upload(registry: SchemaRegistry, module: str, token: str, files: dict[str, str], label: str) -> str:
    """Ask the registry as buf would; returns the id of the commit."""
    owner, name = module.split("/")
    content = {
        "module_ref": {"name": {"owner": owner, "module": name}},
        "files": [{"path": path, "content": text.encode()} for path, text in files.items()],
        "scoped_label_refs": [{"name": label}],
    }
    request = encode(PROCEDURES[UPLOAD].request, {"contents": [content]})
    response = registry.answer(UPLOAD, f"Bearer {token}" if token else "", request)
    commit: str = decode(PROCEDURES[UPLOAD].response, response)["commits"][0]["id"]
    return commit


def protos_of(pushing: Pushing) -> dict[str, bytes]:
    """Path as others import it → content, of the schema as it was committed."""
    top = pushing.checkout.root / FOLDER / "src"
    listed = pushing.checkout.git("ls-files", f"{FOLDER}/src").splitlines()
    paths = [pushing.checkout.root / path for path in listed]
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in paths if path.suffix == ".proto"}


@pytest.mark.parametrize("where", [".env", "environment"])
def test_a_push_uploads_exactly_the_files_of_our_module_under_the_label(pushing: Pushing, where: str) -> None:
    if where == ".env":
        pushing.checkout.write(".env", f"BUF_TOKEN={TOKEN}\n")
    answer = pushing.push("main", BUF_TOKEN="" if where == ".env" else TOKEN)
    assert answer.exit_code == 0, answer.out + answer.err
    module = pushing.registry.store.modules[OURS]
    assert dict(module.labels["main"].files) == protos_of(pushing)
    assert len(module.labels["main"].files) == 8
    assert {request.authorization for request in pushing.registry.requests} == {f"Bearer {TOKEN}"}
    assert pushing.registry.methods()[-2:] == ["GetModules", "Upload"]
    head = pushing.checkout.git("rev-parse", "HEAD").strip()
    name, commit = pushing.name_of(OURS), module.labels["main"].id
    assert f"to {pushing.registry.host} under the label main, from commit {head[:12]}\n" in answer.out
    assert answer.out.splitlines()[-1] == f"pushed {name}: main is now commit {commit}"


def test_what_is_vendored_here_is_left_to_its_owner_and_comes_from_the_registry_there(pushing: Pushing) -> None:
    assert pushing.push("main", BUF_TOKEN=TOKEN).exit_code == 0
    ours, theirs = pushing.registry.store.modules[OURS], pushing.registry.store.modules[THEIRS]
    assert ours.labels["main"].dependencies == (theirs.labels["v1.2.0"].id,)
    assert len(theirs.commits) == 1


def test_a_second_push_of_the_same_is_harmless(pushing: Pushing) -> None:
    first, second = (pushing.push("main", "--json", BUF_TOKEN=TOKEN) for _ in range(2))
    assert first.json() == second.json()
    assert len(pushing.registry.store.modules[OURS].commits) == 1


def test_a_changed_schema_is_another_commit_and_the_label_follows(pushing: Pushing) -> None:
    first = pushing.push("main", "--json", BUF_TOKEN=TOKEN).json()["modules"][0]["commit"]
    pushing.checkout.write(f"{SCHEMA}/more/v1/more.proto", 'syntax = "proto3";\npackage ameide_core_proto.more.v1;\n')
    pushing.commit()
    second = pushing.push("main", "--json", BUF_TOKEN=TOKEN).json()["modules"][0]["commit"]
    assert pushing.push("v1.0.0", BUF_TOKEN=TOKEN).exit_code == 0
    module = pushing.registry.store.modules[OURS]
    assert [each.id for each in module.commits] == [first, second]
    assert {label: commit.id for label, commit in module.labels.items()} == {"main": second, "v1.0.0": second}


def test_documentation_and_license_go_along_and_what_git_ignores_does_not(pushing: Pushing) -> None:
    pushing.checkout.write(f"{FOLDER}/src/README.md", "# Ameide\n")
    pushing.checkout.write(f"{FOLDER}/README.md", "# Not the one of the module\n")
    pushing.checkout.write(f"{FOLDER}/LICENSE", "MIT\n")
    pushing.checkout.write(f"{FOLDER}/.gitignore", "scratch.proto\n")
    pushing.commit()
    pushing.checkout.write(f"{SCHEMA}/scratch.proto", "this is no schema\n")
    answer = pushing.push("main", "--json", BUF_TOKEN=TOKEN)
    files = pushing.registry.store.modules[OURS].labels["main"].files
    assert dict(files) == {**protos_of(pushing), "README.md": b"# Ameide\n", "LICENSE": b"MIT\n"}
    reported = {path.removeprefix(f"{FOLDER}/").removeprefix("src/") for path in answer.json()["modules"][0]["files"]}
    assert reported == set(files)


def test_several_modules_of_ours_go_together(pushing: Pushing) -> None:
    pushing.registry.store.create("ameideio", "extras")
    pushing.checkout.write(
        f"{FOLDER}/extras/extras/v1/extras.proto",
        'syntax = "proto3";\npackage extras.v1;\nimport "ameide_core_proto/common/v1/resource.proto";\n',
    )
    entry = f"  - path: extras\n    name: {pushing.name_of('ameideio/extras')}\n  - path: src\n"
    pushing.checkout.write(BUF_YAML, pushing.checkout.text(BUF_YAML).replace("  - path: src\n", entry))
    pushing.commit()
    answer = pushing.push("main", BUF_TOKEN=TOKEN)
    assert answer.exit_code == 0, answer.err
    modules = pushing.registry.store.modules
    assert list(modules["ameideio/extras"].labels["main"].files) == ["extras/v1/extras.proto"]
    assert dict(modules[OURS].labels["main"].files) == protos_of(pushing)
    assert pushing.registry.methods().count("Upload") == 1


def test_a_lock_that_pins_everything_is_taken_as_it_is(pushing: Pushing) -> None:
    commit = pushing.registry.store.modules[THEIRS].labels["v1.2.0"]
    entry = {"name": pushing.name_of(THEIRS), "commit": commit.id, "digest": f"b5:{commit.digest.hex()}"}
    pushing.checkout.write(f"{FOLDER}/buf.lock", json.dumps({"version": "v2", "deps": [entry]}))
    pushing.commit()
    answer = pushing.push("main", BUF_TOKEN=TOKEN)
    assert answer.exit_code == 0, answer.err
    assert f"as {FOLDER}/buf.lock pins it" in answer.out
    assert "GetCommits" not in pushing.registry.methods()


def test_json_is_one_document_that_says_what_was_pushed(pushing: Pushing) -> None:
    answer = pushing.push("v1.0.0", "--json", BUF_TOKEN=TOKEN)
    document, name = answer.json(), pushing.name_of(OURS)
    files = document["modules"][0].pop("files")
    assert sorted(files) == sorted(f"{FOLDER}/src/{path}" for path in protos_of(pushing))
    assert document == {
        "ok": True,
        "dry_run": False,
        "label": "v1.0.0",
        "git_commit": pushing.checkout.git("rev-parse", "HEAD").strip(),
        "uncommitted": [],
        "token_lacking": None,
        "dependencies": [f"{pushing.name_of(THEIRS)}:v1.2.0"],
        "modules": [
            {
                "name": name,
                "registry": pushing.registry.host,
                "path": f"{FOLDER}/src",
                "protos": 8,
                "bytes": sum(map(len, protos_of(pushing).values())),
                "commit": pushing.registry.store.modules[OURS].labels["v1.0.0"].id,
            }
        ],
    }


def test_a_wrong_token_is_reported_in_one_sentence(pushing: Pushing) -> None:
    answer = pushing.push("main", BUF_TOKEN="of-nobody")
    assert answer.exit_code == 1
    sentence, hint = answer.err.strip().splitlines()
    assert sentence.startswith(f"{pushing.name_of(OURS)}: buf dep update failed: the BUF_TOKEN environment variable is")
    assert f"is not valid for {pushing.registry.host}" in sentence
    assert hint == "  try: nox -s proto -- --push main"
    assert pushing.registry.store.modules[OURS].commits == []


@pytest.mark.parametrize(
    ("token", "module", "answered"),
    [
        (TOKEN_OF_ANOTHER, OURS, "permission_denied: you may not write to ameideio/ameide"),
        (TOKEN, "ameideio/absent", "not_found: there is no module ameideio/absent"),
    ],
)
def test_what_the_registry_answers_is_passed_on(pushing: Pushing, token: str, module: str, answered: str) -> None:
    pushing.checkout.write(BUF_YAML, pushing.checkout.text(BUF_YAML).replace(OURS, module))
    pushing.checkout.git("commit", "-q", "-a", "--allow-empty", "-m", "Name the module")
    answer = pushing.push("main", "--json", BUF_TOKEN=token)
    assert answer.exit_code == 1
    assert answer.json()["error"]["family"] == "command"
    assert answer.json()["error"]["message"] == f"{pushing.name_of(module)}: buf push failed: {answered}"


def test_a_registry_that_is_not_there_is_named(pushing: Pushing) -> None:
    text = pushing.checkout.text(BUF_YAML).replace(pushing.registry.host, "localhost:1")
    pushing.checkout.write(BUF_YAML, text)
    pushing.commit()
    answer = pushing.push("main", BUF_TOKEN=TOKEN)
    assert answer.exit_code == 1
    assert "localhost:1" in answer.err.splitlines()[0]
    assert "unavailable" in answer.err.splitlines()[0]


def test_without_a_token_nothing_is_asked(pushing: Pushing) -> None:
    answer = pushing.push("main", "--json")
    assert answer.exit_code == 1
    error = answer.json()["error"]
    assert error["family"] == "credentials"
    assert error["message"].startswith("BUF_TOKEN: found it neither in .env nor in the environment")
    assert error["message"].endswith(f"for the push of {pushing.name_of(OURS)}")
    assert pushing.registry.requests == []


def test_a_dry_run_asks_nothing_and_needs_neither_token_nor_network(pushing: Pushing) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("NOT RUN: taking the network away needs unshare (util-linux)")
    answer = pushing.push("main", "--dry-run", before=("unshare", "--net", "--map-root-user"))
    assert answer.exit_code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[1].split() == [pushing.name_of(OURS), "8", ".proto", lines[1].split()[3], "kB", f"{FOLDER}/src"]
    assert lines[3] == f"with {pushing.name_of(THEIRS)}:v1.2.0 as it is on the registry now"
    assert lines[4].startswith("it would need a token: BUF_TOKEN: found it neither in .env nor in the environment")
    assert lines[5] == "dry run: nothing was pushed"
    assert pushing.registry.requests == []


def test_a_dry_run_with_a_token_has_nothing_to_say_of_it(pushing: Pushing) -> None:
    answer = pushing.push("main", "--dry-run", "--json", BUF_TOKEN=TOKEN)
    document = answer.json()
    assert (document["ok"], document["dry_run"], document["token_lacking"]) == (True, True, None)
    assert document["modules"][0]["commit"] is None
    assert pushing.registry.requests == []


def test_a_schema_that_is_not_committed_is_refused_with_the_command_that_helps(pushing: Pushing) -> None:
    pushing.checkout.write(f"{SCHEMA}/more/v1/more.proto", 'syntax = "proto3";\n')
    pushing.checkout.write("elsewhere.txt", "not of the schema\n")
    answer = pushing.push("main", BUF_TOKEN=TOKEN)
    assert answer.exit_code == 1
    assert answer.err.splitlines() == [
        f"{SCHEMA}/more/v1/more.proto is not committed, expected to push the schema of a commit",
        f"  try: git add {FOLDER} && git commit",
    ]
    assert pushing.registry.requests == []
    dry = pushing.push("main", "--dry-run", BUF_TOKEN=TOKEN)
    assert dry.exit_code == 0
    assert f"it would be refused: {SCHEMA}/more/v1/more.proto is not committed" in dry.out
    (pushing.checkout.root / "elsewhere.txt").unlink()


@pytest.mark.parametrize("label", ["", "-main", "two words", "a,b"])
def test_a_label_that_is_none_is_refused_before_anything(pushing: Pushing, label: str) -> None:
    answer = pushing.push(label, BUF_TOKEN=TOKEN)
    assert (answer.exit_code, answer.out) == (2, "")
    assert pushing.registry.requests == []


def test_without_a_named_module_the_line_to_add_is_reported(pushing: Pushing) -> None:
    text = pushing.checkout.text(BUF_YAML).replace(f"    name: {pushing.name_of(OURS)}\n", "")
    pushing.checkout.write(BUF_YAML, text)
    answer = pushing.push("main", BUF_TOKEN=TOKEN)
    assert answer.exit_code == 1
    assert answer.err.splitlines() == [
        f"{BUF_YAML}: found no module of ours with a name, expected one to push",
        "  try: add the line `name: buf.build/OWNER/MODULE` below `- path: src`",
    ]


def test_a_login_in_a_netrc_will_do(pushing: Pushing) -> None:
    (pushing.home / ".netrc").write_text(f"machine {pushing.registry.host} login anna password {TOKEN}\n")
    answer = pushing.push("main")
    assert answer.exit_code == 0, answer.err
    assert {request.authorization for request in pushing.registry.requests} == {f"Bearer {TOKEN}"}


def test_no_token_is_shown_or_written_anywhere(pushing: Pushing) -> None:
    """Neither of a push, nor of a refusal, nor where buf itself would repeat a BUF_TOKEN that it cannot read."""
    (pushing.home / ".netrc").write_text(f"machine {pushing.registry.host} login anna password {TOKEN}\n")
    answers = [
        pushing.push("main", BUF_TOKEN=TOKEN, BUF_DEBUG="true"),
        pushing.push("main", BUF_TOKEN=TOKEN_OF_ANOTHER),
        pushing.push("main", "--json", BUF_TOKEN=TOKEN_OF_ANOTHER),
        pushing.push("main", BUF_TOKEN=f"{TOKEN_OF_ANOTHER},{TOKEN}"),
    ]
    assert [answer.exit_code for answer in answers] == [0, 1, 1, 1]
    assert "GetModules" in answers[0].err
    assert "invalid token: ***" in answers[3].err
    own = pushing.checkout.root / ".nox-rings"
    written = [path.read_bytes() for path in own.rglob("*") if path.is_file()]
    shown = [(answer.out + answer.err).encode() for answer in answers]
    for token in (TOKEN, TOKEN_OF_ANOTHER):
        assert not [text for text in (*written, *shown) if token.encode() in text]


@pytest.mark.parametrize(
    ("token", "module", "files", "label", "code"),
    [
        ("", THEIRS, {"a.proto": ""}, "main", "unauthenticated"),
        ("of-nobody", THEIRS, {"a.proto": ""}, "main", "unauthenticated"),
        (TOKEN, THEIRS, {"a.proto": ""}, "main", "permission_denied"),
        (TOKEN, "ameideio/absent", {"a.proto": ""}, "main", "not_found"),
        (TOKEN, OURS, {}, "main", "invalid_argument"),
        (TOKEN, OURS, {"../a.proto": ""}, "main", "invalid_argument"),
        (TOKEN, OURS, {"a.proto": ""}, "x" * 251, "invalid_argument"),
        (TOKEN, OURS, {"a.proto": f'import "{VALIDATE}";'}, "main", "invalid_argument"),
    ],
)
def test_our_registry_refuses_what_a_real_one_does(
    token: str, module: str, files: dict[str, str], label: str, code: str
) -> None:
    with schema_registry({TOKEN: {"ameideio"}}) as registry:
        registry.store.create(*OURS.split("/"))
        registry.store.create(*THEIRS.split("/"))
        with pytest.raises(RegistryError) as refused:
            upload(registry, module, token, files, label)
        assert refused.value.code == code
