"""The timeline of runs: one lane for each flow, one bar for each run or for several close together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flow_emulator.clock import to_datetime
from flow_emulator.page.formatting import DAY, HOUR, format_time, natural_sort_key, plural
from flow_emulator.page.markup import Markup, tag
from flow_emulator.page.svg.shapes import label, picture, rectangle, shortened
from flow_emulator.page.view import Flow, Run, View

_WIDTH: Final = 1100
_LEFT: Final = 200
_RIGHT: Final = 84
_SPAN: Final = _WIDTH - _LEFT - _RIGHT
_TOP: Final = 38
_BOTTOM: Final = 6
_FEW: Final = 16
_BAR: Final = 5
_STEPS: Final = (
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    91 * DAY,
    182 * DAY,
    365 * DAY,
    730 * DAY,
    3650 * DAY,
    36500 * DAY,
    365_000 * DAY,
)


@dataclass(frozen=True, slots=True)
class Axis:
    """The interval of the plot in epoch milliseconds, and the position of each time in it."""

    begin: int
    end: int

    def x(self, millis: int) -> float:
        """Return the x coordinate of a time."""
        return _LEFT + (millis - self.begin) / (self.end - self.begin) * _SPAN

    def holds(self, millis: int) -> bool:
        """Return whether a time is in the plot."""
        return self.begin <= millis <= self.end

    def ticks(self) -> list[int]:
        """Return at most nine round times."""
        step = next(each for each in _STEPS if (self.end - self.begin) / each <= 9)
        first = -(-self.begin // step) * step
        return list(range(first, self.end + 1, step))


def axis_of(view: View) -> Axis:
    """Return the axis for all runs, with now and the next runs unless they are far away."""
    times = [run.at for run in view.runs]
    upcoming = [flow.next_run for flow in view.flows if flow.next_run is not None]
    if not times:
        times = [view.clock.now, *upcoming]
    else:
        low, high = min(times), max(times)
        reach = max(high - low, DAY)
        times += [each for each in (view.clock.now, *upcoming) if low - reach <= each <= high + reach]
    low, high = min(times), max(times)
    margin = max((high - low) // 40, HOUR // 2)
    return Axis(low - margin, high + margin)


def draw_timeline(view: View) -> Markup:
    """Render the timeline; the height of a bar is the number of records on a logarithmic scale."""
    axis = axis_of(view)
    pitch = 34 if len(view.flows) <= _FEW else 16
    bottom = _TOP + pitch * len(view.flows)
    runs = _by_flow(view.runs)
    max_records = max((run.records or 0 for run in view.runs), default=0)
    lanes = [
        _lane(flow, runs[flow.id], axis, _Lane(_TOP + row * pitch, pitch, max_records))
        for row, flow in enumerate(sorted(view.flows, key=_order))
    ]
    return picture(
        "timeline",
        "Runs over time",
        _description(view, axis),
        _WIDTH,
        bottom + _BOTTOM,
        _grid(axis, bottom),
        lanes,
        _now(view, axis, bottom),
    )


@dataclass(frozen=True, slots=True)
class _Lane:
    top: int
    height: int
    max_records: int

    @property
    def baseline(self) -> int:
        """The y coordinate of the bottom of its bars."""
        return self.top + self.height - 3

    def bar_height(self, records: int | None) -> float:
        """Return the height of a bar."""
        room = self.height - 7
        if not records or self.max_records < 1:
            return room * 0.25
        return room * (0.25 + 0.75 * math.log1p(records) / math.log1p(self.max_records))


def _order(flow: Flow) -> tuple[object, ...]:
    return (flow.sandbox, natural_sort_key(flow.name), flow.id)


def _by_flow(runs: Iterable[Run]) -> defaultdict[str, list[Run]]:
    found: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        found[run.flow_id].append(run)
    return found


def _description(view: View, axis: Axis) -> str:
    drawn = f"{plural(len(view.runs), 'run')} of {plural(len(view.flows), 'flow')}"
    window = f"from {format_time(axis.begin)} to {format_time(axis.end)} UTC"
    where = "" if axis.holds(view.clock.now) else f" Now, {format_time(view.clock.now)}, lies outside."
    return f"{drawn}, {window}.{where} The tables of runs and flows below hold the same."


def _lane(flow: Flow, runs: Sequence[Run], axis: Axis, lane: _Lane) -> Markup:
    base = lane.baseline
    line = tag("path", d=f"M{_LEFT} {base}H{_LEFT + _SPAN}", class_="lane")
    text_line = base - (8 if lane.height > 20 else 2)
    parts = [
        line,
        tag("g", tag("title", f"{flow.name}\n{flow.id}"), label(shortened(flow.name, 28), 0, text_line)),
        label(plural(flow.runs, "run"), _WIDTH, text_line, "small", "end"),
        *_bars(runs, axis, lane),
    ]
    if flow.next_run is not None and axis.holds(flow.next_run):
        title = tag("title", f"{flow.name}\nnext run {format_time(flow.next_run)} UTC")
        x, y = axis.x(flow.next_run), base - lane.height * 0.3
        size = 5 if lane.height > 20 else 4
        drawn = f"M{x:.1f} {y - size:.1f}l{size} {size}l{-size} {size}l{-size} {-size}z"
        parts.append(tag("path", title, d=drawn, class_="next", data_next=flow.id))
    if flow.end is not None and axis.holds(flow.end):
        x = axis.x(flow.end)
        title = tag("title", f"{flow.name}\nends {format_time(flow.end)} UTC")
        parts.append(tag("path", title, d=f"M{x:.1f} {lane.top + 3}V{base}", class_="end"))
    return tag("g", parts, data_lane=flow.id)


def _bars(runs: Sequence[Run], axis: Axis, lane: _Lane) -> list[Markup]:
    columns: defaultdict[int, list[Run]] = defaultdict(list)
    for run in runs:
        columns[int((axis.x(run.at) - _LEFT) // _BAR)].append(run)
    return [_bar(together, axis, lane) for _, together in sorted(columns.items())]


def _bar(runs: list[Run], axis: Axis, lane: _Lane) -> Markup:
    """Render runs that are close together as one bar; the worst state sets its colour."""
    states = {run.state for run in runs}
    state = next((each for each in ("failed", "inProgress") if each in states), "success")
    if states - {"failed", "inProgress", "success"}:
        state = "other"
    records = max((run.records or 0 for run in runs), default=0)
    bar_height = lane.bar_height(records)
    x = sum(axis.x(run.at) for run in runs) / len(runs) - (_BAR - 1) / 2
    return rectangle(
        x,
        lane.baseline - bar_height,
        _BAR - 1,
        bar_height,
        f"run {state}",
        tag("title", _bar_title(runs)),
        radius=1,
    )


def _bar_title(runs: list[Run]) -> str:
    records = plural(sum(run.records or 0 for run in runs), "record")
    if len(runs) == 1:
        return f"{runs[0].flow_name}\n{format_time(runs[0].at)} UTC\n{runs[0].state}, {records}"
    first, last = min(run.at for run in runs), max(run.at for run in runs)
    states = ", ".join(sorted({run.state for run in runs}))
    times = f"{format_time(first)} to {format_time(last)} UTC"
    return f"{runs[0].flow_name}\n{len(runs)} runs\n{times}\n{states}, {records}"


def _grid(axis: Axis, bottom: int) -> Markup:
    lines, shown = [], ""
    for tick in axis.ticks():
        at, x = to_datetime(tick), axis.x(tick)
        lines.append(tag("path", d=f"M{x:.1f} {_TOP}V{bottom}", class_="grid"))
        day = at.strftime("%Y-%m-%d")
        if len(axis.ticks()) > 1 and axis.ticks()[1] - axis.ticks()[0] < DAY:
            lines += [label(day, x, _TOP - 23, "small", "middle")] if day != shown else []
            lines.append(label(at.strftime("%H:%M"), x, _TOP - 7, "small", "middle"))
        else:
            lines.append(label(day, x, _TOP - 7, "small", "middle"))
        shown = day
    return tag("g", lines, class_="axis")


def _now(view: View, axis: Axis, bottom: int) -> Markup | None:
    if not axis.holds(view.clock.now):
        return None
    x = axis.x(view.clock.now)
    title = tag("title", f"now, {format_time(view.clock.now)} UTC")
    return tag("path", title, d=f"M{x:.1f} {_TOP}V{bottom}", class_="now")
