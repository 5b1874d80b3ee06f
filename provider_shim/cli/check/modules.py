"""The files of a configuration: those in a folder and below it, and the local modules that they call."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from provider_shim.cli.check.hcl_reader import read_hcl
from provider_shim.cli.check.json_reader import read_json
from provider_shim.cli.check.model import Mapping, Place, Scalar, Sequence, UnreadableConfiguration, Value

_HCL = (".tf", ".tofu", ".tfquery.hcl")
_JSON = (".tf.json", ".tofu.json", ".tfquery.json")
_MAX_HCL = 1 << 20
"""Bytes. python-hcl2 reads about 40,000 of them in a second."""
_MAX_JSON = 64 << 20
_RELEVANT = re.compile(r"\baep|\b(?:locals|module|provider|variable)\b")
"""A file without these words has no block that matters here, and is not parsed."""


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """A `module` block. `folder` is the module's folder, or None if the source is not a local path."""

    address: str
    place: Place
    body: Mapping
    folder: Path | None


@dataclass(slots=True)
class Module:
    """The configuration in one folder.

    Attributes:
        folder: Its path, as messages show it.
        bodies: The bodies of its files.
        unreadable: The files that can't be read.
        files: Number of files.
    """

    folder: Path
    bodies: list[Mapping] = field(default_factory=list)
    unreadable: list[UnreadableConfiguration] = field(default_factory=list)
    files: int = 0

    def blocks(self, kind: str, labels: int) -> Iterator[tuple[tuple[str, ...], Place, Mapping]]:
        """Yield labels, place and body of each block of a type that has this number of labels."""
        for body in self.bodies:
            for value in body.values(kind):
                yield from _labelled(value, labels)

    def locals(self) -> dict[str, Value]:
        """Return the local values by name."""
        return {
            entry.key: entry.value
            for _, _, body in self.blocks("locals", 0)
            for entry in body.entries
            if entry.key is not None
        }

    def calls(self) -> Iterator[ModuleCall]:
        """Yield the calls of modules."""
        for (name,), place, body in self.blocks("module", 1):
            for source in body.values("source"):
                text = source.text if isinstance(source, Scalar) else ""
                # Terraform takes other sources from elsewhere.
                is_local = text.startswith(("./", "../"))
                folder = Path(os.path.normpath(self.folder / text)) if is_local else None
                yield ModuleCall(f"module.{name}", place, body, folder)


def load_modules(folder: Path) -> Iterator[Module]:
    """Yield the modules in a folder and below it, with CDKTF's stacks, and the local ones that they call.

    Hidden folders, such as `.terraform`, and `node_modules` are left out.

    Raises `CommandError` if python-hcl2 is needed and not installed.
    """
    waiting = list(_folders(folder))
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop(0)
        if not path.is_dir() or path.resolve() in seen:
            continue
        seen.add(path.resolve())
        module = _load(path)
        if module.files or module.unreadable:
            yield module
        waiting += [call.folder for call in module.calls() if call.folder is not None]


def _folders(folder: Path) -> Iterator[Path]:
    for path, below, _ in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith(".") and name != "node_modules")
        yield Path(path)


def _load(folder: Path) -> Module:
    module = Module(folder)
    for file in _files(module):
        is_json = file.name.endswith(_JSON)
        module.files += 1
        try:
            text = _text(file, _MAX_JSON if is_json else _MAX_HCL)
            if is_json:
                module.bodies.append(read_json(text, file))
            elif _RELEVANT.search(text):
                module.bodies.append(read_hcl(text, file))
        except UnreadableConfiguration as error:
            module.unreadable.append(error)
    return module


def _files(module: Module) -> Iterator[Path]:
    """Yield the files that Terraform reads: not folders, hidden files and the backups of editors."""
    try:
        found = sorted(module.folder.iterdir())
    except OSError as error:
        reason = f"The folder can't be read: {error.strerror}."
        module.unreadable.append(UnreadableConfiguration(Place(module.folder, 1), reason))
        return
    for file in found:
        if file.name.endswith((*_HCL, *_JSON)) and not file.name.startswith((".", "#")) and not file.is_dir():
            yield file


def _text(file: Path, limit: int) -> str:
    start = Place(file, 1)
    try:
        if not file.is_file():
            raise UnreadableConfiguration(start, "It is not a file.")
        with file.open("rb") as opened:
            content = opened.read(limit + 1)
    except OSError as error:
        raise UnreadableConfiguration(start, f"The file can't be read: {error.strerror}.") from error
    if len(content) > limit:
        raise UnreadableConfiguration(start, f"The file has more than {limit:,} bytes.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableConfiguration(Place(file, line), "The text is not UTF-8.") from error


def _labelled(value: Value, labels: int) -> Iterator[tuple[tuple[str, ...], Place, Mapping]]:
    """Yield the bodies below this number of labels. JSON may have a list of bodies at each level."""
    items = value.items if isinstance(value, Sequence) else (value,)
    for item in items:
        if not isinstance(item, Mapping):
            continue
        if labels == 0:
            yield (), item.place, item
            continue
        for entry in item.entries:
            for names, _, body in _labelled(entry.value, labels - 1):
                yield (entry.key or "", *names), entry.place, body
