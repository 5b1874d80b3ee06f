"""The whole page: head, sections, and the embedded style sheet."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from flow_emulator.page.address import FILTER_LENGTH, address, changed
from flow_emulator.page.clock_panel import clock_panel
from flow_emulator.page.formatting import plural
from flow_emulator.page.markup import Child, Markup, join, tag
from flow_emulator.page.svg.graph import draw_graph
from flow_emulator.page.svg.timeline import axis_of, draw_timeline
from flow_emulator.page.tables.connection_table import connection_table
from flow_emulator.page.tables.flow_table import flow_table
from flow_emulator.page.tables.request_table import request_table
from flow_emulator.page.tables.run_table import run_table
from flow_emulator.page.tables.table import scrolled
from flow_emulator.page.view import Options, View

RELOAD_SECONDS: Final = 5
_SECTIONS: Final = {
    "clock": "Clock",
    "graph": "Connections and flows",
    "runs": "Runs over time",
    "flows": "Flows",
    "connections": "Connections",
    "requests": "Requests",
    "reset": "Reset",
}
_BAR: Final[dict[str, str | int]] = {"x": 4, "y": 1, "width": 4, "height": 11}
# An embedded icon, so that the browser does not request one.
_ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Ccircle cx='4' cy='4' r='3' fill='%231b5cb8'/%3E%3C/svg%3E"
)


def draw_page(view: View) -> str:
    """Render the page as an HTML document that is also well-formed XML."""
    body = [
        tag("a", "Skip to the clock", href="#clock", class_="skip"),
        tag("div", _header(view), tag("main", _sections(view)), _footer(view), class_="page"),
    ]
    document = tag("html", _head(view.options), tag("body", body), lang="en")
    return f"<!DOCTYPE html>\n{document}\n"


def page_headers() -> dict[str, str]:
    """Return the headers of the page, which forbid loading, framing, caching and sending elsewhere."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
        "cache-control": "no-store",
        # Not `no-referrer`: with it browsers would send `Origin: null` with the page's own forms.
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }


@cache
def _style() -> str:
    return files("flow_emulator.page").joinpath("style.css").read_text(encoding="utf-8")


def _head(options: Options) -> Markup:
    reload = f"{RELOAD_SECONDS}; url={address(options)}"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", "Flow Service emulator"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="refresh", content=reload) if options.reload else None,
        tag("link", rel="icon", href=_ICON),
        tag("style", Markup(_style())),
    )


def _header(view: View) -> Markup:
    totals = view.totals
    counts = [
        plural(totals.flows, "flow"),
        plural(totals.sources + totals.targets + totals.accounts, "connection"),
        plural(totals.runs, "run"),
        plural(totals.requests, "request"),
    ]
    links = [
        tag("li", tag("a", title, href=f"#{key}")) for key, title in _SECTIONS.items() if _is_shown(key, view)
    ]
    turned = "off" if view.options.reload else f"every {RELOAD_SECONDS} seconds"
    reload = tag(
        "a",
        f"Reload by itself: turn {turned}" if view.options.reload else f"Reload {turned}",
        href=changed(view.options, reload=not view.options.reload),
    )
    return tag(
        "header",
        tag("h1", "Flow Service emulator"),
        tag("p", "An emulator of Adobe's Flow Service on this machine. It has ", ", ".join(counts), "."),
        tag("nav", tag("ul", links, tag("li", reload)), aria_label="Sections"),
    )


def _message(view: View) -> Markup | None:
    if view.message is None:
        return None
    role, class_ = ("alert", "message error") if view.message.is_error else ("status", "message")
    return tag("p", view.message.text, class_=class_, role=role)


def _sections(view: View) -> Markup:
    return join(
        _section("clock", _message(view), clock_panel(view)),
        _section("graph", _filter(view), _graph(view)),
        _section("runs", _runs(view) if view.flows else tag("p", "There are no flows, so nothing runs.")),
        _section("flows", flow_table(view)) if _is_shown("flows", view) else None,
        _section("connections", connection_table(view)) if _is_shown("connections", view) else None,
        _section("requests", *_requests(view)),
        _section("reset", _reset(view)),
    )


def _is_shown(key: str, view: View) -> bool:
    """Return whether the page has a section; tables without rows are omitted."""
    return bool({"flows": view.flows, "connections": view.connections}.get(key, True))


def _section(key: str, *content: Child) -> Markup:
    heading = tag("h2", _SECTIONS[key], id=f"{key}-heading")
    return tag("section", heading, *content, id=key, aria_labelledby=f"{key}-heading")


def _filter(view: View) -> Markup | None:
    if not view.totals.flows and not view.options.filter:
        return None
    kept = [
        tag("input", type="hidden", name=key, value=value)
        for key, value, isset in (
            ("reload", "on", view.options.reload),
            ("log", "all", view.options.all_requests),
        )
        if isset
    ]
    typed = tag(
        "input", type="search", id="filter", name="filter", value=view.options.filter, maxlength=FILTER_LENGTH
    )
    everything = tag("a", "Show all", href=address(Options(reload=view.options.reload), "graph"))
    form = tag(
        "form",
        tag("label", "Only flows and connections whose name, id or place contains", for_="filter"),
        typed,
        tag("button", "Show"),
        everything if view.options.filter else None,
        kept,
        method="get",
        action="/#graph",
        class_="row",
        role="search",
    )
    return join(form, _left_out(view))


