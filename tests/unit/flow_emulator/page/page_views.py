"""Views of the page with as many exports as a test wants, and a way to read what was drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

from flow_emulator.page.formatting import HOUR
from flow_emulator.page.view import Clock, Connection, Flow, Run, Totals, View

NOW = 1_900_000_800_000  # 2030-03-17T18:00:00Z
SVG = "{http://www.w3.org/2000/svg}"


def view_of(exports: int, runs_each: int = 3, name: str = "orders") -> View:
    """So many exports, each with connections of its own, every three hours."""
    flows, connections, runs = [], list[Connection](), []
    for number in range(exports):
        own = f"{name} {number}"
        source, target, account = (f"{kind}-{number}" for kind in ("source", "target", "account"))
        connections += [
            Connection("source", source, own, "enabled", "prod", "", "dataset Orders"),
            Connection("target", target, own, "enabled", "prod", "SFTP", "exports", "JSON GZIP", account),
            Connection("account", account, own, "enabled", "prod", "SFTP", "SFTP with Password"),
        ]
        flow = Flow(
            f"flow-{number}", own, "enabled", "prod", source, target, "SFTP", "exports", "every 3 hours", "",
            NOW - 9 * HOUR, NOW + 90 * 24 * HOUR, NOW + 3 * HOUR, runs_each,
        )  # fmt: skip
        flows.append(flow)
        runs += [
            Run(f"run-{number}-{back}", flow.id, own, NOW - 3 * back * HOUR, NOW, "success", 10**back, 1)
            for back in range(runs_each)
        ]
    totals = Totals(exports, exports, exports, exports, exports * runs_each, 0)
    coming = NOW + 3 * HOUR if exports else None
    newest = tuple(sorted(runs, key=lambda run: -run.at))
    return View(Clock(NOW, True, True, coming), totals, tuple(connections), tuple(flows), newest)


def with_flow(view: View, **changes: object) -> View:
    """The view with its first flow changed."""
    first, *others = view.flows
    return replace(view, flows=(replace(first, **changes), *others))  # type: ignore[arg-type]


def parsed(markup: str) -> ET.Element:
    """The markup read by an XML parser, which takes only what is well-formed."""
    return ET.fromstring(markup)


def having(root: ET.Element, attribute: str) -> dict[str, ET.Element]:
    """The elements that have an attribute, by its value."""
    return {element.attrib[attribute]: element for element in root.iter() if attribute in element.attrib}


def classed(root: ET.Element, name: str) -> list[ET.Element]:
    """The elements of a class."""
    return [element for element in root.iter() if name in element.get("class", "").split()]


def text_of(element: ET.Element) -> str:
    """All text in an element, white space made single."""
    return " ".join("".join(element.itertext()).split())
