"""Reading of response bodies within a limit, also if they are compressed or their length is unknown."""

from __future__ import annotations

import httpx

MAX_BYTES = 8 * 2**20
"""Bytes of a decoded body. A page of a hundred flows has less than one megabyte."""

MAX_ERROR_BYTES = 2**20
"""Bytes of the body of an error that are read; the rest is not."""

ACCEPT_ENCODING = "gzip, deflate"
"""The encodings that are asked for, and the only ones that are decoded."""

_DECODED = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


class UnusableBody(Exception):
    """A body that is larger than the limit, or in another encoding. The text is a sentence or two."""


async def read(response: httpx.Response) -> bytes:
    """Read a body, of an error only its beginning. Raises `UnusableBody`.

    The body of an error counts as empty if it can't be decoded, because its status is of more use.

    The limit applies to the decoded body, and is checked after each part that arrives: a part of 64 KiB can
    be a thousand times as large when it is decoded, but not a million times, as if it were encoded twice.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _DECODED:
        if not response.is_success:
            return b""
        raise UnusableBody(
            "The response is compressed in a way that the provider can't read (Content-Encoding). "
            "Check the proxy or gateway in front of Flow Service."
        )
    try:
        return await _within_limit(response)
    except httpx.DecodingError:
        if response.is_success:
            raise
        return b""


async def _within_limit(response: httpx.Response) -> bytes:
    limit = MAX_BYTES if response.is_success else MAX_ERROR_BYTES
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > limit:
            if response.is_success:
                raise UnusableBody(
                    f"The response is larger than {limit // 2**20} MiB. "
                    "Check that the endpoint is Flow Service's."
                )
            return bytes(content[:limit])
    return bytes(content)
