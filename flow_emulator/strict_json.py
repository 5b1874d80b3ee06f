"""Strict parsing of untrusted JSON: finite and short numbers, little nesting, whole characters.

Python's parser accepts ``NaN``, reads ``1e999`` as infinity and nests a thousand deep. Other programs do not
read that again, and code that copies or sorts such values fails.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

MAX_DEPTH: Final = 100
# As many as the digits of a decimal number in a Parquet file, and a sign.
_MAX_DIGITS: Final = 39


class InvalidJsonError(ValueError):
    """The text is not JSON that the emulator accepts.

    The message completes a sentence that begins with the text's name. It does not quote the text, which may
    hold a secret.
    """


def parse(text: str) -> Any:
    """Return the value of a JSON text. Raises InvalidJsonError with the reason."""
    try:
        value = json.loads(text, parse_constant=_constant, parse_int=_integer, parse_float=_real)
    except InvalidJsonError:
        raise
    except RecursionError:
        raise InvalidJsonError(f"is nested more than {MAX_DEPTH} deep") from None
    except ValueError:
        raise InvalidJsonError("is not valid JSON") from None
    require_depth(value)
    # Only a written escape can make half of a pair: the text itself was decoded from UTF-8.
    if "\\u" in text and _has_half_pair(value):
        raise InvalidJsonError("is not valid JSON")
    return value


def require_depth(value: object, most: int = MAX_DEPTH) -> None:
    """Raise InvalidJsonError when arrays and objects are nested more than ``most`` deep."""
    level = [value]
    for _ in range(most + 1):
        level = [
            each
            for outer in level
            if isinstance(outer, dict | list)
            for each in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise InvalidJsonError(f"is nested more than {most} deep")


def _has_half_pair(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _constant(name: str) -> Any:
    raise InvalidJsonError(f"has the number {name}, which is not finite")


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise InvalidJsonError(f"has a whole number of more than {_MAX_DIGITS - 1} digits")
    return int(digits)


def _real(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise InvalidJsonError("has a number that is not finite")
    return number
