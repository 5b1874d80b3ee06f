"""The graph: source connections, flows, target connections, base connections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flow_emulator.page.formatting import format_time, natural_sort_key, plural, relative_time
from flow_emulator.page.markup import Markup, join, tag
from flow_emulator.page.svg.shapes import label, picture, rectangle, shortened
from flow_emulator.page.view import Connection, Flow, View

_BOX: Final = 236
_GAP: Final = 52
_STEP: Final = _BOX + _GAP
_HEAD: Final = 28
_WIDTH: Final = 4 * _BOX + 3 * _GAP
_LETTERS: Final = 32
_FEW: Final = 12
_COLUMNS: Final = ("Source connection", "Flow", "Target connection", "Base connection")


@dataclass(frozen=True, slots=True)
class _Rows:
    """The heights of a row and its box: two lines of text for few rows, one for many."""

    pitch: int
    box: int

    @property
    def short(self) -> bool:
        """Whether a box has one line only."""
        return self.box < 30

    def top(self, row: float) -> float:
        """Return the top of a row's box."""
        return _HEAD + row * self.pitch

    def middle(self, row: float) -> float:
        """Return the middle of a row's box."""
        return self.top(row) + self.box / 2


def draw_graph(view: View) -> Markup:
    """Render a box for each connection and flow, a line through each flow, and one from target to base."""
    flows = sorted(view.flows, key=_flow_order(view.connections))
    places = _places(view, flows)
    rows = _Rows(46, 38) if max(places.values(), default=0) < _FEW else _Rows(24, 20)
    height = int(rows.top(max(places.values(), default=0) + 1)) + 4
    heads = [label(text, column * _STEP, 14, "head") for column, text in enumerate(_COLUMNS)]
    return picture(
        "graph",
        "Connections and flows",
        _description(view),
        _WIDTH,
        height,
        _arrow(),
        heads,
        [_flow_line(flow, places, rows) for flow in flows],
        [_base_line(target, places, rows) for target in view.of_kind("target")],
        [_connection_box(each, places, rows) for each in view.connections],
        [_flow_box(flow, view, places, rows) for flow in flows],
    )


def _description(view: View) -> str:
    parts = [
        plural(len(view.of_kind("source")), "source connection"),
        plural(len(view.flows), "flow"),
        plural(len(view.of_kind("target")), "target connection"),
        plural(len(view.of_kind("account")), "base connection"),
    ]
    return f"{', '.join(parts)}. The tables of flows and connections below hold the same."


# The row of each box.


def _flow_order(connections: Iterable[Connection]) -> Callable[[Flow], tuple[object, ...]]:
    """Return a sort key that puts flows with the same base connection next to each other."""
    known = {each.id: each for each in connections}

    def key(flow: Flow) -> tuple[object, ...]:
        target = known.get(flow.target_id)
        account = known.get(target.parent or "") if target else None
        return (
            flow.sandbox,
            flow.destination,
            natural_sort_key(account.name) if account else (),
            natural_sort_key(flow.name),
            flow.id,
        )

    return key


def _places(view: View, flows: Sequence[Flow]) -> dict[str, float]:
    """Return the row of every box: flows from the top, all others beside the flows that use them."""
    places: dict[str, float] = {flow.id: float(row) for row, flow in enumerate(flows)}
    places |= _beside(view.of_kind("source"), [(flow.source_id, places[flow.id]) for flow in flows])
    targets = view.of_kind("target")
    places |= _beside(targets, [(flow.target_id, places[flow.id]) for flow in flows])
    return places | _beside(
        view.of_kind("account"), [(each.parent, places[each.id]) for each in targets if each.parent]
    )


