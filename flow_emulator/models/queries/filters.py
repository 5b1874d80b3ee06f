"""The ``property`` filters of lists: ``path<op>value``; several are joined by AND.

Operators, the comma list and ``[]`` after the name of an array: "Sort and filter responses in the Flow
Service API".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flow_emulator.errors import (
    FilterFieldError,
    FilterOperatorError,
    FilterOperatorOnFieldError,
    FilterValueError,
    SeveralValuesError,
)

MAX_FILTERS: Final = 100
MAX_VALUES: Final = 10_000
_EXPRESSION: Final = re.compile(r"([A-Za-z0-9_.\[\]]+)(==|>=|<=|!=|=~|>|<|=)(.*)", re.DOTALL)
_COMPARISONS: Final = (">", "<", ">=", "<=")
_AUDIT: Final = ("createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient")
_COMMON: Final = ("id", "name", "description", "state", *_AUDIT)
_CONNECTION: Final = (*_COMMON, "connectionSpec.id", "connectionSpec.version")

# The fields of filters, for each collection; a name that ends with a dot includes all fields below it.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "connections": (*_CONNECTION, "auth.specName"),
    "sourceConnections": (*_CONNECTION, "baseConnectionId", "inheritedAttributes.", "params.datasets[]."),
    "targetConnections": (*_CONNECTION, "baseConnectionId", "inheritedAttributes.", "params."),
    "flows": (
        *_COMMON,
        "flowSpec.id",
        "flowSpec.version",
        "sourceConnectionIds[]",
        "targetConnectionIds[]",
        "scheduleParams.",
        "inheritedAttributes.",
        "lastRunDetails.",
        "labels[]",
    ),
    "runs": ("id", "flowId", "state", "flowSpec.id", "providerRefId", *_AUDIT, "metrics."),
    "specs": ("id", "name", "providerId", "version", "attributes."),
}
_NUMBERS: Final = re.compile(r"(.*(At|AtUTC|Time|Count|Bytes|Ms|interval))$")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: a path, an operator, and the values of which any may match."""

    path: str
    operator: str
    values: tuple[str, ...]

    def matches(self, document: dict[str, Any]) -> bool:
        """Return whether a document matches."""
        found = values_at(document, self.path)
        if self.operator == "==":
            return any(_text(value) in self.values for value in found)
        wanted = float(self.values[0])
        return any(_compare(value, self.operator, wanted) for value in found)


def parse_filters(expressions: Iterable[str], collection: str) -> list[Filter]:
    """Parse the ``property`` parameters of a request to a collection.

    No page limits filters and values; these bounds are far above what a client needs, and keep a list fast.
    """
    filters: list[Filter] = []
    for expression in expressions:
        if len(filters) == MAX_FILTERS:
            raise FilterValueError(f"A list takes at most {MAX_FILTERS} filters.")
        filters.append(_parse(expression, collection))
    if sum(len(each.values) for each in filters) > MAX_VALUES:
        raise FilterValueError(f"The filters of a list take at most {MAX_VALUES} values.")
    return filters


def values_at(document: object, path: str) -> list[Any]:
    """Return all values under a dotted path; a name that ends with ``[]`` steps into an array."""
    found = [document]
    for part in path.split("."):
        name = part.removesuffix("[]")
        found = [node[name] for node in found if isinstance(node, dict) and name in node]
        if part.endswith("[]"):
            found = [item for node in found if isinstance(node, list) for item in node]
    return found


def known_field(path: str, fields: Sequence[str]) -> bool:
    """Return whether a path is among the fields of a collection."""
    return any(path == field or (field.endswith(".") and path.startswith(field)) for field in fields)


def _parse(expression: str, collection: str) -> Filter:
    match = _EXPRESSION.fullmatch(expression)
    if match is None:
        raise FilterOperatorError("A filter has the form field==value; operators are ==, >, <, >=, <=.")
    path, operator, text = match.groups()
    if not known_field(path, FIELDS[collection]):
        raise FilterFieldError(f"There is no filter field {path} here.")
    if operator == "=" and path.startswith("attributes."):
        operator, text = "==", text.strip('"')  # specs are filtered as attributes.x="abc"
    if operator not in ("==", *_COMPARISONS):
        raise FilterOperatorError(f"The operator {operator} is not one of ==, >, <, >=, <=.")
    if text == "":
        raise FilterValueError(f"The filter on {path} has no value.")
    if operator == "==":
        return Filter(path, operator, tuple(dict.fromkeys((text, *text.split(",")))))
    return Filter(path, operator, (_require_number(path, operator, text),))


def _require_number(path: str, operator: str, text: str) -> str:
    if not _NUMBERS.match(path):
        raise FilterOperatorOnFieldError(f"{operator} compares numbers and times; {path} is neither.")
    if "," in text:
        raise SeveralValuesError(f"{operator} takes one value; only == takes several.")
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", text):
        raise FilterValueError(f"The filter on {path} needs a number.")
    return text


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _compare(value: object, operator: str, wanted: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if operator == ">":
        return value > wanted
    if operator == "<":
        return value < wanted
    return value >= wanted if operator == ">=" else value <= wanted
