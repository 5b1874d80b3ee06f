"""The table of the newest requests, with their headers and bodies."""

from __future__ import annotations

from http import HTTPStatus

from flow_emulator.http.paths import FLOW_SERVICE
from flow_emulator.page.markup import Markup, tag
from flow_emulator.page.tables.table import row, table
from flow_emulator.page.view import LoggedRequest, View


def request_table(view: View) -> Markup:
    """Render the newest requests, the newest first, with secrets masked."""
    heads = ["No.", "Time", "Request", "Status", "Sandbox"]
    return table("Newest requests, by the emulator's clock", heads, [_row(each) for each in view.requests])


def _row(each: LoggedRequest) -> Markup:
    return row(
        each.seq,
        tag("time", each.at.replace("T", " ").removesuffix("Z"), datetime=each.at),
        tag("div", tag("strong", each.method), " ", _path(each), _details(each), class_="request"),
        _status(each),
        each.sandbox or "–",
    )


def _path(each: LoggedRequest) -> Markup:
    """Render the path, its common prefix in a muted colour."""
    own = each.path.removeprefix(FLOW_SERVICE)
    base = tag("span", FLOW_SERVICE, class_="quiet") if own != each.path else None
    query = tag("span", f"?{each.query}", class_="query") if each.query else None
    return tag("code", base, own, query, class_="path")


def _details(each: LoggedRequest) -> Markup:
    label = f"headers and body of request {each.seq}"
    summary = tag("summary", "headers and body", aria_label=label)
    return tag("details", summary, tag("pre", each.details))


def _status(each: LoggedRequest) -> Markup:
    try:
        phrase = HTTPStatus(each.status).phrase
    except ValueError:
        phrase = ""
    class_ = "good" if each.status < 400 else "warn" if each.status < 500 else "bad"
    code = tag("div", tag("code", each.code), class_="small") if each.code else None
    faults = [tag("div", "fault: ", tag("code", fault), class_="small") for fault in each.faults]
    return tag("div", tag("span", f"{each.status} {phrase}".strip(), class_=f"badge {class_}"), code, faults)
