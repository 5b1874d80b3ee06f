"""A text as one reads it: as it is, or decoded from escapes, base64 or hexadecimal digits.

Each character of a reading knows the part of the original text that it comes from. So a secret is looked for
in what a text means, and masked where it was written, whatever spelling the server has chosen.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

_MAX_LEVELS = 4
"""How often a text is decoded: a URL in a JSON document in a JSON document needs three."""

_MIN_RUN = 6
"""Characters of the shortest base64 that is decoded: four bytes without padding."""

SEPARATOR = "\ue000"
"""A character for private use, between texts that are searched as one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, and for each of its characters the place in the original: from `starts[i]` to `ends[i]`."""

    text: str
    starts: list[int]
    ends: list[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original text from which the characters `start` to `end` come."""
        return self.starts[start], self.ends[end - 1]


def of_text(text: str) -> Reading:
    """Return a text as it is."""
    return Reading(text, list(range(len(text))), list(range(1, len(text) + 1)))


def unescaped(text: str) -> Iterator[Reading]:
    """Yield a text as it is, and without one, two ... levels of escapes, until none is left."""
    reading = of_text(text)
    yield reading
    for _ in range(_MAX_LEVELS):
        inner = _without_escapes(reading)
        if inner is None:
            return
        reading = inner
        yield reading


def decoded(reading: Reading) -> Reading:
    """Return what the runs of base64 and of hexadecimal digits mean, from each digit where they can begin.

    The meanings follow each other, each with a separator that no secret contains.
    """
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for pattern, decode in ((_base64(), _from_base64), (_hexadecimal(), _from_hexadecimal)):
        for run in pattern.finditer(reading.text):
            start, end = reading.origin(*run.span())
            meaning = "".join(f"{text}{SEPARATOR}" for text in decode(run[0]))
            texts.append(meaning)
            starts += [start] * len(meaning)
            ends += [end] * len(meaning)
    return Reading("".join(texts), starts, ends)


def folded(reading: Reading, ignored: frozenset[str] = frozenset()) -> Reading:
    """Return a reading in one case, without the `ignored` characters, and if any, without indentation."""
    places: Sequence[int] = range(len(reading.text))
    text = reading.text.casefold()
    if len(text) != len(reading.text):  # some characters become two, such as the German sharp s
        places = [place for place, each in enumerate(reading.text) for _ in each.casefold()]
    if ignored:
        indented = {place for found in _indentation().finditer(text) for place in range(*found.span())}
        kept = [place for place, each in enumerate(text) if each not in ignored and place not in indented]
        text = "".join([text[place] for place in kept])
        places = [places[place] for place in kept]
    starts, ends = reading.starts, reading.ends
    return Reading(text, [starts[place] for place in places], [ends[place] for place in places])


def _without_escapes(reading: Reading) -> Reading | None:
    """Return a reading without one level of escapes, or None if it has none."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for found in _escape().finditer(reading.text):
        text = _ESCAPES[found.lastgroup or ""](found[0])
        start, end = found.span()
        pieces += [reading.text[last:start], text]
        origin = reading.origin(start, end)
        starts += [*reading.starts[last:start], *[origin[0]] * len(text)]
        ends += [*reading.ends[last:start], *[origin[1]] * len(text)]
        last = end
    if not pieces:
        return None
    pieces.append(reading.text[last:])
    return Reading("".join(pieces), starts + reading.starts[last:], ends + reading.ends[last:])


@cache
def _indentation() -> re.Pattern[str]:
    return re.compile(r"[\r\n][ \t\r\n]+")


@cache
def _escape() -> re.Pattern[str]:
    return re.compile(
        r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
        r"|(?P<unicode>(?:[\\%]u[0-9A-Fa-f]{4})+|\\U[0-9A-Fa-f]{8}|\\u\{[0-9A-Fa-f]{1,6}\})"
        r"|(?P<bytes>(?:\\x[0-9A-Fa-f]{2})+|(?:\\[0-3][0-7]{2})+)"
        r"|(?P<simple>\\[abfnrtv0\"'\\/])"
        r"|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});)"
    )


def _percent(escapes: str) -> str:
    return _text(bytes.fromhex(escapes.replace("%", "")))


def _bytes(escapes: str) -> str:
    base = 16 if "x" in escapes else 8
    return _text(bytes(int(each, base) for each in re.findall(r"[0-9A-Fa-f]{2,3}", escapes)))


def _unicode(escapes: str) -> str:
    numbers = [int(each, 16) for each in re.findall(r"[0-9A-Fa-f]+", escapes[1:])]
    text = "".join(chr(min(number, 0x10FFFF)) for number in numbers)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # joins surrogates


def _simple(escape: str) -> str:
    return dict(zip("abfnrtv0", "\a\b\f\n\r\t\v\0", strict=True)).get(escape[1], escape[1])


_ESCAPES: dict[str, Callable[[str], str]] = {
    "percent": _percent,
    "unicode": _unicode,
    "bytes": _bytes,
    "simple": _simple,
    "entity": html.unescape,
}


@cache
def _base64() -> re.Pattern[str]:
    """Make the pattern for a run of digits of both alphabets, which can be in several lines."""
    return re.compile(r"[A-Za-z0-9+/_-]+(?:\r?\n[A-Za-z0-9+/_-]+)*")


def _from_base64(run: str) -> Iterator[str]:
    digits = re.sub(r"\s", "", run).translate(str.maketrans("-_", "+/"))
    for offset in range(4):
        part = digits[offset:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        if len(part) >= _MIN_RUN - 1:
            yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "replace")


@cache
def _hexadecimal() -> re.Pattern[str]:
    """Make the pattern for a run of digits, also with a separator between bytes."""
    return re.compile(r"(?:[0-9A-Fa-f]{2}[:, -]?){4,}[0-9A-Fa-f]?")


def _from_hexadecimal(run: str) -> Iterator[str]:
    digits = re.sub(r"[^0-9A-Fa-f]", "", run)
    for offset in (0, 1):
        part = digits[offset:]
        yield _text(binascii.unhexlify(part[: len(part) // 2 * 2]))


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