def _left_out(view: View) -> Markup | None:
    if len(view.flows) == view.totals.flows:
        return None
    return tag("p", f"{len(view.flows):,} of {plural(view.totals.flows, 'flow')} shown here and below.")


def _graph(view: View) -> Markup:
    if view.connections or view.flows:
        return scrolled(draw_graph(view), "Graph of connections and flows")
    if view.options.filter:
        return tag("p", "Nothing here has such a name.")
    return join(
        tag("p", "Nothing has been created yet. In the shell where Terraform runs:"),
        _environment(view),
        tag("p", "Then ", tag("code", "terraform apply"), " or ", tag("code", "cdktf deploy"), "."),
    )


def _environment(view: View) -> Markup:
    lines = [f"export {key}={value}" for key, value in view.environment]
    return tag("pre", "\n".join(lines))


def _runs(view: View) -> Markup:
    drawn = sum(flow.runs for flow in view.flows)
    fewer = (
        f"The newest {len(view.runs):,} of {plural(drawn, 'run')} are drawn. "
        if len(view.runs) < drawn
        else ""
    )
    note = tag(
        "p",
        fewer,
        "A bar is a run; its height is the number of records, on a logarithmic scale. Times are UTC.",
        class_="small",
    )
    plot = scrolled(draw_timeline(view), "Plot of runs over time")
    newest = run_table(view) if view.runs else tag("p", "No run yet. Move the clock to the next one.")
    return join(note, plot, _legend(view), tag("h3", "Newest runs"), newest)


def _legend(view: View) -> Markup:
    """Render the meaning of the marks in the plot."""
    states = {run.state for run in view.runs}
    axis = axis_of(view)
    upcoming = any(flow.next_run is not None and axis.holds(flow.next_run) for flow in view.flows)
    ends = any(flow.end is not None and axis.holds(flow.end) for flow in view.flows)
    marks = [
        ("success", _key("rect", **_BAR, class_="run success"), "success" in states),
        ("under way", _key("rect", **_BAR, class_="run inProgress"), "inProgress" in states),
        ("failed", _key("rect", **_BAR, class_="run failed"), "failed" in states),
        ("next run", _key("path", d="M6 1.5l5 5l-5 5l-5 -5z", class_="next"), upcoming),
        ("now", _key("path", d="M6 0V13", class_="now"), axis.holds(view.clock.now)),
        ("end of the schedule", _key("path", d="M6 0V13", class_="end"), ends),
    ]
    shown = [tag("li", mark, word) for word, mark, there in marks if there]
    return tag("ul", shown, class_="legend", aria_label="Legend")


def _key(shape: str, **attributes: str | int) -> Markup:
    return tag(
        "svg",
        tag(shape, **attributes),
        xmlns="http://www.w3.org/2000/svg",
        width=13,
        height=13,
        aria_hidden="true",
    )


def _requests(view: View) -> list[Child]:
    if not view.requests:
        return [_faults(view), tag("p", "No request yet.")]
    shown, total = len(view.requests), view.totals.requests
    if view.options.all_requests:
        more = tag("a", "Show fewer", href=changed(view.options, "requests", log=False))
    elif shown < total:
        more = tag("a", "Show more", href=changed(view.options, "requests", log=True))
    else:
        more = None
    note = f"The newest {shown:,} of {plural(total, 'request')}; secrets are masked. "
    return [_faults(view), tag("p", note, more, class_="small"), request_table(view)]


def _faults(view: View) -> Markup | None:
    """Render the faults that are set."""
    if not view.faults:
        return None
    items = [tag("li", tag("code", text), ", ", plural(hits, "hit")) for text, hits in view.faults]
    return tag("div", tag("p", "Faults that are set:"), tag("ul", items))


def _reset(view: View) -> Markup:
    totals = view.totals
    lost = [
        plural(totals.flows, "flow"),
        plural(totals.sources + totals.targets + totals.accounts, "connection"),
        plural(totals.runs, "run"),
        plural(totals.requests, "logged request"),
    ]
    warning = "The clock goes back to real time. None of this can be undone."
    question = tag(
        "p", f"This deletes {', '.join(lost)} and all tokens, faults and rows of datasets. {warning}"
    )
    sure = tag("button", "Yes, delete everything", name="reset", value="everything", class_="danger")
    form = tag("form", sure, method="post", action=address(view.options), class_="row")
    return tag("details", tag("summary", "Delete everything …"), question, form)


def _footer(view: View) -> Markup:
    switches = [f"{key} = {value}" for key, value in view.switches]
    text = (
        f"Switches that are not at their default: {', '.join(switches)}."
        if switches
        else ("All switches are at their default.")
    )
    connect = tag("details", tag("summary", "Environment variables for Terraform"), _environment(view))
    return tag("footer", tag("p", text), connect if view.flows or view.connections else None)
