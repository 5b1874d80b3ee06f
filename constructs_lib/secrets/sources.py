"""Finds what a secret argument's expression takes its value from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

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
from constructs_lib.expressions.reader import parse
from constructs_lib.secrets import functions
from constructs_lib.secrets.declarations import UNDECLARED, Definitions
from constructs_lib.secrets.literals import can_be_name, can_be_secret
from constructs_lib.secrets.places import Places
from constructs_lib.secrets.variable_types import defaults_in

Steps = tuple[Step, ...]
Names = Mapping[str, "Elements | None"]
"""The names that the `for`s around an expression define: an element of a collection, or `None` for a key."""

_NO_VALUE = ("path", "terraform", "count", "self")
_ALL: Steps = (None,)


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a collection, with the names that its expression can use."""

    collection: Expression
    names: Names


@dataclass(slots=True)
class Sources:
    """What a value is taken from. No text in it is to be shown: each can be a secret.

    A local value counts once, however often the value refers to it.
    """

    definitions: Definitions
    attribute: str = ""
    """The name of the secret attribute, which decides what in its value is public."""
    is_default: bool = False
    """Whether this is the default of a variable, in which Terraform allows no references."""
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
    _places: Places = field(default_factory=Places)

    @property
    def has_secret_part(self) -> bool:
        """Whether the literals that are a part of the value can be a part of the secret."""
        return can_be_secret(self.parts, self.attribute)

    def add(self, value: object, steps: Steps = (), *, whole: bool = True) -> None:
        """Add a value of the synthesised JSON: the part of it at the end of the steps.

        `whole` is True where that part is the secret itself. Places that the value refers to are examined
        after it, one by one: a chain of them can be longer than Python's stack.
        """
        self._value(value, steps, whole=whole)
        for examine in self._places.waiting():
            examine()

    def _value(self, value: object, steps: Steps, *, whole: bool) -> None:
        match value:
            case None | bool():
                return
            case str():
                self._text(value, steps, whole=whole)
            case list() if steps and isinstance(steps[0], str) and not steps[0].isdecimal():
                for body in value:  # a block can be a list of objects
                    self.add(body, steps, whole=whole)
            case Mapping() | list():
                for child in _selected(value, steps[0] if steps else None):
                    self._value(child, steps[1:], whole=bool(steps) and whole)
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
                inside = {**names, **({key: None} if key else {}), value: Elements(collection, names)}
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
            self._element_of(names[found.root], path, whole=whole)
            return
        if not path:
            self.parts.append(found.root)  # a word that Terraform could not resolve
        if not path or found.root in _NO_VALUE:
            return
        if self.is_default:
            self.refers = True
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

    def _element_of(self, elements: Elements | None, path: Steps, *, whole: bool) -> None:
        if elements is not None:
            collection = elements.collection
            examine = partial(self._visit, collection, _ALL + path, elements.names, whole=whole)
            # The names need not be a part of the place: they depend on where the collection is written.
            self._later("for", id(collection), path, examine, whole=whole, owner=collection)

    def _variable(self, name: str, steps: Steps) -> None:
        self.refers = True
        block = self.definitions.variable(name)
        if block is None:
            return
        if block.get("ephemeral") not in (True, "true"):
            self.plain_variables.append(name)
        default = Sources(self.definitions, is_default=True)
        default.add(block.get("default"), steps)
        for expression, inner in defaults_in(block.get("type"), steps):
            default._visit(expression, inner, {}, whole=True)
        if default.literal or default.parts or default.refers:
            self.defaults.append(name)

    def _local(self, name: str, steps: Steps, *, whole: bool) -> None:
        value = self.definitions.local(name)
        if value is UNDECLARED:
            self.refers = True
            self.undeclared.append(name)
            return
        self._later("local", name, steps, partial(self._value, value, steps, whole=whole), whole=whole)

    def _output(self, state: str, name: str, steps: Steps, *, whole: bool) -> None:
        output = self.definitions.output(state, name)
        if output is None:
            self.refers = True
            return
        here, self.definitions = self.definitions, output.definitions
        examine = partial(self._value, output.value, steps, whole=whole)
        self._later("output", name, steps, examine, whole=whole)
        self.definitions = here

    def _each(self, path: Steps, *, whole: bool) -> None:
        collection = self.definitions.for_each()
        if collection is None:
            self.refers = True
            return
        if path[0] == "key" and isinstance(collection, Mapping):
            collection = list(collection)
        examine = partial(self._value, collection, _ALL + path[1:], whole=whole)
        self._later("each", "", path, examine, whole=whole)

    def _later(
        self,
        kind: str,
        name: str | int,
        steps: Steps,
        examine: Callable[[], None],
        *,
        whole: bool,
        owner: object = None,
    ) -> None:
        """Examine a place of these definitions after this one. One that can't be examined is a literal."""
        definitions = self.definitions

        def in_its_stack() -> None:
            self.definitions = definitions
            examine()

        place = (id(definitions), kind, name, steps, whole)
        if not self._places.add(place, in_its_stack, definitions, owner):
            self.found = self.literal = True

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
