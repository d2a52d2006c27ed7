"""Words of a Dockerfile: quotes, escapes and `$NAME`, as BuildKit's shell.Lex reads them
(moby/buildkit, frontend/dockerfile/shell/lex.go; tests/real/test_buildkit.py compares the two)."""

from __future__ import annotations

import re

from nox_rings.images.dockerfile.variables import UNKNOWN, Variables, WordError, modified, shell_pattern
from nox_rings.images.dockerfile.words import SPACES

MARKS = re.compile("[$'\"]")
SPECIAL = "@*#?-$!0"  # parameters of one character, POSIX.1-2017, Shell Command Language, 2.5.2


NOTHING = Variables()


def expand_word(text: str, variables: Variables, escape: str = "\\") -> str:
    """With variables replaced and quotes removed. Raises WordError."""
    if escape not in text and not MARKS.search(text):
        return text
    return _Lexer(text, variables, escape).read("", raw_escapes=False)[0]


def split_raw_words(text: str) -> list[str]:
    """The words of a line with their quotes, escapes and variables as they are: what may name a here-document."""
    lexer = _Lexer(text, NOTHING, "\\", raw_quotes=True, keep_unset=True)
    try:
        return lexer.read("", raw_escapes=True)[1]
    except WordError:
        return []


def unquoted_words(text: str, *, raw_quotes: bool = False) -> list[str]:
    """The words of a line without escapes, and without quotes unless `raw_quotes`; variables as they are."""
    return _Lexer(text, NOTHING, "\\", raw_quotes=raw_quotes, keep_unset=True).read("", raw_escapes=False)[1]


class _Lexer:
    def __init__(
        self, text: str, variables: Variables, escape: str, *, raw_quotes: bool = False, keep_unset: bool = False
    ) -> None:
        self._text = text
        self._at = 0
        self._variables = variables
        self._escape = escape
        self._raw_quotes = raw_quotes
        self._keep_unset = keep_unset
        self._raw_escapes = False
        self._word = ""  # BuildKit's lexer has one buffer too: a nested `${…}` empties it

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        found = self._peek()
        self._at += len(found)
        return found

    def read(self, stop: str, *, raw_escapes: bool) -> tuple[str, list[str]]:
        """Up to `stop`, or to the end where that is empty: the text as one word, and split at spaces."""
        before, self._raw_escapes = self._raw_escapes, raw_escapes
        result, words = "", _Words(self)
        while char := self._peek():
            if char == stop:
                self._next()
                self._raw_escapes = before
                return result, words.all()
            if char in "$<'\"":
                found = self._special(char)
                (words.add if char == "$" else words.add_raw)(found)
                result += found
                continue
            self._next()
            if char == self._escape:
                result += char if raw_escapes else ""
                words.add_raw(char if raw_escapes else "")
                char = self._next()
                if not char:
                    break
                words.add_raw(char)
            else:
                words.add(char)
            result += char
        if stop:
            raise WordError(f"unexpected end of statement while looking for matching {stop}")
        self._raw_escapes = before
        return result, words.all()

    def _special(self, char: str) -> str:
        if char == "$":
            return self._dollar()
        if char == "<":
            return self._less_than()
        return self._quoted(char)

    def _less_than(self) -> str:
        """A here-document may have spaces between `<<` and its name, which then are no end of a word."""
        found = self._next()
        if self._peek() == "<":
            found += self._next()
            while self._peek() and self._peek() in "\t\r ":
                found += self._next()
        return found

    def _quoted(self, quote: str) -> str:
        """Single quotes keep all; in double quotes `$NAME` is replaced and `"`, `$` and the escape can be escaped."""
        self._next()
        result = quote if self._raw_quotes else ""
        while char := self._peek():
            if char == "$" and quote == '"':
                result += self._dollar()
                continue
            self._next()
            if char == quote:
                return result + (quote if self._raw_quotes else "")
            if char == self._escape and quote == '"':
                result += char if self._raw_escapes else ""
                if not self._peek():
                    continue
                char = self._next() if self._peek() in ('"', "$", self._escape) else char
            result += char
        name = "single" if quote == "'" else "double"
        raise WordError(f"unexpected end of statement while looking for matching {name}-quote")

    def _name(self) -> str:
        pattern = r"\d+" if self._peek().isdigit() else rf"[{re.escape(SPECIAL)}]|\w*"
        found = re.compile(pattern).match(self._text, self._at)
        name = found[0] if found else ""
        self._at += len(name)
        return name

    def _dollar(self) -> str:
        self._next()
        if self._peek() != "{":
            name = self._name()
            return self._plain(name, f"${name}") if name else "$"
        self._next()
        if not self._peek():
            raise WordError("syntax error: missing '}'")
        if self._peek() in "{}:":
            raise WordError("syntax error: bad substitution")
        name, operator = self._name(), self._next()
        if operator == "}":
            return self._plain(name, f"${{{name}}}")
        if operator == "/":
            return self._replaced(name)
        colon = operator == ":"
        operator = self._next() if colon else operator
        shown = f":{operator}" if colon else operator
        if operator not in ("+", "-", "?", "#", "%") or (colon and operator in "#%"):
            raise WordError(f"unsupported modifier ({shown}) in substitution")
        word = self._inside("}", raw=operator in "#%")
        if self._keep_unset and self._variables.find(name) is None:
            return f"${{{name}{shown}{word}}}"
        return modified(self._variables, name, operator, word, empty_is_unset=colon)

    def _plain(self, name: str, shown: str) -> str:
        value = self._variables.find(name)
        return value if value is not None else shown if self._keep_unset else ""

    def _inside(self, stop: str, *, raw: bool) -> str:
        try:
            return self.read(stop, raw_escapes=raw)[0]
        except WordError as error:
            missing = f"'{stop}'" + (" in ${}" if stop == "/" else "")
            raise error if self._peek() else WordError(f"syntax error: missing {missing}") from error

    def _replaced(self, name: str) -> str:
        every = self._peek() == "/"
        if every:
            self._next()
        pattern, replacement = self._inside("/", raw=True), self._inside("}", raw=True)
        value = self._variables.find(name)
        if value is None and self._keep_unset:
            return f"${{{name}/{pattern}/{replacement}}}"
        if UNKNOWN in (value or ""):
            return UNKNOWN
        return shell_pattern(pattern, greedy=True).sub(lambda _: replacement, value or "", count=0 if every else 1)


class _Words:
    def __init__(self, lexer: _Lexer) -> None:
        self._lexer = lexer
        self._words: list[str] = []
        lexer._word = ""

    def add(self, text: str) -> None:
        for char in text:
            if char not in SPACES:
                self._lexer._word += char
            elif self._lexer._word:
                self._words.append(self._lexer._word)
                self._lexer._word = ""

    def add_raw(self, text: str) -> None:
        self._lexer._word += text

    def all(self) -> list[str]:
        self.add(" ")
        return self._words
