"""Dockerfiles of every shape, and what BuildKit makes of them: a unit test holds our parser to this table,
tests/real/test_buildkit.py holds the table to BuildKit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`bases` and `copies` as parse_dockerfile gives them, or `error`: the line, and what the reason contains.
    `left_to_builds` is for what BuildKit refuses and we let pass, since it says nothing of bases and sources."""

    name: str
    text: str
    bases: tuple[str, ...] = ("node:24",)
    copies: tuple[str, ...] = ()
    error: tuple[int, str] | None = None
    left_to_builds: bool = False


def shape(name: str, *lines: str, copies: str = "", bases: str = "node:24", left_to_builds: bool = False) -> Shape:
    return Shape(
        name=name,
        text="\n".join(lines) + "\n",
        bases=tuple(bases.split()),
        copies=tuple(copies.split()),
        left_to_builds=left_to_builds,
    )


def refused(name: str, line: int, reason: str, *lines: str) -> Shape:
    return Shape(name=name, text="\n".join(lines) + "\n", error=(line, reason))


FROM = "FROM node:24"

LINES = (
    shape("comments", "# one", "", FROM, "  # two", "COPY a /", "#COPY b /", copies="a"),
    shape("a comment after an instruction is none", FROM, "COPY a b# /x", copies="a b#"),
    shape("continuation", FROM, "COPY a \\", "  b \\", " /x/", copies="a b"),
    shape("continuation with blanks after the escape", FROM, "COPY a \\  \t", "  b /x/", copies="a b"),
    shape("empty lines in a continuation", FROM, "COPY a \\", "", "   ", "  b /x/", copies="a b"),
    shape("comments in a continuation", FROM, "COPY a \\", "# no", "   # no \\", "  b /x/", copies="a b"),
    shape("an escaped escape is no continuation", FROM, "RUN echo \\\\", "COPY a /x", copies="a"),
    shape("a continuation within a word", FROM, "COPY al\\", "pha /x", copies="alpha"),
    shape("a continuation at the end of the file", FROM, "COPY a /x \\", copies="a"),
    shape("an escape alone on its line", FROM, "\\", "COPY a /x", copies="a"),
    shape("escape", "# escape=`", FROM, "COPY a `", "  b C:\\x\\", copies="a b"),
    shape("escape after syntax", "# syntax=docker/dockerfile:1", "# escape=`", FROM, "COPY a `", " b /x/", copies="a b"),
    shape("escape in capital letters", "#ESCAPE = `", FROM, "COPY a `", " b /x/", copies="a b"),
    shape("escape after a comment is a comment", "# hello", "# escape=`", FROM, "COPY a \\", " b /x/", copies="a b"),
    shape("escape after an empty line is a comment", "", "# escape=`", FROM, "COPY a \\", " b /x/", copies="a b"),
    shape("escape after an unknown directive", "# a=b", "# escape=`", FROM, "COPY a \\", " b /x/", copies="a b"),
    shape("check", "# check=skip=all", "# escape=`", FROM, "COPY a `", " b /x/", copies="a b"),
    shape("line ends of Windows", FROM + "\r", "COPY a \\\r", "  b /x/\r", "\r", "COPY c /\r", copies="a b c"),
    shape("here-document with line ends of Windows", FROM + "\r", "RUN <<EOF\r", "COPY no /\r", "EOF\r", "COPY a /\r", copies="a"),
    shape("byte order mark", "\ufeff" + FROM, "COPY a /", copies="a"),
    shape("byte order mark before a directive", "\ufeff# escape=`", FROM, "COPY a `", " b /x/", copies="a b"),
    Shape(name="no newline at the end", text="FROM node:24\nCOPY a /", copies=("a",)),
    shape("small letters", "from node:24 as base", "copy a /", "run --mount=type=bind,source=b,target=/b x", copies="a b"),
    shape("tabs and form feeds", "FROM\tnode:24", "COPY\ta\f/", copies="a"),
    shape("blanks before", "  FROM node:24", "\tCOPY a /", copies="a"),
    Shape(name="other separators of lines", text="FROM node:24\nCOPY a\x85b /\nCOPY c\u2028d /\n", copies=("a\x85b", "c\u2028d")),
    refused("nothing", 0, "file with no instructions", ""),
    refused("comments alone", 0, "file with no instructions", "# a", "", "# b"),
    refused("two escapes", 0, "only one escape parser directive can be used", "# escape=\\", "# escape=`", FROM),
    refused("another escape", 0, "invalid escape token 'x' does not match", "# escape=x", FROM),
    refused("unknown instruction", 2, "unknown instruction: COPPY", FROM, "COPPY a /"),
    refused("no stage", 1, "no build stage in current context", "RUN x", FROM),
    refused("arguments alone", 0, "dockerfile contains no stages to build", "ARG A=1"),
)

