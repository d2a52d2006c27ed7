from __future__ import annotations

import pytest

from nox_rings.images.dockerfile.model import Dockerfile, parse_dockerfile


def lines(*texts: str) -> str:
    return "\n".join(texts) + "\n"


def bases(*texts: str) -> tuple[str, ...]:
    return parse_dockerfile(lines(*texts)).bases


def copied(*texts: str) -> list[str]:
    return [path for _, path in parse_dockerfile(lines("FROM scratch", *texts)).copies]


def test_a_whole_file_gives_its_bases_what_it_copies_with_lines_and_its_build_arguments() -> None:
    text = lines(
        "# syntax=docker/dockerfile:1",
        "ARG NODE=24",
        "FROM --platform=$BUILDPLATFORM node:${NODE}-slim AS build",
        "ARG VERSION",
        "WORKDIR /app",
        "COPY package.json pnpm-lock.yaml ./",
        "RUN npm ci",
        "COPY services/graph services/graph",
        "FROM gcr.io/distroless/nodejs24",
        "COPY --from=build /app/dist /app",
    )
    assert parse_dockerfile(text) == Dockerfile(
        bases=("node:24-slim", "gcr.io/distroless/nodejs24"),
        copies=((6, "package.json"), (6, "pnpm-lock.yaml"), (8, "services/graph")),
        build_args=("NODE", "VERSION"),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (("FROM node:24",), ("node:24",)),
        (("from node:24 as build",), ("node:24",)),
        (("FROM\tnode:24",), ("node:24",)),
        (("FROM --platform=linux/amd64 node:24",), ("node:24",)),
        (("FROM scratch",), ()),
        (("FROM node:24 AS build", "FROM build AS test"), ("node:24",)),
        (("FROM node:24 AS Build", "FROM build"), ("node:24",)),
        (("FROM node:24", "FROM node:24"), ("node:24",)),
        (("ARG BASE=node:24", "FROM $BASE"), ("node:24",)),
        (('ARG BASE="node:24"', "FROM ${BASE}"), ("node:24",)),
        (("ARG TAG=24", "ARG BASE=node:${TAG}-slim", "FROM $BASE"), ("node:24-slim",)),
        (("ARG ONE=24 TWO=25", "FROM node:$TWO"), ("node:25",)),
        (("ARG BASE", "FROM ${BASE:-node:24}"), ("node:24",)),
        (("FROM ${BASE:-node:24}",), ("node:24",)),
        (("FROM node@sha256:00ff AS pinned",), ("node@sha256:00ff",)),
    ],
)
def test_bases_are_from_names_that_are_no_stage(text: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert bases(*text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (("FROM node:24 AS build", "FROM scratch", "COPY --from=build /a /b"), ("node:24",)),
        (("FROM node:24", "FROM scratch", "COPY --from=0 /a /b"), ("node:24",)),
        (("FROM scratch", "COPY --from=busybox:1 /bin/sh /sh"), ("busybox:1",)),
        (("FROM scratch", "COPY --chown=1:1 --from=busybox:1 /bin/sh /sh"), ("busybox:1",)),
        (("FROM scratch", "RUN --mount=from=tools:2,target=/t make"), ("tools:2",)),
        (("FROM scratch", "RUN --mount=type=bind,from=tools:2,target=/t make"), ("tools:2",)),
        (("FROM node:24 AS deps", "FROM scratch", "RUN --mount=type=cache,from=deps,target=/c make"), ("node:24",)),
    ],
)
def test_images_named_by_from_flags_are_bases_too(text: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert bases(*text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (("COPY a.txt b.txt /dest/",), ["a.txt", "b.txt"]),
        (("ADD a.tar /dest",), ["a.tar"]),
        (("COPY\ta.txt /dest",), ["a.txt"]),
        (("COPY --chown=node:node --chmod=644 a.txt /dest",), ["a.txt"]),
        (("COPY --link . .",), ["."]),
        (('COPY ["a b.txt", "c.txt", "/dest/"]',), ["a b.txt", "c.txt"]),
        (("COPY a.txt \\", "  b.txt \\", "  /dest/"), ["a.txt", "b.txt"]),
        (("COPY a.txt \\", "# in between", "", "  b.txt /dest/"), ["a.txt", "b.txt"]),
        (("# COPY no.txt /dest", "COPY a.txt /dest"), ["a.txt"]),
        (("ARG DIR=services/graph", "COPY ${DIR}/main.ts /app/"), ["services/graph/main.ts"]),
        (("ENV DIR=services/graph", "COPY $DIR /app"), ["services/graph"]),
        (("ENV DIR services/graph", "COPY $DIR /app"), ["services/graph"]),
        (("ARG TARGETARCH", "COPY bin/app-$TARGETARCH /app"), ["bin/app-*"]),
        (("COPY packages/*/package.json ./",), ["packages/*/package.json"]),
        (("ADD https://example.com/x.tgz /x", "ADD git@example.com:x/y.git /y"), []),
        (("ADD ssh://git@example.com/x.git /x",), []),
        (("COPY --from=build /a /b",), []),
    ],
)
def test_copies_are_files_of_the_context(text: tuple[str, ...], found: list[str]) -> None:
    assert copied(*text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (("RUN --mount=type=bind,source=package.json,target=package.json npm ci",), ["package.json"]),
        (("RUN --mount=source=package.json,target=package.json npm ci",), ["package.json"]),
        (("RUN --mount=type=bind,src=uv.lock,dst=uv.lock uv sync",), ["uv.lock"]),
        (("RUN --mount=type=bind,target=. make",), ["."]),
        (("RUN --mount=type=bind,source=a,target=a --mount=type=bind,source=b,target=b make",), ["a", "b"]),
        (("RUN --mount=type=bind,from=build,source=/out,target=/out make",), []),
        (("RUN --mount=type=cache,target=/root/.npm npm ci",), []),
        (("RUN --mount=type=secret,id=npmrc npm ci",), []),
    ],
)
def test_a_bind_mount_of_the_context_is_read_like_a_copy(text: tuple[str, ...], found: list[str]) -> None:
    assert copied(*text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (("RUN <<EOF", "COPY no.txt /dest", "EOF", "COPY a.txt /dest"), ["a.txt"]),
        (("RUN <<-'EOF'", "COPY no.txt /dest", "\tEOF", "COPY a.txt /dest"), ["a.txt"]),
        (("RUN python3 <<ONE && sh <<TWO", "COPY no /x", "ONE", "COPY no /x", "TWO", "COPY a.txt /x"), ["a.txt"]),
        (("COPY <<EOF /etc/motd", "hello", "EOF", "COPY a.txt /dest"), ["a.txt"]),
        (("RUN cat > /x <<EOF", "# not a comment to us", "EOF", "COPY a.txt /dest"), ["a.txt"]),
        (("RUN cat <<<word", "COPY a.txt /dest"), ["a.txt"]),
        (("RUN echo $((1<<n))", "COPY a.txt /dest"), ["a.txt"]),
    ],
)
def test_the_text_of_a_here_document_is_no_instruction(text: tuple[str, ...], found: list[str]) -> None:
    assert copied(*text) == found


