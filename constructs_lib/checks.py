"""Checks a construct's arguments against the description of its resource or data source.

The rules are the provider's own. They are checked here too, because a mistake that is found at synthesis
costs a second, and its error names the construct and the argument that the user wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from constructs import Construct

from constructs_lib.argument_types import completed, object_problem, type_problem
from constructs_lib.construct_error import ConstructError, Problem
from constructs_lib.references import known
from constructs_lib.secrets.argument import secret_problem
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import Block
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.paths import ROOT, Path
from provider_shim.schema.rules import BlockRule
from provider_shim.schema.values import UNKNOWN, Value

Rename = Callable[[Path], Path]
"""A function from an attribute's path in the description to the path of its argument."""


def path_of(scope: Construct, id_: str) -> str:
    """Return the path of a construct with this id in this scope."""
    parent: str = scope.node.path
    return f"{parent}/{id_}" if parent else id_


def check_arguments(block: Block, arguments: Mapping[str, object], scope: Construct, id_: str) -> None:
    """Check a construct's arguments.

    Raises:
        ConstructError: Some arguments are wrong; it has all their problems.
    """
    if problems := problems_of(block, arguments, scope):
        raise ConstructError(path_of(scope, id_), problems)


def problems_of(
    block: Block,
    arguments: Mapping[str, object],
    scope: Construct,
    rename: Rename = lambda place: place,
) -> list[Problem]:
    """Return the problems of arguments, in the order of the description.

    Values that are known to Terraform only are skipped, one by one. Rules on which Adobe's sources disagree
    are left to the plan, where the provider's `disputed_rules` decides their severity.
    """
    return _Check(scope, rename).whole(block.attributes, block.rules, known(arguments), arguments, ROOT)


@dataclass(frozen=True, slots=True)
class _Check:
    scope: Construct
    rename: Rename

    def whole(
        self,
        attributes: tuple[Attribute, ...],
        rules: tuple[BlockRule, ...],
        value: Value,
        given: object,
        place: Path,
    ) -> list[Problem]:
        """The problems of one object. `given` is the object before `known` was applied."""
        if value is None or value is UNKNOWN:
            return []
        if wrong := object_problem(value):
            return [Problem(str(self.rename(place)), wrong)]
        complete = completed(attributes, value)
        found = self._surplus(attributes, value, place)
        for attribute in attributes:
            inside = place.attribute(attribute.name)
            found += self._attribute(
                attribute, value.get(attribute.name), _part(given, attribute.name), inside
            )
        if found:
            return found  # the rules across attributes assume that each of them is valid
        return [
            self._problem(diagnostic, self.rename(diagnostic.path))
            for rule in rules
            if not rule.disputed
            for diagnostic in rule.check(complete, place)
        ]

    def _surplus(self, attributes: tuple[Attribute, ...], value: Value, place: Path) -> list[Problem]:
        names = [each.name for each in attributes if each.presence is not Presence.COMPUTED]
        known = ", ".join(f"`{name}`" for name in names)
        return [
            Problem(
                str(self.rename(place.attribute(str(name)))),
                f"it is not an argument. The arguments are {known}.",
            )
            for name in value
            if name not in names
        ]

    def _attribute(self, attribute: Attribute, value: Value, given: object, place: Path) -> list[Problem]:
        argument = self.rename(place)
        if value is None:
            missing = attribute.presence is Presence.REQUIRED
            return [Problem(str(argument), "it must be given.")] if missing else []
        if wrong := type_problem(attribute, value):
            return [Problem(str(argument), wrong)]
        if attribute.sensitive and (why := secret_problem(attribute.name, given, self.scope)):
            return [Problem(str(argument), why)]
        if value is UNKNOWN:
            return []
        return [
            *(
                self._problem(diagnostic, argument)
                for rule in attribute.rules
                if not rule.disputed
                for diagnostic in rule.check(value, argument, secret=attribute.sensitive)
            ),
            *self._nested(attribute, value, given, place),
        ]

    def _nested(self, attribute: Attribute, value: Value, given: object, place: Path) -> list[Problem]:
        nested = attribute.nested
        if nested is None:
            return []
        if not isinstance(value, list):
            return self.whole(nested.attributes, nested.rules, value, given, place)
        return [
            problem
            for index, item in enumerate(value)
            for problem in self.whole(
                nested.attributes, nested.rules, item, _part(given, index), place.element(index)
            )
        ]

    @staticmethod
    def _problem(diagnostic: Diagnostic, argument: Path) -> Problem:
        return Problem(str(argument), diagnostic.detail)


def _part(given: object, key: str | int) -> object:
    """The attribute or element of an argument, which may be a mapping, a list or a value class."""
    match given:
        case Mapping():
            return given.get(key)
        case list() | tuple() if isinstance(key, int):
            return given[key]
    return getattr(given, str(key), None)
