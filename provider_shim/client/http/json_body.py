"""Parsing of JSON in responses, within limits that every response of Flow Service keeps.

Python's parser accepts more than JSON: numbers without limit, and names for those that are not finite. Values
of such a response would end in errors elsewhere.
"""

from __future__ import annotations

import json
import math
import re
from itertools import accumulate
from typing import Any

from provider_shim import shapes

MAX_DEPTH = 64
"""Objects and lists inside each other. Those of Flow Service have less than ten."""

_MAX_DIGITS = 100
"""Digits of a whole number. A time in milliseconds has thirteen."""

MAX_SIGNS = 1_000_000
"""Brackets, commas and quotation marks, which limit the number of values. A page has less than one megabyte
in all."""

_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""Strings, also the last one if it doesn't end: searching it again from each of its quotation marks would
take quadratic time."""

_SURROGATES = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
_NO_SIGNS = bytes(each for each in range(256) if each not in b'[{,"')
_NO_BRACKETS = bytes(each for each in range(256) if each not in b"[]{}")
_STEPS = [1 if each in b"[{" else -1 for each in range(256)]


class UnusableJson(ValueError):
    """A body that isn't JSON, or is more than this client accepts. The text is a sentence without values."""


def parse(content: bytes) -> Any:
    """Parse a body. Raises `UnusableJson`.

    What is too much is found before anything is parsed, because parsing blocks all other requests.
    """
    if len(content.translate(None, _NO_SIGNS)) > MAX_SIGNS:
        raise UnusableJson(f"The response has more than {MAX_SIGNS:,} brackets, commas and quotation marks.")
    if _depth(content) > MAX_DEPTH:
        raise UnusableJson(f"The response has more than {MAX_DEPTH} objects and lists inside each other.")
    try:
        if b"\0" in content:
            raise ValueError("UTF-16, or no text")
        value = json.loads(content, parse_constant=_constant, parse_float=_real, parse_int=_whole)
    except UnusableJson:
        raise
    except ValueError:
        raise UnusableJson(f"The response isn't JSON, but {shapes.of_content(content)}.") from None
    if _SURROGATES.search(content) and not _is_text(value):
        raise UnusableJson("The response contains half of a surrogate pair, which is no text.")
    return value


def _is_text(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _depth(content: bytes) -> int:
    brackets = _STRINGS.sub(b"", content).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def _constant(name: str) -> float:
    raise UnusableJson(f"The response contains {name}, which is no JSON.")


def _real(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise UnusableJson("The response contains a number that is too large.")
    return value


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise UnusableJson(f"The response contains a whole number of {len(digits):,} digits.")
    return int(digits)