HEREDOCS = (
    shape("heredoc", FROM, "RUN <<EOF", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc in quotes", FROM, "RUN <<'EOF'", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc in double quotes", FROM, 'RUN <<"EOF"', "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc in part in quotes", FROM, "RUN <<E'O'F", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc after a space", FROM, "RUN cat << EOF", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc after a space in quotes", FROM, "RUN cat << 'EOF'", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc less tabs", FROM, "RUN <<-EOF", "\tCOPY no /x", "\tEOF", "COPY a /x", copies="a"),
    refused("heredoc less tabs after a space is none", 3, "unknown instruction: EOF", FROM, "RUN cat <<- EOF", "EOF"),
    shape("heredoc with tabs that stay", FROM, "RUN <<EOF", "\tEOF", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc of a descriptor", FROM, "RUN x 3<<EOF", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredocs", FROM, "RUN a <<ONE && b <<TWO", "COPY no /", "ONE", "COPY no /", "TWO", "COPY a /", copies="a"),
    shape("heredoc with a pipe", FROM, "RUN cat <<EOF | sh", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc beside what is no name", FROM, "RUN cat <<EOF>/x", "COPY no /x", "EOF>/x", "COPY a /", copies="a"),
    shape("heredoc on a continued line", FROM, "RUN cat \\", " <<EOF", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    shape("heredoc in COPY", FROM, "COPY <<EOF /etc/motd", "hello", "EOF", "COPY a /x", copies="a"),
    shape("heredoc and a file in COPY", FROM, "COPY b <<EOF c /etc/", "hello", "EOF", "COPY a /x", copies="b c a"),
    shape("heredocs in ADD", FROM, "ADD <<ONE <<TWO /etc/", "1", "ONE", "2", "TWO", "ADD a /x", copies="a"),
    shape("heredoc with comments inside", FROM, "RUN <<EOF", "# COPY no /x", "", "EOF", "COPY a /x", copies="a"),
    shape("heredoc with a continuation inside", FROM, "RUN <<EOF", "x \\", "EOF", "COPY a /x", copies="a"),
    shape("here-string is no heredoc", FROM, "RUN cat <<<word", "COPY a /x", copies="a"),
    shape("shift is no heredoc", FROM, "RUN echo $((1<<n))", "COPY a /x", copies="a"),
    shape("shift with spaces is one", FROM, "RUN echo $((1 << n ))", "COPY a /x", "n", "COPY b /", copies="b"),
    shape("heredoc in a string is none", FROM, "RUN echo '<<EOF'", "COPY a /x", copies="a"),
    shape("heredoc in an unclosed string", FROM, "RUN echo it's <<EOF", "COPY a /x", copies="a"),
    shape("heredoc in JSON is none", FROM, 'RUN ["cat", "<<EOF"]', "COPY a /x", copies="a"),
    shape("heredoc of CMD is none", FROM, "CMD cat <<EOF", "COPY a /x", copies="a"),
    shape("heredoc named by a variable", FROM, "RUN cat <<$A", "COPY no /", "$A", "COPY a /x", copies="a"),
    shape("heredoc named by a variable with default", FROM, "RUN cat x${A:-b}<<EOF", "COPY a /x", copies="a"),
    shape("heredoc in ONBUILD", FROM, "ONBUILD RUN <<EOF", "COPY no /x", "EOF", "COPY a /x", copies="a"),
    refused("heredoc without its end", 2, "unterminated heredoc", FROM, "RUN <<EOF", "x"),
    refused("heredoc as a destination", 2, "COPY cannot accept a heredoc as a destination", FROM, "COPY a <<EOF", "EOF"),
)

SOURCES = (
    shape("several sources", FROM, "COPY a b/ c/d /x/", copies="a b/ c/d"),
    Shape(name="JSON", text='FROM node:24\nCOPY ["a b", "c", "/x/"]\n', copies=("a b", "c")),
    Shape(name="JSON with flags", text='FROM node:24\nADD --chmod=644 ["a b", "/x/"]\n', copies=("a b",)),
    shape("broken JSON is words", FROM, 'COPY ["a", "/x"] z /x/', copies='[a, /x] z'),
    refused("JSON of numbers", 2, "arrays must be comprised of strings only", FROM, 'COPY ["a", 1]'),
    shape("quotes", FROM, 'COPY "start.sh" \'b\' "/start.sh"', copies="start.sh b"),
    refused("a space in quotes", 2, "looking for matching double-quote", FROM, 'COPY "a b" /x'),
    Shape(name="a space in quotes in JSON", text='FROM node:24\nCOPY ["\'a b\'", "/x/"]\n', copies=("a b",)),
    shape("an escaped character", FROM, "COPY a\\$b c\\d /x/", copies="a$b cd"),
    shape("flags", FROM, "COPY --chown=1:1 --chmod=644 --link a /x", copies="a"),
    shape("a flag with a value of link", FROM, "COPY --link=false a /x", copies="a"),
    shape("parents", FROM, "COPY --parents a/./b/c **/package.json /x/", copies="a/./b/c **/package.json"),
    shape("excludes", FROM, "COPY --exclude=*.md --exclude=x . /x/", copies="."),
    shape("flags with quotes", FROM, "COPY --chown='1:1' --chmod=\"6\"44 a /x", copies="a"),
    shape("a word in quotes is no flag", FROM, 'COPY "--chown=1" --link a /x/', copies="--chown=1 --link a"),
    shape("the end of flags", FROM, "COPY -- --a /x", copies="--a"),
    shape("an unknown flag", FROM, "COPY --new=1 a /x", copies="a", left_to_builds=True),
    shape("wildcards", FROM, "COPY packages/*/package.json .npmrc* a?c [ab].ts /x/", copies="packages/*/package.json .npmrc* a?c [ab].ts"),
    shape("the whole context", FROM, "COPY . /x", copies="."),
    shape("the root of the context", FROM, "COPY / /x", copies="/"),
    shape("addresses", FROM, "ADD https://example.com/x.tgz /x", "ADD git@example.com:x/y.git /y", "ADD ssh://git@example.com/x.git /z"),
    shape("a checked address", FROM, f"ADD --checksum=sha256:{'0' * 64} https://example.com/x.tgz /x"),
    shape("an address beside a file", FROM, "ADD https://example.com/x.tgz a /x/", copies="a"),
    shape("an at sign", FROM, "COPY node_modules/@scope/a /x", copies="node_modules/@scope/a"),
    refused("no destination", 2, "COPY requires at least two arguments", FROM, "COPY a"),
    shape("bind mount", FROM, "RUN --mount=type=bind,source=a,target=a x", copies="a"),
    shape("bind mount without a type", FROM, "RUN --mount=source=a,target=a x", copies="a"),
    shape("bind mount, other order", FROM, "RUN --mount=target=/a,readonly,src=a,type=bind x", copies="a"),
    shape("bind mount, other names", FROM, "RUN --mount=type=bind,src=a,dst=a x", copies="a"),
    shape("bind mount of all", FROM, "RUN --mount=type=bind,target=/src x", copies="."),
    shape("bind mount in capital letters", FROM, "RUN --mount=TYPE=BIND,SOURCE=a,target=a x", copies="a"),
    shape("bind mount in quotes", FROM, 'RUN --mount="type=bind,source=a,target=a" x', copies="a"),
    shape("bind mount on a continued line", FROM, "RUN --mount=type=bind,source=a,target=a \\", "  --mount=type=bind,source=b,target=b \\", "  x", copies="a b"),
    shape("bind mount with a variable", FROM, "ARG D=a", "RUN --mount=source=$D/b,target=/b x", copies="a/b"),
    shape("other mounts", FROM, "RUN --mount=type=cache,target=/c --mount=type=secret,id=s --mount=type=ssh x"),
    shape("instructions without sources", FROM, 'SHELL ["/bin/sh", "-c"]', "HEALTHCHECK --interval=5s CMD x COPY a /", "HEALTHCHECK NONE", "LABEL a=b c='d e'", "EXPOSE 80 81/udp", "VOLUME /v", "USER a", "WORKDIR /w", "STOPSIGNAL 9", 'ENTRYPOINT ["x"]', "CMD y"),
    shape("words that are no sources", FROM, "RUN COPY a /x", "LABEL COPY=a", "CMD COPY a b"),
    shape("ONBUILD", FROM, "ONBUILD COPY a /x", "COPY b /x", copies="b"),
    shape("ONBUILD in a stage below", "FROM node:24 AS base", "ONBUILD ARG D=a", "ONBUILD COPY $D /x", "FROM base", "COPY $D/b /", copies="a a/b"),
)

BASES = (
    shape("platform", "FROM --platform=$BUILDPLATFORM node:24"),
    shape("a digest", "FROM node@sha256:" + "0" * 64, bases="node@sha256:" + "0" * 64),
    shape("scratch", "FROM scratch", bases=""),
    shape("a stage", "FROM node:24 AS build", "FROM build AS test", "FROM test"),
    shape("a stage in capital letters", "FROM node:24 AS Build", "FROM build"),
    shape("a stage named as an image", "FROM node:24 AS debian", "FROM debian"),
    shape("a stage named as its own base", "FROM node AS node", "FROM node", bases="node"),
    shape("a stage that comes later", "FROM build", "FROM node:24 AS build", bases="build node:24"),
    shape("numbers are no stages to FROM", FROM, "FROM 0", bases="node:24 0"),
    shape("copy from a stage", "FROM node:24 AS build", "FROM scratch", "COPY --from=build a /x"),
    shape("copy from a stage in capital letters", "FROM node:24 AS build", "FROM scratch", "COPY --from=BUILD a /x"),
    shape("copy from a number", FROM, "FROM scratch", "COPY --from=0 a /x"),
    shape("copy from an image", FROM, "COPY --from=busybox:1 a /x", bases="node:24 busybox:1"),
    shape("copy from an image, second flag", FROM, "COPY --chown=1 --from=busybox:1 a /x", bases="node:24 busybox:1"),
    shape("copy from scratch", FROM, "COPY --from=scratch a /x"),
    shape("copy from nothing", FROM, "COPY --from= a /x", copies="a"),
    shape("from is a flag of COPY alone", FROM, "COPY a --from=b /x/", copies="a --from=b"),
    shape("mount from a stage", "FROM node:24 AS deps", "FROM scratch", "RUN --mount=type=bind,from=deps,target=/d x"),
    shape("mount from an image", FROM, "RUN --mount=from=busybox:1,target=/t x", bases="node:24 busybox:1"),
    shape("cache mount from an image", FROM, "RUN --mount=type=cache,from=busybox:1,target=/t x", bases="node:24 busybox:1"),
    shape("mounts know no numbers", FROM, "FROM scratch", "RUN --mount=from=0,target=/t x", bases="node:24 0"),
    refused("a variable in --from", 3, "variable expansion is not supported for --from", FROM, "ARG B=x", "COPY --from=$B a /x"),
    refused("a variable in a mount", 3, "'from' doesn't support variable expansion", FROM, "ARG B=x", "RUN --mount=from=$B,target=/t x"),
    refused("two words", 1, "FROM requires either one or three arguments", "FROM node:24 build"),
    refused("four words", 1, "FROM requires either one or three arguments", "FROM node:24 AS build x"),
    refused("no word", 1, "FROM requires either one or three arguments", "FROM"),
    refused("a stage named by a number", 1, "invalid name for build stage", "FROM node:24 AS 1a"),
    refused("a blank base", 1, "base name ($A) should not be blank", "FROM $A"),
)

VARIABLES = (
    shape("a global argument", "ARG V=24", "FROM node:$V"),
    shape("a global argument in quotes", 'ARG V="24"', "FROM node:${V}"),
    shape("global arguments that follow", "ARG V=24", "ARG B=node:${V}-slim", "FROM $B", bases="node:24-slim"),
    shape("global arguments of one line", "ARG A=1 V=24 B=node:$V", "FROM $B"),
    shape("a global argument is none of a stage", "ARG D=a", "FROM scratch", "COPY x$D /", bases="", copies="x"),
    shape("a global argument declared again", "ARG D=a", FROM, "ARG D", "COPY $D /", copies="a"),
    shape("a global argument with another value", "ARG D=a", FROM, "ARG D=b", "COPY $D /", copies="b"),
    shape("an argument is none of FROM", FROM, "ARG V=1", "FROM node:2$V", bases="node:24 node:2"),
    shape("arguments of each stage", "FROM scratch AS one", "ARG S=left", "COPY $S /", "FROM scratch", "ARG S=right", "COPY $S /", bases="", copies="left right"),
    shape("arguments of another stage", "FROM scratch AS one", "ARG S=left", "FROM scratch", "COPY x$S /", bases="", copies="x"),
    shape("an argument of the stage below", "FROM node:24 AS one", "ARG S=left", "FROM one", "COPY $S /", copies="left"),
    shape("ENV of the stage below", "FROM node:24 AS one", "ENV S=left", "FROM one", "COPY $S /", copies="left"),
    shape("ENV of another stage", "FROM scratch AS one", "ENV S=left", "FROM scratch", "COPY x$S /", bases="", copies="x"),
    shape("an argument before its declaration", "FROM scratch", "COPY x$D /", "ARG D=a", "COPY $D /", bases="", copies="x a"),
    shape("ENV over an argument", FROM, "ARG D=a", "ENV D=b", "COPY $D /", copies="b"),
    shape("an argument over ENV", FROM, "ENV D=b", "ARG D=a", "COPY $D /", copies="a"),
    shape("an argument without a value over ENV", FROM, "ENV D=b", "ARG D", "COPY $D /", copies="b"),
    shape("ENV from an argument", FROM, "ARG D=a", "ENV E=$D/b", "COPY $E /", copies="a/b"),
    shape("ENV of one line does not see itself", FROM, "ENV A=1", "ENV A=2 B=$A", "COPY $A $B /x/", copies="2 1"),
    shape("ARG of one line sees itself", FROM, "ARG A=1", "ARG A=2 B=$A", "COPY $A $B /x/", copies="2 2"),
    Shape(name="the old form of ENV", text="FROM node:24\nENV D a  b\nCOPY $D /\n", copies=("a  b",)),
    shape("the old form of ENV in quotes", FROM, 'ENV D "north"', "COPY data/${D}/ /", copies="data/north/"),
    Shape(name="the old form of ENV with =", text="FROM node:24\nENV D a=b c\nCOPY $D /\n", copies=("a=b c",)),
    Shape(name="ENV in quotes", text="FROM node:24\nENV A=\"a b\" B='c $A' C=d\\ e\nCOPY $A $B $C /x/\n", copies=("a b", "c $A", "d e")),
    shape("ENV on a continued line", FROM, "ENV A=1 \\", "  B=2", "COPY $A $B /x/", copies="1 2"),
    shape("a name from a variable", FROM, "ENV N=D", "ENV $N=a", "COPY $D /", copies="a"),
    shape("a variable in the middle", FROM, "ENV D=a", "COPY x${D}y x$D-y $Dx.txt /x/", copies="xay xa-y *.txt"),
    shape("an escaped variable", FROM, "ENV D=a", "COPY \\$D \\${D} '$D' \"$D\" /x/", copies="$D ${D} $D a"),
    shape("an escaped variable, other escape", "# escape=`", FROM, "ENV D=a", "COPY `$D $D /x/", copies="$D a"),
    shape("no name", FROM, "COPY a$ b$/c /x/", copies="a$ b$/c"),
    shape("default of unset", "FROM scratch", "COPY ${D:-a} ${D-b} /x/", bases="", copies="a b"),
    shape("default of empty", FROM, "ENV D=", "COPY ${D:-a} x${D-b} /x/", copies="a x"),
    shape("default of set", FROM, "ENV D=c", "COPY ${D:-a} ${D-b} /x/", copies="c c"),
    shape("default with variables", FROM, "ENV E=e", "ENV D=", "COPY ${D:-${E}/f} ${D:-\"g\"} /x/", copies="e/f g"),
    shape("instead of unset", "FROM scratch", "COPY x${D:+a} y${D+b} /x/", bases="", copies="x y"),
    shape("instead of empty", FROM, "ENV D=", "COPY x${D:+a} y${D+b} /x/", copies="x yb"),
    shape("instead of set", FROM, "ENV D=c", "COPY ${D:+a} ${D+b} /x/", copies="a b"),
    shape("required and set", FROM, "ENV D=c", "COPY ${D:?no} ${D?no} /x/", copies="c c"),
    refused("required and unset", 2, "D: no-such-thing", "FROM scratch", "COPY ${D:?no-such-thing} /"),
    refused("required and empty", 3, "D: is not allowed to be empty", "FROM scratch", "ENV D=", "COPY ${D:?} /"),
    shape("without a suffix", FROM, "ENV D=a.b.c", "COPY ${D%.*} ${D%%.*} ${D%x} /x/", copies="a.b a a.b.c"),
    shape("without a prefix", FROM, "ENV D=a.b.c", "COPY ${D#*.} ${D##*.} ${D#?} /x/", copies="b.c c .b.c"),
    shape("replaced", FROM, "ENV D=a-b-c", "COPY ${D/-/+} ${D//-/+} ${D//[/x} /x/", copies="a+b-c a+b+c a-b-c"),
    shape("brackets in patterns mean themselves", FROM, "ENV D=a[b]", "COPY ${D%[b]} ${D#[ab]} /x/", copies="a a[b]"),
    refused("an unknown modifier", 3, "unsupported modifier", FROM, "ENV D=a", "COPY ${D^} /"),
    refused("a missing brace", 3, "missing '}'", FROM, "ENV D=a", "COPY ${D:-a /"),
    refused("a blank name", 2, "bad substitution", FROM, "COPY ${} /"),
    refused("ENV without a value", 2, "ENV must have two arguments", FROM, "ENV D"),
    refused("ENV of mixed forms", 2, "can't find = in", FROM, "ENV A=1 B"),
    refused("ENV of nothing", 2, "ENV requires at least one argument", FROM, "ENV"),
    refused("ENV without a name", 2, "ENV names can not be blank", FROM, "ENV =1"),
    refused("ARG without a name", 2, "ARG names can not be blank", FROM, "ARG =1"),
)

# What only a build knows is `*` to us.
BUILDS = (
    shape("the platform in a base", "FROM node:24-$TARGETARCH", bases="node:24-*"),
    shape("the platform in a stage", "FROM node:24 AS base-amd64", "FROM node:24 AS base-arm64", "FROM base-$TARGETARCH"),
    shape("the platform in a copy", FROM, "ARG TARGETARCH", "COPY bin-$TARGETARCH /", copies="bin-*"),
    shape("the platform undeclared", "FROM scratch", "COPY bin-$TARGETARCH /", bases="", copies="bin-"),
    shape("the platform with a default", FROM, "ARG TARGETARCH=x", "COPY bin-$TARGETARCH /", copies="bin-x"),
    shape("the platform through ENV", FROM, "ARG TARGETOS TARGETARCH", "ENV P=$TARGETOS-$TARGETARCH", "COPY $P/${P%-*} /", copies="*-*/*"),
    shape("the platform through modifiers", FROM, "ARG TARGETARCH", "COPY a${TARGETARCH:+b} ${TARGETARCH:-c} ${TARGETARCH#x} ${TARGETARCH/m/n} /x/", copies="a* * * *"),
    shape("an argument without a value", FROM, "ARG D", "COPY x$D ${D:-a} /x/", copies="x* a"),
    shape("an argument without a value in a base", "ARG B", "FROM ${B:-node:24}"),
    shape("ENV of an image", FROM, "COPY x$PYTHON_VERSION /", copies="x*"),
    shape("a part that only a build knows", FROM, "ARG TARGETARCH", "ENV P=a-$TARGETARCH", "COPY ${P:+b} ${P:-c} /x/", copies="b a-*"),
)

SHAPES = (*LINES, *HEREDOCS, *SOURCES, *BASES, *VARIABLES, *BUILDS)