def test_a_file_may_choose_its_escape_character() -> None:
    text = lines("# escape=`", "FROM scratch", "COPY a.txt `", "  b.txt C:\\dest\\")
    assert [path for _, path in parse_dockerfile(text).copies] == ["a.txt", "b.txt"]


def test_a_copy_is_told_with_the_line_it_begins_on() -> None:
    text = lines("FROM scratch", "", "COPY a.txt \\", "  b.txt /dest/", "COPY c.txt /dest/")
    assert parse_dockerfile(text).copies == ((3, "a.txt"), (3, "b.txt"), (5, "c.txt"))


STAGES = lines(
    "FROM node:24 AS build",
    "RUN --mount=from=tools:1,target=/t true",
    "FROM build AS test",
    "COPY --from=browser:1 / /",
    "FROM python:3 AS Docs",
    "FROM debian:13 AS left-out",
    "FROM scratch",
    "COPY --from=0 / /",
    "COPY --from=docs / /",
)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("", {"node:24": 1, "tools:1": 2, "python:3": 5}),
        ("build", {"node:24": 1, "tools:1": 2}),
        ("Test", {"node:24": 1, "tools:1": 2, "browser:1": 4}),
        ("2", {"python:3": 5}),
        ("none", {"node:24": 1, "tools:1": 2, "browser:1": 4, "python:3": 5, "debian:13": 6}),
    ],
)
def test_a_stage_needs_the_bases_of_the_stages_that_it_is_made_of(target: str, found: dict[str, int]) -> None:
    assert parse_dockerfile(STAGES).needed_bases(target) == found


def test_a_stage_whose_name_only_a_build_knows_may_be_each() -> None:
    text = lines("ARG W", "FROM a AS build-x", "FROM b AS build-y", "FROM c AS other", "FROM build-$W")
    assert parse_dockerfile(text).needed_bases() == {"a": 2, "b": 3}


def test_values_of_arguments_win_over_defaults() -> None:
    text = lines("ARG B=a", "FROM $B", "ARG SIDE=left", "COPY $SIDE /")
    found = parse_dockerfile(text, values={"SIDE": "right", "B": "b"})
    assert (found.bases, found.copies) == (("b",), ((4, "right"),))
