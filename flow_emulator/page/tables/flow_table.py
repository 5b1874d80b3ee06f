"""The table of flows: states, destinations, schedules, next runs and ends."""

from __future__ import annotations

from flow_emulator.page.formatting import natural_sort_key, relative_time, time_tag
from flow_emulator.page.markup import Markup, join, name, tag
from flow_emulator.page.tables.table import name_and_id, row, state, table, two_lines
from flow_emulator.page.view import Flow, View


def flow_table(view: View) -> Markup:
    """Render one row for each flow, by name; the flow in the graph links to it."""
    heads = ["Flow", "State", "Destination", "Schedule", "From, until", "Next run", "Runs"]
    if len(view.sandboxes) > 1:
        heads.append("Sandbox")
    flows = sorted(view.flows, key=lambda flow: (flow.sandbox, natural_sort_key(flow.name), flow.id))
    return table("Flows, times in UTC", heads, [_row(flow, view) for flow in flows])


def _row(flow: Flow, view: View) -> Markup:
    sandbox = [flow.sandbox] if len(view.sandboxes) > 1 else []
    return row(
        name_and_id(flow.name, flow.id),
        state(flow.state),
        two_lines(flow.destination, name(flow.place)),
        two_lines(flow.frequency, flow.mode),
        tag("div", tag("div", time_tag(flow.start)), tag("div", time_tag(flow.end, "no end"))),
        _relative(flow.next_run, view.clock.now),
        f"{flow.runs:,}",
        *sandbox,
        id_=f"flow-{flow.id}",
    )


def _relative(millis: int | None, now: int) -> Markup:
    if millis is None:
        return join("none")
    return two_lines(time_tag(millis), relative_time(millis, now))
