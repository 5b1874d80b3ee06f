"""Removal of the socket folders that killed processes have left."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import stat
import time
from collections.abc import Iterator
from itertools import islice

from provider_shim.protocol.plugin.listener import FOLDER_PREFIX, SOCKET_NAME

_FOLDER_NAME = re.compile(re.escape(FOLDER_PREFIX) + r"[0-9a-f]{16}")
_MAX_ENTRIES = 10_000
"""Number of entries of the parent folder that one start reads: a few milliseconds."""
_MAX_FOLDERS = 50
"""Number of folders that one start removes. The next ones remove the rest."""
_MIN_AGE = 600.0
"""Seconds since the last change of a folder. A younger one may belong to a process that is just starting: its
folder exists before its socket, and its socket before it listens."""


def remove_stale(parent: str, now: float | None = None) -> int:
    """Remove folders of sockets at which no process listens, and return their number.

    A folder is removed only if it is this user's, has the name and the content of one that the provider
    makes, is old enough, and a connection to its socket is refused. Anything else is left as it is; no error
    is raised, because the start of the provider does not depend on it. A live provider gets a connection that
    ends at once.
    """
    moment = time.time() if now is None else now
    removed = 0
    with contextlib.suppress(OSError):
        for folder in _candidates(parent):
            with contextlib.suppress(OSError):
                removed += _remove_if_stale(folder, moment)
            if removed == _MAX_FOLDERS:
                break
    return removed


def _candidates(parent: str) -> Iterator[str]:
    with os.scandir(parent) as entries:
        for entry in islice(entries, _MAX_ENTRIES):
            if _FOLDER_NAME.fullmatch(entry.name):
                yield entry.path


def _remove_if_stale(folder: str, now: float) -> bool:
    facts = os.lstat(folder)
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid() or now - facts.st_mtime < _MIN_AGE:
        return False
    content = os.listdir(folder)
    if content == [SOCKET_NAME]:
        path = os.path.join(folder, SOCKET_NAME)
        if not stat.S_ISSOCK(os.lstat(path).st_mode) or not _refuses_connections(path):
            return False
        os.unlink(path)
    elif content:
        return False
    os.rmdir(folder)
    return True


def _refuses_connections(path: str) -> bool:
    """Return True if no process listens. A process that is too busy to accept is alive."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.setblocking(False)
        try:
            client.connect(path)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False
