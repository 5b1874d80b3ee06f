"""Reading the body of a request, which is bounded regardless of its headers."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from flow_emulator.errors import BadRequestError
from flow_emulator.http.paths import CONTROL

MAX_BODY: Final = 4 * 1024 * 1024
MAX_SNAPSHOT: Final = 64 * 1024 * 1024
_SNAPSHOT: Final = f"{CONTROL}/snapshot"
_LONGEST_LENGTH: Final = 18  # digits of a Content-Length that is worth reading


async def read_body(request: Request) -> bytes:
    """Return the body; what is over the limit is never kept.

    Raises:
        BadRequestError: Content-Length or the bytes that arrived are more than the limit.
    """
    most = MAX_SNAPSHOT if request.scope["path"] == _SNAPSHOT else MAX_BODY
    promised = request.headers.get("content-length", "")
    is_number = promised.isascii() and promised.isdigit()
    if is_number and (len(promised) > _LONGEST_LENGTH or int(promised) > most):
        raise _too_large(most)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large(most: int) -> BadRequestError:
    return BadRequestError(f"The body is larger than {most} bytes.", 413)
