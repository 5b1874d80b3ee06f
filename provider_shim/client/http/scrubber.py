"""Removal of secrets from texts of a server, before they reach a message or a log."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"

_MIN_LENGTH = 4
"""Shorter strings are not replaced: they are too common in messages, and no real secret is as short."""

_MIN_PART_LENGTH = 16
"""A part of a key file or of a connection string of at least this length is a secret by itself."""


class Scrubber:
    """Replaces known secrets in texts, in all encodings in which a server may return them."""

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        # Patterns are compiled when they are first needed, because most processes never see an error.
        self._patterns: dict[str, re.Pattern[str] | None] = {}
        self.add(secrets)

    def add(self, secrets: Iterable[str | None]) -> None:
        """Add secrets, for the rest of the process: a later response can contain them too."""
        for secret in secrets:
            if secret and len(secret) >= _MIN_LENGTH:
                self._patterns.setdefault(secret, None)

    def scrub(self, text: str) -> str:
        """Replace every known secret in a text by `***`."""
        # The longest first, or a part of a secret that contains another one would remain.
        for secret in sorted(self._patterns, key=len, reverse=True):
            pattern = self._patterns[secret]
            if pattern is None:
                pattern = self._patterns[secret] = _pattern(secret)
            text = pattern.sub(MASK, text)
        return text


def secrets_in(body: Any) -> Iterator[str]:
    """Iterate over the strings below `auth.params` of a request body, and below `/auth` of a JSON Patch.

    Not all of them are secrets (an SFTP user name isn't one), but that depends on the destination.
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
    """Iterate over all strings in a JSON value."""
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
        slashed = {each.replace("/", "\\/") for each in escaped}
        # A JSON document quoted inside another one is escaped twice.
        twice = {json.dumps(each)[1:-1] for each in escaped | slashed}
        encoded = {quote(text, safe=""), quote(text), quote_plus(text), quote_plus(text, safe="/")}
        yield from {text, repr(text)[1:-1], html.escape(text), html.escape(text, quote=False)}
        yield from escaped | slashed | twice | encoded


def _pattern(secret: str) -> re.Pattern[str]:
    longest_first = sorted(set(_encodings(secret)), key=lambda text: (-len(text), text))
    return re.compile("|".join(map(_ignore_case_of_escapes, longest_first)))


def _ignore_case_of_escapes(encoded_secret: str) -> str:
    """Make a pattern that matches `%2F` and `%2f`, and `\\u00E4` and `\\u00e4`, alike."""
    return re.sub(
        r"(?<=%)[0-9A-F]{2}|(?<=\\\\u)[0-9a-f]{4}",
        lambda digits: f"(?i:{digits[0]})",
        re.escape(encoded_secret),
    )


def _parts(secret: str) -> Iterator[str]:
    """Split a key file into lines, and a connection string into values: servers often quote just one of
    them."""
    for part in re.split(r"[\r\n;]+", secret):
        for text in (part, part.partition("=")[2]):
            if len(text) >= _MIN_PART_LENGTH:
                yield text
