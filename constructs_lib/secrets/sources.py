"""Finds what a secret argument's expression takes its value from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from constructs_lib.expressions.cursor import ExpressionError
from constructs_lib.expressions.nodes import (
    Call,
    Conditional,
    Expression,
    For,
    Items,
    Keyword,
    Literal,
    Members,
    Operation,
    Reference,
    Selection,
    Step,
    Template,
)
from constructs_lib.expressions.template import parse
from constructs_lib.secrets import functions
from constructs_lib.secrets.literals import can_be_name, can_be_secret

Steps = tuple[Step, ...]
Names = Mapping[str, Expression | None]
"""The names that a `for` defines: the collection for the name of its elements, `None` for the key."""

UNDECLARED = object()
"""Stands for a local value that a stack does not have."""

_NO_VALUE = ("path", "terraform", "count", "self")
_ALL: Steps = (None,)
_MOST_REFERENCES = 1000
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Output:
    """An output of another stack, with what that stack declares."""

    definitions: Definitions
    value: object


class Definitions(Protocol):
    """What a stack declares."""

    def variable(self, name: str) -> Mapping[str, object] | None:
        """The variable's block, or `None`."""

    def local(self, name: str) -> object:
        """The local value's expression, or `UNDECLARED`."""

    def for_each(self) -> object:
        """The collection that the resource with the secret repeats over, or `None`."""

    def output(self, state: str, name: str, /) -> Output | None:
        """The output of the stack with this remote state, or `None` for one that is not in the app."""


