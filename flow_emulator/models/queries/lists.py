"""Lists: filters, order, pages by opaque continuation tokens, and the count.

In the default order, the newest first, a page begins at a position in the store, so its cost does not depend
on how much is stored. The same holds for an order by name or by one time. Any other order reads and sorts all
matching entities.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from flow_emulator import strict_json
from flow_emulator.errors import QueryValueError, SortFieldError, SortOrderError
from flow_emulator.models.context import Context
from flow_emulator.models.queries.filters import FIELDS, Filter, known_field, values_at
from flow_emulator.models.transitions import observe
from flow_emulator.store import INDEXED, SORTED, Entity

MAX_LIMIT: Final = 100
MAX_ORDER: Final = 20
Show = Callable[[Context, Entity], dict[str, Any]]
Order = tuple[tuple[str, bool], ...]
# Filter paths that have another name in the store.
_COLUMNS: Final = {
    ("runs", "flowId"): "parent",
    ("targetConnections", "baseConnectionId"): "parent",
}


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a list: filters, page size, order (field, descending), token of the previous page."""

    filters: tuple[Filter, ...]
    limit: int
    order: Order = ()
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its items as shown, and the token of the next page or None."""

    items: list[dict[str, Any]]
    next_token: str | None


def parse_order(text: str, collection: str) -> Order:
    """Parse ``orderby``: fields joined by commas, each with an optional + or - before it."""
    order = []
    if text.count(",") >= MAX_ORDER:
        raise SortOrderError(f"orderby has at most {MAX_ORDER} fields.")
    for part in text.split(","):
        # A plus sign that was not percent-encoded arrives as a space.
        descending, field = part[:1] == "-", part[1:] if part[:1] in ("-", "+", " ") else part
        if not field or not (field[0].isalpha() or field[0] == "_"):
            raise SortOrderError("orderby is a list of fields, each with + or - or nothing before it.")
        if "[]" in field or not known_field(field, FIELDS[collection]):
            raise SortFieldError(f"There is no sort field {field} here.")
        order.append((field, descending))
    return tuple(order)


def count(context: Context, collection: str, filters: tuple[Filter, ...], show: Show) -> int:
    """Return how many entities match the filters."""
    if not filters:
        return context.tx.entities.count(collection, context.org, context.sandbox)
    return sum(1 for _ in _matching(context, collection, filters, show, None))


def page(context: Context, collection: str, query: Query, show: Show) -> Page:
    """Return one page of a collection; every entity on it is observed."""
    position = None if query.token is None else _read_token(query.token, len(query.order))
    found: Iterable[tuple[Entity, dict[str, Any]]]
    if len(query.order) == 1 and query.order[0][0] in SORTED:
        found = _matching(context, collection, query.filters, show, position, query.order[0])
    elif query.order:
        found = _sorted_after(
            _matching(context, collection, query.filters, show, None), query.order, position
        )
    else:
        found = _matching(context, collection, query.filters, show, position)
    taken = []
    for entity, document in found:
        taken.append((entity, document))
        if len(taken) > query.limit:
            break
    shown, more = taken[: query.limit], len(taken) > query.limit
    next_token = _write_token(shown[-1], query.order) if more else None
    # An entity whose deletion ends with this observation is not on the page.
    items = [show(context, entity) for entity, _ in shown if observe(context, entity)]
    return Page(items, next_token)


def _matching(
    context: Context,
    collection: str,
    filters: tuple[Filter, ...],
    show: Show,
    position: list[Any] | None,
    order: tuple[str, bool] | None = None,
) -> Iterator[tuple[Entity, dict[str, Any]]]:
    """Yield what matches the filters, after a position: the newest first, or in an order of the store."""
    equal: dict[str, tuple[str, ...]] = {}
    for each in filters:
        column = _COLUMNS.get((collection, each.path), each.path)
        if each.operator == "==" and column in INDEXED:
            equal[column] = each.values
    where = (collection, context.org, context.sandbox, equal)
    if order is None:
        entities = context.tx.entities.scan(*where, before=position[-1] if position else None)
    else:
        after = None if position is None else (_stored(position[0]), int(position[-1]))
        entities = context.tx.entities.scan_sorted(*where, order[0], descending=order[1], after=after)
    for entity in entities:
        document = show(context, entity)
        if all(each.matches(document) for each in filters):
            yield entity, document


def _sorted_after(
    found: Iterator[tuple[Entity, dict[str, Any]]], order: Order, position: list[Any] | None
) -> list[tuple[Entity, dict[str, Any]]]:
    def compare(one: list[Any], other: list[Any]) -> int:
        for (_, descending), left, right in zip(order, one, other, strict=False):
            if left != right:
                return (1 if left > right else -1) * (-1 if descending else 1)
        return int(other[-1]) - int(one[-1])

    keyed = [(_sort_key(entry, order), entry) for entry in found]
    by_key = functools.cmp_to_key(compare)
    keyed.sort(key=lambda pair: by_key(pair[0]))
    return [entry for key, entry in keyed if position is None or compare(key, position) > 0]


def _sort_key(entry: tuple[Entity, dict[str, Any]], order: Order) -> list[Any]:
    entity, document = entry
    return [*(_comparable(values_at(document, field)) for field, _ in order), entity.seq]


def _comparable(found: list[Any]) -> list[Any]:
    value = found[0] if found else None
    if isinstance(value, bool) or value is None or not isinstance(value, (int, float, str)):
        return [0, 0, str(value)]
    return [1, value, ""] if isinstance(value, (int, float)) else [2, 0, value]


def _stored(part: list[Any]) -> str | int | float:
    """Return the value in a sort key, as the store compares it."""
    value: str | int | float = part[2] if part[0] == 2 else part[1]
    return value


def _write_token(entry: tuple[Entity, dict[str, Any]], order: Order) -> str:
    text = json.dumps(_sort_key(entry, order), separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_token(token: str, fields: int) -> list[Any]:
    try:
        key = strict_json.parse(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("utf-8"))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or len(key) != fields + 1 or not _is_sort_key(key):
        raise QueryValueError("continuationToken is not a token of this list.")
    return key


def _is_sort_key(key: list[Any]) -> bool:
    *parts, seq = key
    fine = isinstance(seq, int) and not isinstance(seq, bool) and abs(seq) < 2**62
    return fine and all(
        isinstance(part, list)
        and len(part) == 3
        and part[0] in (0, 1, 2)
        and isinstance(part[1], (int, float))
        and -(2**62) < part[1] < 2**62
        and isinstance(part[2], str)
        for part in parts
    )
