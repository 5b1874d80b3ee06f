"""Etags in the form of Flow Service, quotes included.

Adobe's samples read ``"0500ebe1-0000-0200-0000-63e28d060000"``: eight digits, three fixed groups, and a
last group that begins with the time of the write in seconds.
"""

from __future__ import annotations

# Odd, so that multiplying by it modulo 2**32 maps different numbers to different numbers.
_SCATTER = 0x9E3779B1
_GATHER = pow(_SCATTER, -1, 2**32)


def etag(number: int, millis: int) -> str:
    """Return the etag of the ``number``-th write of a store; it is unique below 2**32 writes."""
    head = number * _SCATTER % 2**32
    return f'"{head:08x}-0000-0200-0000-{millis // 1000 % 2**32:08x}0000"'


def number_of(text: str) -> int:
    """Return the number of the write that has this etag, modulo 2**32."""
    return int(text[1:9], 16) * _GATHER % 2**32
