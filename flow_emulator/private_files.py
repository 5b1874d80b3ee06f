"""Files and folders that only their owner can use, whatever the umask is.

On systems without POSIX modes, such as Windows, they have the rights that their folder gives them.
"""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import Final

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_POSIX: Final = os.name == "posix"

logger = logging.getLogger(__name__)


def create_file(path: Path) -> None:
    """Create an empty file, unless there is one. Raises OSError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    except FileExistsError:
        return
    os.close(descriptor)
    _set_mode(path, FILE_MODE)


def write_file(path: Path, content: bytes) -> None:
    """Write a new file in place of what is there; a link is replaced and not followed. Raises OSError."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with open(descriptor, "wb") as stream:
        stream.write(content)
    _set_mode(path, FILE_MODE)


def create_folder(path: Path) -> None:
    """Create a folder, and those above it that are missing; existing ones stay as they are."""
    missing = []
    while not path.is_dir() and path.parent != path:
        missing.append(path)
        path = path.parent
    for each in reversed(missing):
        try:
            each.mkdir(FOLDER_MODE)
        except FileExistsError:
            if not each.is_dir():
                raise
        else:
            _set_mode(each, FOLDER_MODE)


def narrow(path: Path) -> None:
    """Take the rights of others from an existing file; a warning in the log if that is not possible."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if _POSIX and mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
    except FileNotFoundError:
        return
    except OSError as error:
        logger.warning("Others can read %s, and its rights cannot be changed: %s.", path, error.strerror)


def _set_mode(path: Path, mode: int) -> None:
    """Set the mode of a new file or folder, from which the umask may have taken rights of its owner."""
    if _POSIX:
        path.chmod(mode)
