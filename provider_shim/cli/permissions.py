"""Files and folders of the installed provider that other users of the machine could change."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from provider_shim.cli.mirror import ProviderPackage

_MOST_LINKS = 40
_MOST_WARNINGS = 10
_START_TIMEOUT = 30.0
_WHERE = (
    "import sys; del sys.path[0]; import provider_shim; print(provider_shim.__file__, *sys.path, sep='\\n')"
)


def warnings_of(package: ProviderPackage) -> list[str]:
    """Return a sentence for each file and folder on the way to the provider that another user could change.

    These are the launcher and the pointer, the Python that the pointer names and that Python's package
    `provider_shim` and folders of modules, with every folder above them and every symbolic link to them.
    The Python is started, to find its modules, only if no other user could change it or the pointer; it has
    30 seconds. After ten sentences, the last one has the number of the others.
    """
    found = [package.launcher, package.pointer]
    if (python := _python(package)) is not None:
        found.append(python)
    warnings = _warnings_about(found)
    if python is not None and not warnings:
        try:
            warnings = _warnings_about(_package_files(python))
        except subprocess.TimeoutExpired:
            warnings = [
                f"{python} did not print its folders within {_START_TIMEOUT:.0f} seconds: its modules were "
                "not checked."
            ]
    if (others := len(warnings) - _MOST_WARNINGS) > 0:
        warnings[_MOST_WARNINGS:] = [f"{others} more files and folders can be changed by others."]
    return warnings


def _warnings_about(paths: Iterable[Path]) -> list[str]:
    places = dict.fromkeys(place for path in paths for place in steps_to(path))
    return [f"{place} {why}" for place in places if (why := problem_of(place))]


def steps_to(path: Path) -> Iterator[Path]:
    """Give every folder and symbolic link from the root to a file, and the file: each can replace it.

    Ends where something does not exist, and after 40 links, as the operating system does.
    """
    here = Path(path.anchor)
    names = list(path.parts[1:])
    links = 0
    yield here
    while names:
        name = names.pop(0)
        here = here.parent if name == ".." else here / name
        if not os.path.lexists(here):
            return
        yield here
        if here.is_symlink():
            links += 1
            if links > _MOST_LINKS:
                return
            target = here.readlink()
            names = [*target.parts[target.is_absolute() :], *names]
            here = Path(target.anchor) if target.is_absolute() else here.parent


def problem_of(place: Path) -> str | None:
    """Return why another user could change a file or the entries of a folder, or `None`."""
    return describe(place.lstat(), os.geteuid(), private_group=_private_group())


def describe(status: os.stat_result, user: int, *, private_group: int | None) -> str | None:
    """Return why users other than this one and root could change what has this status, or `None`.

    In a folder with the sticky bit, such as the one for temporary files, only the owner of an entry can
    replace it. `private_group` is a group that the user alone is in.
    """
    if status.st_uid not in (user, 0):
        return f"belongs to {_user_name(status.st_uid)}, who can change it."
    if stat.S_ISLNK(status.st_mode) or (stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX):
        return None
    if status.st_mode & stat.S_IWOTH:
        return "can be changed by every user: run `chmod o-w` on it."
    if status.st_mode & stat.S_IWGRP and status.st_gid not in (private_group, 0):
        return f"can be changed by the group {_group_name(status.st_gid)}: run `chmod g-w` on it."
    return None


def _python(package: ProviderPackage) -> Path | None:
    """The Python that the pointer names."""
    try:
        text = package.pointer.read_text().removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return Path(text) if text.startswith("/") and text.isprintable() else None


def _package_files(python: Path) -> Iterable[Path]:
    """The modules of `provider_shim` that this Python imports, and the folders where it searches for modules.

    Empty if it can't be started.

    Raises:
        subprocess.TimeoutExpired: It did not end in time, and was killed.
    """
    try:
        result = subprocess.run(
            [python, "-E", "-c", _WHERE], capture_output=True, text=True, check=False, timeout=_START_TIMEOUT
        )
    except OSError:
        return []
    module, *folders = result.stdout.removesuffix("\n").split("\n")
    if result.returncode != 0 or not module.startswith("/"):
        return []
    package = sorted(path for path in Path(module).parent.rglob("*") if path.suffix == ".py" or path.is_dir())
    return [*(Path(folder) for folder in folders if folder.startswith("/")), *package]


def _private_group() -> int | None:
    """The group that has the user's name and no other member, as many systems make one for each user."""
    import grp
    import pwd

    try:
        user = pwd.getpwuid(os.geteuid())
        group = grp.getgrgid(user.pw_gid)
    except KeyError:
        return None
    alone = group.gr_name == user.pw_name and set(group.gr_mem) <= {user.pw_name}
    return group.gr_gid if alone else None


def _user_name(number: int) -> str:
    import pwd

    try:
        return f"the user {pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"the user {number}"


def _group_name(number: int) -> str:
    import grp

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