def _beside(nodes: Sequence[Connection], links: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the rows of one column: each node at the mean of its linked rows, unused nodes last."""
    linked: defaultdict[str, list[float]] = defaultdict(list)
    for identity, row in links:
        linked[identity].append(row)
    means = {each.id: sum(linked[each.id]) / len(linked[each.id]) for each in nodes if each.id in linked}
    places: dict[str, float] = {}
    free = 0.0
    for identity in sorted(means, key=means.__getitem__):
        places[identity] = max(free, means[identity])
        free = places[identity] + 1
    for row, each in enumerate(each for each in nodes if each.id not in means):
        places[each.id] = free + row
    return places


# Boxes and lines.


def _flow_line(flow: Flow, places: dict[str, float], rows: _Rows) -> Markup | None:
    """Render one path from the source connection through the flow to the target connection."""
    if flow.source_id not in places or flow.target_id not in places:
        return None
    source, own, target = (rows.middle(places[each]) for each in (flow.source_id, flow.id, flow.target_id))
    drawn = f"{_curve(0, source, own)} H{_STEP + _BOX} {_bend(1, own, target)}"
    return tag("path", d=drawn, class_=f"line {_state_class(flow.state)}", data_flow=flow.id, **_ARROW)


def _base_line(target: Connection, places: dict[str, float], rows: _Rows) -> Markup | None:
    if target.parent not in places:
        return None
    drawn = _curve(2, rows.middle(places[target.id]), rows.middle(places[target.parent]))
    return tag("path", d=drawn, class_="line base", data_target=target.id, **_ARROW)


def _curve(column: int, start: float, end: float) -> str:
    """Return a path from the right edge of a column to the left edge of the next one."""
    return f"M{column * _STEP + _BOX} {start:.1f} {_bend(column, start, end)}"


def _bend(column: int, start: float, end: float) -> str:
    left = column * _STEP + _BOX
    half, right = left + _GAP / 2, left + _GAP
    return f"C{half} {start:.1f} {half} {end:.1f} {right} {end:.1f}"


def _flow_box(flow: Flow, view: View, places: dict[str, float], rows: _Rows) -> Markup:
    if flow.next_run is None:
        upcoming, short = "no next run", flow.frequency
    else:
        short = f"{flow.frequency} · next {format_time(flow.next_run)[5:]}"
        upcoming = f"next {format_time(flow.next_run)}, {relative_time(flow.next_run, view.clock.now)}"
    titles = (flow.name, flow.id, flow.state, f"{flow.frequency}, {flow.mode}", upcoming)
    if flow.state != "enabled":
        short = f"{flow.state} · {short}"
    box = _box(1, places[flow.id], rows, f"flow {_state_class(flow.state)}", flow.name, short, titles)
    # A link for pointers only; the keyboard reaches the table next anyway.
    return tag("a", box, href=f"#flow-{flow.id}", tabindex="-1", data_node=flow.id)


def _connection_box(each: Connection, places: dict[str, float], rows: _Rows) -> Markup:
    column = {"source": 0, "target": 2, "account": 3}[each.kind]
    facts = [each.destination if each.kind == "account" else each.details]
    if each.state != "enabled":
        facts.insert(0, each.state)
    titles = (each.name, each.id, each.state, each.destination, each.details, each.format)
    # Without a second line the destination of a base connection is shown beside its name.
    first = f"{each.name} · {each.destination}" if each.kind == "account" and rows.short else each.name
    class_ = f"{each.kind} {_state_class(each.state)}"
    box = _box(column, places[each.id], rows, class_, first, " · ".join(filter(None, facts)), titles)
    return tag("g", box, data_node=each.id)


def _box(
    column: int, row: float, rows: _Rows, class_: str, first: str, second: str, titles: Iterable[str]
) -> Markup:
    left, top = column * _STEP, rows.top(row)
    lines = [label(shortened(first, _LETTERS), 10, 14 if rows.short else 16)]
    if not rows.short:
        lines.append(label(shortened(second, _LETTERS + 4), 10, 31, "small"))
    # An inner picture clips the text, as fonts differ in width.
    words = tag("svg", lines, x=left, y=f"{top:.1f}", width=_BOX - 6, height=rows.box)
    frame = rectangle(left, top, _BOX, rows.box, f"box {class_}", radius=5)
    return join(tag("title", "\n".join(filter(None, titles))), frame, words)


def _state_class(state: str) -> str:
    return "on" if state == "enabled" else "off" if state == "disabled" else "transition"


def _arrow() -> Markup:
    head = tag("path", d="M0 0L7 3.5L0 7z", class_="arrow")
    marker = tag(
        "marker",
        head,
        id="arrow",
        markerWidth=7,
        markerHeight=7,
        refX=7,
        refY="3.5",
        orient="auto",
        markerUnits="userSpaceOnUse",
    )
    return tag("defs", marker)


_ARROW: Final = {"marker_end": "url(#arrow)"}
