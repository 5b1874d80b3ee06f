"""Secrets are taken out of every text that a server said before it reaches a message or a log."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"

_MIN_LENGTH = 4
"""Shorter texts are too common to be replaced: messages would be destroyed. No real secret is as short."""

_MIN_PART_LENGTH = 16
"""A piece of a key file or of a connection string is a secret by itself when it is at least this long."""


class Scrubber:
    """Knows the secrets of this process and replaces them, in all the spellings a server may echo them in."""

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        # A pattern for each, made when it is first needed, because most processes never meet an error.
        self._patterns: dict[str, re.Pattern[str] | None] = {}
        self.add(secrets)

    def add(self, secrets: Iterable[str | None]) -> None:
        """Remember more secrets, for the rest of the process: an echo can come with a later answer."""
        for secret in secrets:
            if secret and len(secret) >= _MIN_LENGTH:
                self._patterns.setdefault(secret, None)

    def scrub(self, text: str) -> str:
        """The text with every known secret replaced by `***`."""
        # The longest first, or a secret that contains another one would be left in pieces.
        for secret in sorted(self._patterns, key=len, reverse=True):
            pattern = self._patterns[secret]
            if pattern is None:
                pattern = self._patterns[secret] = _pattern(secret)
            text = pattern.sub(MASK, text)
        return text


def secrets_in(body: Any) -> Iterator[str]:
    """Every text below `auth.params` of a request body, and of the values of a JSON Patch below `/auth`.

    Not all of them are secret (an SFTP user name isn't), but which ones are is the destination's business.
    """
    match body:
        case {"path": str(pointer), "value": value} if pointer == "/auth" or pointer.startswith("/auth/"):
            yield from strings_in(value)
        case dict():
            for key, value in body.items():
                if key == "auth" and isinstance(value, dict):
                    yield from strings_in(value.get("params"))
                else:
                    yield from secrets_in(value)
        case list():
            for item in body:
                yield from secrets_in(item)


def strings_in(value: Any) -> Iterator[str]:
    """Every text anywhere in a JSON value."""
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from strings_in(item)
        case list():
            for item in value:
                yield from strings_in(item)


def _encodings(secret: str) -> Iterator[str]:
    for text in {secret, secret.strip(), *_parts(secret)}:
        if len(text) < _MIN_LENGTH:
            continue
        escaped = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
        slashed = {encoded.replace("/", "\\/") for encoded in escaped}
        # Error texts that quote a JSON document inside a JSON document escape it twice.
        twice = {json.dumps(encoded)[1:-1] for encoded in escaped | slashed}
        encoded = {quote(text, safe=""), quote(text), quote_plus(text), quote_plus(text, safe="/")}
        yield from {text, repr(text)[1:-1], html.escape(text), html.escape(text, quote=False)}
        yield from escaped | slashed | twice | encoded


def _pattern(secret: str) -> re.Pattern[str]:
    longest_first = sorted(set(_encodings(secret)), key=lambda encoded: (-len(encoded), encoded))
    return re.compile("|".join(map(_ignore_case_of_escapes, longest_first)))


def _ignore_case_of_escapes(encoded_secret: str) -> str:
    """A pattern for a spelling, in which `%2F` and `%2f` or `\\u00E4` and `\\u00e4` are the same."""
    return re.sub(
        r"(?<=%)[0-9A-F]{2}|(?<=\\\\u)[0-9a-f]{4}",
        lambda digits: f"(?i:{digits[0]})",
        re.escape(encoded_secret),
    )


def _parts(secret: str) -> Iterator[str]:
    """The lines of a key file, and the values of a connection string: servers like to quote just one."""
    for part in re.split(r"[\r\n;]+", secret):
        for text in (part, part.partition("=")[2]):
            if len(text) >= _MIN_PART_LENGTH:
                yield text
