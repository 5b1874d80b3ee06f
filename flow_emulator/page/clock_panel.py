"""The clock with its buttons."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flow_emulator.clock import to_datetime
from flow_emulator.page.address import address
from flow_emulator.page.formatting import relative_time, time_tag
from flow_emulator.page.markup import Markup, join, name, tag
from flow_emulator.page.view import Clock, View

# The value of a button -> how far it moves the clock.
STEPS: Final = {"+1h": timedelta(hours=1), "+3h": timedelta(hours=3), "+1d": timedelta(days=1)}
STOP: Final = "stop"
GO_ON: Final = "go-on"
NEXT: Final = "next"
REAL: Final = "real"
_LABELS: Final = {"+1h": "+1 hour", "+3h": "+3 hours", "+1d": "+1 day"}


def clock_panel(view: View) -> Markup:
    """Render the time, whether it is fixed, the next run, and the buttons."""
    clock = view.clock
    return join(
        tag(
            "p", time_tag(clock.now), " UTC ", tag("span", _kind(clock), class_="badge muted"), class_="clock"
        ),
        tag("p", _next_run(view)),
        tag("form", _buttons(view), method="post", action=address(view.options), class_="row"),
        tag("form", _time_form(view), method="post", action=address(view.options), class_="row"),
    )


def _kind(clock: Clock) -> str:
    if not clock.is_set:
        return "real time"
    return "set: fixed" if clock.stands else "set: running"


def _next_run(view: View) -> Markup:
    upcoming = view.clock.next_run
    if upcoming is None:
        return join("No run is scheduled.")
    names = [flow.name for flow in view.flows if flow.next_run == upcoming]
    shown = [join(", " if place else "", name(each)) for place, each in enumerate(names[:3])]
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    lead = join(": ", shown, more) if shown else None
    return join("Next run ", time_tag(upcoming), " UTC, ", relative_time(upcoming, view.clock.now), lead, ".")


def _buttons(view: View) -> Markup:
    buttons = [tag("button", _LABELS[step], name="clock", value=step) for step in STEPS]
    waiting = view.clock.next_run is not None
    return join(
        buttons,
        tag("button", "To the next run", name="clock", value=NEXT, disabled=not waiting, class_="main"),
        tag("button", "Resume", name="clock", value=GO_ON) if view.clock.stands else None,
        None if view.clock.stands else tag("button", "Stop it", name="clock", value=STOP),
        tag("button", "Back to real time", name="clock", value=REAL, disabled=not view.clock.is_set),
    )


def _time_form(view: View) -> Markup:
    now = to_datetime(view.clock.now).strftime("%Y-%m-%dT%H:%M:%S")
    return join(
        tag("label", "Or to a time (UTC)", for_="at"),
        tag("input", type="datetime-local", id="at", name="at", value=now, step=1, required=True),
        tag("button", "Set"),
    )
