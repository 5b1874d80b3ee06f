"""The secrets that this process has sent or received, and where they, or long parts of them, are in a text.

A long secret is found by its parts: every few characters a short piece of it is indexed, so that any part of
the least length contains one of these pieces as a whole. The time is proportional to the length of the text,
and the index to that of the secret; no expression is made of a secret.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import re
from collections.abc import Iterator

from provider_shim.client.http.scrubbing.reading import SEPARATOR, Reading, folded, of_text, unescaped

MIN_LENGTH = 4
"""Shorter strings are not secrets: they are too common in messages, and no real secret is as short."""

_MAX_LENGTH = 2**20
_MAX_SECRETS = 5_000
"""Limits of what a server can add: a process with a thousand connections has some thousand secrets."""

_LEAST_PART, _MOST_PART = 8, 16
"""Characters of a part that is a secret by itself: two fifths of the secret, within these limits."""

_FOLDED_WORD = 8
"""A shorter word of letters alone is found as a whole word in its own case only.

Otherwise the user name `aepx` hides `AEPX`, and `data` a part of `dataset`.
"""

_IGNORED = frozenset({*map(chr, range(32)), *"+='\"\\\x7f\x85\u200b\u2028\u2029\ufeff\ufffd"})
"""Characters that spellings of a secret add or lose: line ends, padding, quotes, escapes, spaces of forms."""

_MAX_PLACES = 64
"""Places of a repeated piece that are remembered."""


class _Index:
    """The pieces of all secrets that are found by parts of one least length, which is `least`.

    The secrets are one text. Of each piece the place in it is known; of a repeated piece, several places.
    """

    def __init__(self, least: int) -> None:
        self._least = least
        # Two pieces that follow each other are never longer than the shortest part by more than one.
        self._size = (least + 1) // 2
        self._text = ""
        self._place: dict[str, int] = {}
        self._more_places: dict[str, list[int]] = {}

    def add(self, secret: str) -> None:
        """Add the pieces of a secret."""
        first = len(self._text)
        self._text += secret + SEPARATOR
        for start in range(0, len(secret) - self._size + 1, self._size):
            piece = secret[start : start + self._size]
            if piece not in self._place:
                self._place[piece] = first + start
            else:
                places = self._more_places.setdefault(piece, [])
                if len(places) < _MAX_PLACES:
                    places.append(first + start)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where parts of the secrets are in a text."""
        size, known, end = self._size, self._place, 0
        for start in [at for at in range(len(text) - size + 1) if text[at : at + size] in known]:
            if start < end:
                continue
            piece = text[start : start + size]
            for place in (known[piece], *self._more_places.get(piece, ())):
                first, last = self._common(text, start, place)
                if last - first >= self._least:
                    yield first, last
                    end = max(end, last)

    def _common(self, text: str, start: int, place: int) -> tuple[int, int]:
        """Return the longest part of a text around a piece that is the same in a secret."""
        secrets = self._text
        first, last = start, start + self._size
        offset = place - start
        while first > 0 and first + offset > 0 and text[first - 1] == secrets[first - 1 + offset]:
            first -= 1
        while last < len(text) and text[last] == secrets[last + offset] != SEPARATOR:
            last += 1
        return first, last


class KnownSecrets:
    """Finds secrets in readings of a text."""

    def __init__(self) -> None:
        self._added: dict[str, None] = {}
        self._waiting: list[str] = []
        self._indexes: dict[int, _Index] = {}
        self._folded: dict[str, None] = {}
        self._exact: dict[str, None] = {}

    def add(self, secret: str) -> None:
        """Add a secret. It is indexed when a text is searched, because most processes never see an error.

        Of a longer one than any that is sent, which can only come from a server, the beginning is added.
        """
        secret = secret[:_MAX_LENGTH]
        if len(secret) >= MIN_LENGTH and secret not in self._added and len(self._added) < _MAX_SECRETS:
            self._added[secret] = None
            self._waiting.append(secret)

    def __bool__(self) -> bool:
        return bool(self._added)

    def spans(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the parts of the original text in which a reading has a secret, or a long part of one."""
        while self._waiting:
            for secret in _forms(self._waiting.pop()):
                self._index(secret)
        for whole in self._exact:
            yield from _words(reading, whole)
        in_one_case = folded(reading)
        for whole in self._folded:
            yield from _whole(in_one_case, whole)
        condensed = folded(reading, _IGNORED)
        for index in self._indexes.values():
            for start, end in index.spans(condensed.text):
                yield condensed.origin(start, end)

    def _index(self, secret: str) -> None:
        for whole in {secret, secret.strip(), secret.rstrip("="), secret.replace(" ", "+")}:
            if len(whole) < MIN_LENGTH:
                continue
            if whole.isalpha() and len(whole) < _FOLDED_WORD:
                self._exact[whole] = None
            else:
                self._folded[whole.casefold()] = None
        condensed = folded(of_text(secret), _IGNORED).text
        if len(condensed) >= _LEAST_PART:
            least = min(_MOST_PART, max(_LEAST_PART, len(condensed) * 2 // 5))
            if least not in self._indexes:
                self._indexes[least] = _Index(least)
            self._indexes[least].add(condensed)


def _whole(reading: Reading, secret: str) -> Iterator[tuple[int, int]]:
    start = reading.text.find(secret)
    while start >= 0:
        yield reading.origin(start, start + len(secret))
        start = reading.text.find(secret, start + len(secret))


def _words(reading: Reading, secret: str) -> Iterator[tuple[int, int]]:
    """Yield where a secret is that has no letter before and after it."""
    text = reading.text
    start = text.find(secret)
    while start >= 0:
        end = start + len(secret)
        if not text[max(start - 1, 0) : start].isalpha() and not text[end : end + 1].isalpha():
            yield reading.origin(start, end)
        start = text.find(secret, end)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret, the long values of a connection string, and what base64 in the secret means.

    Of an SSH key in base64 a server may quote the text, and of a PEM block the bytes.
    """
    yield secret
    for part in re.split(r"[\r\n;]+", secret):
        value = part.partition("=")[2]
        if len(value) >= _MOST_PART:
            yield value
    block = re.fullmatch(r"\s*-----BEGIN [^-]*-----(.*)-----END [^-]*-----\s*", secret, re.DOTALL)
    if " " in secret:
        yield secret.replace(" ", "")  # in forms a space is a plus sign, which is ignored
    for reading in itertools.islice(unescaped(secret), 1, None):
        yield reading.text  # a reading of a server's text is without what looks like an escape
    meaning = _meaning(block[1] if block else secret)
    if meaning is not None:
        yield meaning


def _meaning(text: str) -> str | None:
    """Return what base64 means, as UTF-8 or byte by byte, or None if a text isn't base64."""
    digits = "".join(text.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    if len(digits) < _MOST_PART or not re.fullmatch(r"[A-Za-z0-9+/]+", digits) or len(digits) % 4 == 1:
        return None
    try:
        content = base64.b64decode(digits + "=" * (-len(digits) % 4))
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
    except binascii.Error:
        return None
