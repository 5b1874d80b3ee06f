"""The table of source, target and base connections."""

from __future__ import annotations

from collections import Counter
from typing import Final

from flow_emulator.page.formatting import natural_sort_key, plural
from flow_emulator.page.markup import Markup, join, name, tag
from flow_emulator.page.tables.table import name_and_id, row, state, table
from flow_emulator.page.view import Connection, View

_KINDS: Final = {"source": "source", "target": "target", "account": "base"}


def connection_table(view: View) -> Markup:
    """Render one row for each connection: sources, then targets, then base connections."""
    heads = ["Connection", "Kind", "State", "Destination", "Details", "Used by"]
    several = len(view.sandboxes) > 1
    if several:
        heads.append("Sandbox")
    users = _users(view)
    rows = [
        row(
            name_and_id(each.name, each.id),
            _KINDS[each.kind],
            state(each.state),
            each.destination or "–",
            tag("div", name(each.details), " · ", each.format) if each.format else name(each.details),
            _used_by(each, users[each.id]),
            *([each.sandbox] if several else []),
            id_=f"connection-{each.id}",
        )
        for kind in _KINDS
        for each in sorted(
            view.connections, key=lambda one: (one.sandbox, natural_sort_key(one.name), one.id)
        )
        if each.kind == kind
    ]
    return table("Source, target and base connections", heads, rows)


def _order(connection: Connection) -> tuple[object, ...]:
    return connection.sandbox, natural_sort_key(connection.name), connection.id


def _users(view: View) -> Counter[str]:
    users: Counter[str] = Counter()
    for flow in view.flows:
        users.update((flow.source_id, flow.target_id))
    users.update(each.parent for each in view.connections if each.parent)
    return users


def _used_by(each: Connection, number: int) -> Markup:
    if not number:
        return join("nothing shown")
    return join(plural(number, "target connection" if each.kind == "account" else "flow"))
