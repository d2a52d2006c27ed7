"""Lines, continuations and here-documents."""

from __future__ import annotations

from unit.images.dockerfile.shape import FROM, Shape, refused, shape

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
    shape(
        "escape after syntax", "# syntax=docker/dockerfile:1", "# escape=`", FROM, "COPY a `", " b /x/", copies="a b"
    ),
    shape("escape in capital letters", "#ESCAPE = `", FROM, "COPY a `", " b /x/", copies="a b"),
    shape("escape after a comment is a comment", "# hello", "# escape=`", FROM, "COPY a \\", " b /x/", copies="a b"),
    shape("escape after an empty line is a comment", "", "# escape=`", FROM, "COPY a \\", " b /x/", copies="a b"),
    shape("escape after an unknown directive", "# a=b", "# escape=`", FROM, "COPY a \\", " b /x/", copies="a b"),
    shape("check", "# check=skip=all", "# escape=`", FROM, "COPY a `", " b /x/", copies="a b"),
    shape("line ends of Windows", FROM + "\r", "COPY a \\\r", "  b /x/\r", "\r", "COPY c /\r", copies="a b c"),
    shape(
        "here-document with line ends of Windows",
        FROM + "\r",
        "RUN <<EOF\r",
        "COPY no /\r",
        "EOF\r",
        "COPY a /\r",
        copies="a",
    ),
    shape("byte order mark", "\ufeff" + FROM, "COPY a /", copies="a"),
    shape("byte order mark before a directive", "\ufeff# escape=`", FROM, "COPY a `", " b /x/", copies="a b"),
    Shape(name="no newline at the end", text="FROM node:24\nCOPY a /", copies=("a",)),
    shape(
        "small letters", "from node:24 as base", "copy a /", "run --mount=type=bind,source=b,target=/b x", copies="a b"
    ),
    shape("tabs and form feeds", "FROM\tnode:24", "COPY\ta\f/", copies="a"),
    shape("blanks before", "  FROM node:24", "\tCOPY a /", copies="a"),
    Shape(
        name="other separators of lines",
        text="FROM node:24\nCOPY a\x85b /\nCOPY c\u2028d /\n",
        copies=("a\x85b", "c\u2028d"),
    ),
    refused("an escape alone at the end", 2, "unknown instruction: ", FROM, "\\"),
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
    refused(
        "heredoc as a destination", 2, "COPY cannot accept a heredoc as a destination", FROM, "COPY a <<EOF", "EOF"
    ),
)
