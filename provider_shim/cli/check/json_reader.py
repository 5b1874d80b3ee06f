"""Reading Terraform's JSON syntax, with the lines that the `json` module does not report."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from provider_shim.cli.check.model import (
    MAX_LEVELS,
    Entry,
    Mapping,
    Place,
    Scalar,
    Sequence,
    Template,
    UnreadableConfiguration,
    Value,
)

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|\n|[^\s{}\[\]:,"]+')
COMMENT = "//"
"""The key that Terraform ignores in JSON."""


def read_json(text: str, file: Path) -> Mapping:
    """Return the body of a file. Raises `UnreadableConfiguration` if it is not JSON, or not an object."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableConfiguration(
            Place(file, error.lineno), f"The file is not valid JSON: {error.msg}."
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableConfiguration(Place(file, 1), "The JSON has too many levels or digits.") from error
    if not isinstance(document, dict):
        raise UnreadableConfiguration(Place(file, 1), "The file is not a JSON object.")
    root = _Builder(file).build(text)
    assert isinstance(root, Mapping)  # noqa: S101 - as the document is
    return root


class _Builder:
    """Builds values from the tokens of valid JSON, without recursion."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._open: list[tuple[str, Place, list[Any]]] = []

    def build(self, text: str) -> Value:
        line = 1
        for part in _TOKEN.findall(text):
            place = Place(self._file, line)
            if part == "\n":
                line += 1
            elif part in "{[":
                if len(self._open) >= MAX_LEVELS:
                    raise UnreadableConfiguration(place, f"The value has more than {MAX_LEVELS} levels.")
                self._open.append((part, place, []))
            elif part in "}]":
                value = self._closed()
                if not self._open:
                    return value
                self._open[-1][2].append(value)
            elif part not in ":,":
                self._open[-1][2].append(_scalar(part, place))
        raise AssertionError("valid JSON ends with its object")

    def _closed(self) -> Value:
        kind, place, items = self._open.pop()
        if kind == "[":
            return Sequence(place, tuple(_value(each) for each in items))
        pairs = zip(items[::2], items[1::2], strict=True)
        return Mapping(
            place,
            tuple(Entry(key[1], _key(key[0]), _value(value)) for key, value in pairs if key[0] != COMMENT),
        )


def _key(text: str) -> str | None:
    """Return the text of a key, or None if it is a template."""
    return None if "${" in text or "%{" in text else text


def _scalar(token: str, place: Place) -> tuple[str | None, Place]:
    return (json.loads(token) if token.startswith('"') else None), place


def _value(item: Any) -> Value:
    if not isinstance(item, tuple):
        built: Value = item
        return built
    text, place = item
    if text is None:
        return Scalar(place)
    is_template = text.startswith("${") and text.endswith("}")
    return Template(place, text[2:-1]) if is_template else Scalar(place, text)