@dataclass(slots=True)
class Sources:
    """What a value is taken from. No text in it is to be shown: each can be a secret."""

    definitions: Definitions
    found: bool = False
    """Whether there is a value: an object may lack the attribute."""
    refers: bool = False
    """Whether anything that only Terraform knows is in it."""
    literal: bool = False
    """Whether a whole value is a literal, such as one of the outcomes of a condition."""
    parts: list[str] = field(default_factory=list)
    """The literals that are a part of the value."""
    plain_variables: list[str] = field(default_factory=list)
    """The variables that are not ephemeral."""
    defaults: list[str] = field(default_factory=list)
    """The variables with a default."""
    undeclared: list[str] = field(default_factory=list)
    """The local values that the stack does not have."""
    _open: set[tuple[str, Steps]] = field(default_factory=set)
    _references: int = 0

    @property
    def has_secret_part(self) -> bool:
        """Whether the literals that are a part of the value can be a part of the secret."""
        return can_be_secret(self.parts)

    def add(self, value: object, steps: Steps = (), *, whole: bool = True) -> None:
        """Add a value of the synthesised JSON: the part of it at the end of the steps.

        `whole` is True where that part is the secret itself.
        """
        match value:
            case None | bool():
                return
            case str():
                self._text(value, steps, whole=whole)
            case Mapping() | list():
                for child in _selected(value, steps[0] if steps else None):
                    self.add(child, steps[1:], whole=bool(steps) and whole)
            case _:
                self._literal(str(value), whole=whole)

    def _text(self, text: str, steps: Steps, *, whole: bool) -> None:
        try:
            expression = parse(text)
        except ExpressionError:
            self._literal(text, whole=True)
        else:
            self._visit(expression, steps, {}, whole=whole)

    def _visit(self, expression: Expression, steps: Steps, names: Names, *, whole: bool) -> None:
        """Add an expression. `whole` is True where its value is the secret, and not a part of it."""
        match expression:
            case Literal(text):
                self._literal(text, whole=whole or bool(steps))
            case Keyword():
                pass
            case Reference():
                self._reference(expression, steps, names, whole=whole)
            case Call(function, arguments):
                self._call(function, arguments, steps, names, whole=whole)
            case Conditional(outcomes):
                for outcome in outcomes:
                    self._visit(outcome, steps, names, whole=whole)
            case Selection(base, inner):
                self._visit(base, (*inner, *steps), names, whole=whole)
            case Template(parts) | Operation(_, parts):
                for part in parts:
                    self._visit(part, (), names, whole=False)
            case _:
                self._collection(expression, steps, names, whole=bool(steps) and whole)

    def _collection(self, expression: Expression, steps: Steps, names: Names, *, whole: bool) -> None:
        match expression:
            case Items(items):
                for item in _element(items, steps):
                    self._visit(item, steps[1:], names, whole=whole)
            case Members():
                self._members(expression, steps, names, whole=whole)
            case For(key, value, collection, results):
                inside = {**names, **({key: None} if key else {}), value: collection}
                for result in results[-1:] if steps else results:
                    self._visit(result, steps[1:], inside, whole=whole)

    def _literal(self, text: str, *, whole: bool) -> None:
        self.found = True
        if whole:
            self.literal = self.literal or text != ""
        else:
            self.parts.append(text)

    def _members(self, expression: Members, steps: Steps, names: Names, *, whole: bool) -> None:
        for key, value in expression.members:
            known = key.text if isinstance(key, Literal) else None
            if not steps or None in (known, steps[0]) or known == str(steps[0]):
                self._visit(value, steps[1:], names, whole=whole)
            if not steps and known is not None and not functions.is_key(known):
                self.parts.append(known)

    def _reference(self, found: Reference, steps: Steps, names: Names, *, whole: bool) -> None:
        self.found = True
        path = (*found.steps, *steps)
        if found.root in names:
            collection = names[found.root]
            if collection is not None:
                outer = {name: each for name, each in names.items() if name != found.root}
                self._visit(collection, _ALL + path, outer, whole=whole)
            return
        if not path:
            self.parts.append(found.root)  # a word that Terraform could not resolve
        if not path or found.root in _NO_VALUE:
            return
        match (found.root, *path):
            case "var", str(name), *rest:
                self._variable(name, tuple(rest))
            case "local", str(name), *rest:
                self._local(name, tuple(rest), whole=whole)
            case "each", *_:
                self._each(path, whole=whole)
            case "data", "terraform_remote_state", str(state), "outputs", str(name), *rest:
                self._output(state, name, tuple(rest), whole=whole)
            case _:
                self.refers = True

    def _variable(self, name: str, steps: Steps) -> None:
        self.refers = True
        block = self.definitions.variable(name)
        if block is None:
            return
        if block.get("ephemeral") not in (True, "true"):
            self.plain_variables.append(name)
        default = Sources(self.definitions)
        default.add(block.get("default"), steps)
        if default.literal or default.parts or default.refers:
            self.defaults.append(name)

    def _local(self, name: str, steps: Steps, *, whole: bool) -> None:
        value = self.definitions.local(name)
        if value is UNDECLARED:
            self.refers = True
            self.undeclared.append(name)
            return
        with self._entered(name, steps) as fresh:
            if fresh:
                self.add(value, steps, whole=whole)

    def _output(self, state: str, name: str, steps: Steps, *, whole: bool) -> None:
        output = self.definitions.output(state, name)
        if output is None:
            self.refers = True
            return
        with self._entered(f"{state}/{name}", steps) as fresh:
            if fresh:
                here, self.definitions = self.definitions, output.definitions
                self.add(output.value, steps, whole=whole)
                self.definitions = here

    def _each(self, path: Steps, *, whole: bool) -> None:
        collection = self.definitions.for_each()
        if collection is None:
            self.refers = True
            return
        with self._entered("", path) as fresh:
            if not fresh:
                return
            if path[0] == "key" and isinstance(collection, Mapping):
                collection = list(collection)
            self.add(collection, _ALL + path[1:], whole=whole)

    @contextmanager
    def _entered(self, name: str, steps: Steps) -> Iterator[bool]:
        """Guard against local values that refer to each other. Gives False if this one is being read.

        A value that refers to very many others, or through very many, is taken for a literal, since reading
        them all could take years.
        """
        place = (name, steps)
        self._references += 1
        endless = self._references > _MOST_REFERENCES or len(self._open) > _DEEPEST or len(steps) > _DEEPEST
        self.literal = self.literal or endless
        fresh = place not in self._open and not endless
        if fresh:
            self._open.add(place)
        try:
            yield fresh
        finally:
            if fresh:
                self._open.discard(place)

    def _call(
        self, function: str, arguments: tuple[Expression, ...], steps: Steps, names: Names, *, whole: bool
    ) -> None:
        self.found = self.found or function not in functions.PASSES_ON | functions.SELECTS
        self.refers = self.refers or function in functions.READS_A_FILE
        for index, argument in enumerate(arguments):
            if functions.is_name(function, index):
                if isinstance(argument, Literal) and not can_be_name(argument.text):
                    self.literal = True
            elif function in functions.PASSES_ON:
                self._visit(argument, steps, names, whole=whole)
            elif function in functions.SELECTS:
                key = functions.selected(function, arguments)
                inner = (*key, *steps) if index == 0 else steps
                self._visit(argument, inner, names, whole=whole)
            else:
                alone = whole and len(arguments) == 1
                self._visit(argument, (), names, whole=alone or bool(steps))


def _selected(value: Mapping[str, object] | list[object], step: Step) -> list[object]:
    if step is None:
        return list(value.values()) if isinstance(value, Mapping) else value
    if isinstance(value, Mapping):
        return [each for key, each in value.items() if key == str(step)]
    return [each for index, each in enumerate(value) if str(index) == str(step)]


def _element(items: tuple[Expression, ...], steps: Steps) -> tuple[Expression, ...]:
    if not steps or not isinstance(steps[0], int):
        return items
    return items[steps[0] : steps[0] + 1]
