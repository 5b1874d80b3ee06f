"""The keys of a block that its schema does not have."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from provider_shim.cli.check import model
from provider_shim.cli.check.block_schemas import FoundBlock
from provider_shim.cli.check.hcl_reader import read_expression
from provider_shim.cli.check.variables import has_keys
from provider_shim.cli.command_error import CommandError
from provider_shim.schema.types import List, Map, Object, Set, Type

_COMPARED = 100
"""Maximum of characters of a key that are compared, because the comparison takes quadratic time."""
_SYNTAX = ("_", "dynamic")
"""Block types of Terraform's language that stand for others."""


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A key that the schema does not have. `path` leads to the object that has the key."""

    place: model.Place
    address: str
    path: str
    key: str
    known: tuple[str, ...]

    @property
    def suggestion(self) -> str | None:
        """The known key that is most similar, if one is similar."""
        similar = difflib.get_close_matches(self.key[:_COMPARED], self.known, n=1)
        return similar[0] if similar else None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A value whose keys can't be read from the configuration."""

    place: model.Place
    address: str
    path: str
    reason: str


@dataclass(slots=True)
class Findings:
    """What the check of a configuration found."""

    blocks: int = 0
    files: int = 0
    unknown: list[UnknownKey] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    unreadable: list[model.UnreadableConfiguration] = field(default_factory=list)


def check_block(block: FoundBlock, references: Mapping[str, model.Value], findings: Findings) -> None:
    """Add the unknown keys of a block, and its values that can't be checked.

    `references` are the values of expressions such as `local.lake`.
    """
    findings.blocks += 1
    if block.schema is None:
        findings.not_checked.append(
            NotChecked(block.place, block.address, "", "the provider has no such type")
        )
        return
    walk = _Walk(block.address, references, findings)
    schema = block.schema.type
    own = {"config": schema} if block.in_config else schema.attributes
    for entry in block.body.entries:
        key = entry.key or ""
        if key in own:
            walk.argument(entry, own[key])
        elif key not in block.meta and key not in _SYNTAX:
            known = (*own, *sorted(block.meta))
            findings.unknown.append(UnknownKey(entry.place, block.address, "", key, known))


def check_arguments(
    address: str,
    body: model.Mapping,
    types: Mapping[str, Type],
    references: Mapping[str, model.Value],
    findings: Findings,
) -> None:
    """Add the keys in a module's arguments that the types of its variables do not have."""
    walk = _Walk(address, references, findings)
    for entry in body.entries:
        if entry.key is not None and entry.key in types:
            walk.argument(entry, types[entry.key])


class _Walk:
    """A walk through the values of one block."""

    def __init__(self, address: str, references: Mapping[str, model.Value], findings: Findings) -> None:
        self._address = address
        self._references = references
        self._findings = findings
        self._seen: dict[tuple[int, str], model.Value] = {}  # holds the values, so that no id is used again
        self._depth = 0

    def argument(self, entry: model.Entry, kind: Type) -> None:
        """Compare the keys of an argument with its type."""
        try:
            self.value(entry.value, kind, entry.key or "")
        except RecursionError:
            self._leave_out(entry.place, entry.key or "", "its value refers to too many others")
        self._depth = 0

    def value(self, value: model.Value, kind: Type, path: str) -> None:
        """Compare the keys of a value with its type."""
        if not has_keys(kind) or (id(value), path) in self._seen:
            return
        self._seen[id(value), path] = value
        match value:
            case model.Choice():
                for option in value.options:
                    self.value(option, kind, path)
            case model.Expression() if value.text in self._references:
                self._depth += 1
                self.value(self._references[value.text], kind, path)
                self._depth -= 1
            case model.Template():
                self._template(value, kind, path)
            case model.Expression():
                self._leave_out(value.place, path, f"its value is {value.text}")
            case _ if isinstance(kind, Object):
                self._object(value, kind, path)
            case _ if isinstance(kind, List | Set | Map):
                self._collection(value, kind, path)

    def _collection(self, value: model.Value, kind: List | Set | Map, path: str) -> None:
        match value:
            case model.Repeated():
                self.value(value.item, kind.element, f"{path}[*]")
            case model.Sequence():
                for index, item in enumerate(value.items):
                    self.value(item, kind.element, f"{path}[{index}]")
            case model.Mapping() if isinstance(kind, Map):
                for entry in value.entries:
                    self.value(entry.value, kind.element, f"{path}[{entry.key or '*'}]")
            case model.Mapping():  # a block in place of the attribute, which Terraform rejects
                self.value(value, kind.element, path)

    def _object(self, value: model.Value, kind: Object, path: str) -> None:
        if isinstance(value, model.Repeated):
            self._leave_out(value.place, path, "its value is a for expression")
        if isinstance(value, model.Sequence):  # the JSON syntax of blocks
            for item in value.items:
                self.value(item, kind, path)
        if isinstance(value, model.Mapping):
            for entry in value.entries:
                self._entry(entry, value, kind, path)

    def _entry(self, entry: model.Entry, among: model.Mapping, kind: Object, path: str) -> None:
        if entry.key is None:
            self._leave_out(entry.place, path, "it has a computed key")
        elif entry.key in kind.attributes:
            self.value(entry.value, kind.attributes[entry.key], f"{path}.{entry.key}")
        else:
            found = UnknownKey(entry.place, self._address, path, entry.key, tuple(kind.attributes))
            # A local value or a variable can serve several purposes, and have keys for the others.
            if not self._depth or (found.suggestion and not among.values(found.suggestion)):
                self._findings.unknown.append(found)

    def _template(self, value: model.Template, kind: Type, path: str) -> None:
        try:
            expression = read_expression(value.text, value.place)
        except (CommandError, model.UnreadableConfiguration):
            self._leave_out(value.place, path, "its value is an expression")
        else:
            self.value(expression, kind, path)

    def _leave_out(self, place: model.Place, path: str, reason: str) -> None:
        self._findings.not_checked.append(NotChecked(place, self._address, path, reason))
