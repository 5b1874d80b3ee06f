"""The two pictures: what of the view is in them, and where."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from flow_emulator.page.formatting import DAY, HOUR
from flow_emulator.page.svg.graph import draw_graph
from flow_emulator.page.svg.timeline import axis_of, draw_timeline
from flow_emulator.page.view import Clock, Run
from tests.unit.flow_emulator.page.page_views import (
    NOW,
    SVG,
    classed,
    having,
    parsed,
    text_of,
    view_of,
    with_flow,
)

COUNTS = [0, 1, 7, 100]


@pytest.mark.parametrize("exports", COUNTS)
def test_the_graph_has_one_line_for_each_flow(exports: int) -> None:
    """Each flow is one line and one box; each connection is one box; each target has a line to its base."""
    view = view_of(exports)
    graph = parsed(draw_graph(view))

    assert set(having(graph, "data-flow")) == {flow.id for flow in view.flows}
    assert len(classed(graph, "line")) == 2 * exports
    assert set(having(graph, "data-target")) == {each.id for each in view.of_kind("target")}
    nodes = {flow.id for flow in view.flows} | {each.id for each in view.connections}
    assert set(having(graph, "data-node")) == nodes
    assert len(classed(graph, "box")) == len(nodes)


@pytest.mark.parametrize("exports", COUNTS)
def test_no_two_boxes_overlap(exports: int) -> None:
    """The boxes of a column are below each other, and all of them inside the picture."""
    graph = parsed(draw_graph(view_of(exports)))
    height = float(graph.attrib["height"])
    columns: dict[str, list[tuple[float, float]]] = {}
    for box in classed(graph, "box"):
        top = float(box.attrib["y"])
        columns.setdefault(box.attrib["x"], []).append((top, top + float(box.attrib["height"])))

    for spans in columns.values():
        spans.sort()
        assert all(upper[1] < lower[0] for upper, lower in pairwise(spans))
        assert spans[-1][1] <= height


def test_flows_meet_at_a_shared_connection() -> None:
    """Two flows to one target connection end at the same place, and the target is drawn once."""
    view = view_of(2)
    first, second = view.flows
    shared = replace(view, flows=(first, replace(second, target_id=first.target_id)))
    lines = having(parsed(draw_graph(shared)), "data-flow")

    ends = {line.attrib["d"].split()[-1] for line in lines.values()}
    assert len(lines) == 2
    assert len(ends) == 1


def test_a_connection_without_a_flow_is_drawn() -> None:
    """What is stored and not used is there too, without a line through it."""
    view = replace(view_of(2), flows=())
    graph = parsed(draw_graph(view))

    assert having(graph, "data-flow") == {}
    assert len(classed(graph, "box")) == 6


@pytest.mark.parametrize(
    ("state", "class_"), [("enabled", "on"), ("disabled", "off"), ("delete-finalizing", "transition")]
)
def test_states_are_seen_in_the_graph(state: str, class_: str) -> None:
    """A flow that does not run has another style, and its box has its state."""
    graph = parsed(draw_graph(with_flow(view_of(1), state=state)))
    box = having(graph, "data-node")["flow-0"]

    assert class_ in having(graph, "data-flow")["flow-0"].attrib["class"].split()
    assert state in text_of(box)


@pytest.mark.parametrize("draw", [draw_graph, draw_timeline])
def test_pictures_introduce_themselves(draw: object) -> None:
    """A screen reader gets a title, and a description with the numbers and where to read the same."""
    picture = parsed(draw(view_of(7)))  # type: ignore[operator]
    title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")

    assert picture.attrib["role"] == "img"
    assert title is not None
    assert description is not None
    assert picture.attrib["aria-labelledby"] == title.attrib["id"]
    assert picture.attrib["aria-describedby"] == description.attrib["id"]
    assert "7 flows" in text_of(description)
    assert "tables" in text_of(description)


@pytest.mark.parametrize("draw", [draw_graph, draw_timeline])
def test_long_names_are_cut_and_shown_whole_beside(draw: object) -> None:
    """A name too long for its place is cut with an ellipsis; its title has all of it."""
    long = "every order of every shop in every country"
    picture = parsed(draw(view_of(1, name=long)))  # type: ignore[operator]
    titles = [text_of(each) for each in picture.iter(f"{SVG}title")]
    words = [text_of(each) for each in picture.iter(f"{SVG}text")]

    assert any(f"{long} 0" in title for title in titles)
    assert any(word.endswith("…") and long.startswith(word[:-1]) for word in words)
    assert not any(long in word for word in words)


@pytest.mark.parametrize("exports", COUNTS)
def test_the_plot_has_a_lane_for_each_flow_and_a_bar_for_each_run(exports: int) -> None:
    """Runs that lie apart have a bar each, in the lane of their flow; next runs are marked."""
    view = view_of(exports)
    plot = parsed(draw_timeline(view))
    lanes = having(plot, "data-lane")

    assert set(lanes) == {flow.id for flow in view.flows}
    assert {len(classed(lane, "run")) for lane in lanes.values()} <= {3}
    assert len(having(plot, "data-next")) == exports
    assert len(classed(plot, "now")) == 1


def test_later_is_further_right_and_more_is_taller() -> None:
    """Bars are in the order of time, as tall as their records, and inside the picture."""
    plot = parsed(draw_timeline(view_of(1, runs_each=5)))
    bars = sorted(classed(plot, "run"), key=lambda bar: float(bar.attrib["x"]))

    titles = [text_of(bar) for bar in bars]
    assert ["10,000 records" in titles[0], "1 record" in titles[-1]] == [True, True]
    heights = [float(bar.attrib["height"]) for bar in bars]
    assert heights == sorted(heights, reverse=True)
    assert all(0 <= float(bar.attrib["x"]) <= 1100 for bar in bars)


def test_runs_close_together_share_a_bar() -> None:
    """A thousand runs in an hour of a month are one bar, whose title says how many and what went wrong."""
    view = view_of(1, runs_each=1)
    flow = view.flows[0]
    crowd = [Run(f"r{n}", flow.id, flow.name, NOW + n, NOW, "success", 1, 1) for n in range(999)]
    failed = Run("bad", flow.id, flow.name, NOW + 1000, NOW, "failed", 0, 0)
    early = Run("early", flow.id, flow.name, NOW - 30 * DAY, NOW, "success", 1, 1)
    plot = parsed(draw_timeline(replace(view, runs=(failed, *crowd, early))))
    bars = classed(plot, "run")

    assert len(bars) == 2
    (together,) = classed(plot, "failed")
    assert "1000 runs" in text_of(together)
    assert "failed, success" in text_of(together)


def test_what_lies_far_off_does_not_squeeze_the_plot() -> None:
    """A clock put back by years leaves the runs readable; the description says where now is."""
    view = replace(view_of(3), clock=Clock(NOW - 5 * 365 * DAY, True, True, NOW + 3 * HOUR))
    axis = axis_of(view)
    plot = parsed(draw_timeline(view))

    assert axis.end - axis.begin < 2 * DAY
    assert classed(plot, "now") == []
    assert "lies outside" in text_of(plot)


@pytest.mark.parametrize("stretch", [0, HOUR, DAY, 40 * DAY, 5 * 365 * DAY, 2900 * 365 * DAY])
def test_every_stretch_of_time_has_a_few_round_ticks(stretch: int) -> None:
    """From no time at all to the whole range of the clock there are at most nine ticks, inside the plot."""
    view = with_flow(view_of(1, runs_each=0), next_run=NOW + stretch)
    axis = axis_of(view)

    assert len(axis.ticks()) <= 9
    assert all(axis.holds(tick) for tick in axis.ticks())
    parsed(draw_timeline(view))
