"""The whole page: well-formed, complete, quiet towards the network, readable by everybody."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise

import pytest

from flow_emulator.page.document import draw_page, page_headers
from flow_emulator.page.view import LoggedRequest, Message, Options
from tests.unit.flow_emulator.page.page_views import NOW, having, parsed, text_of, view_of, with_flow

HTML_NAME = """<script>alert(1)</script> & "quoted" 'too' ]]> --> </style> </title>"""


@pytest.mark.parametrize("exports", [0, 1, 7, 100])
def test_the_page_is_well_formed_and_its_parts_are_linked(exports: int) -> None:
    """Every id occurs once; links inside the page, labels and descriptions lead to something."""
    page = parsed(draw_page(view_of(exports)))
    ids = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]
    linked = {link.removeprefix("#") for link in having(page, "href") if link.startswith("#")}
    for attribute in ("for", "aria-labelledby", "aria-describedby"):
        linked |= set(having(page, attribute))

    assert len(ids) == len(set(ids))
    assert linked <= set(ids)
    assert all(f"flow-{number}" in text_of(page) for number in range(exports))


def test_headings_go_down_step_by_step() -> None:
    """There is one main heading, and below it no level is left out."""
    page = parsed(draw_page(view_of(7)))
    levels = [int(element.tag[1]) for element in page.iter() if re.fullmatch(r"h[1-6]", str(element.tag))]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))


def test_fields_have_labels_and_tables_have_captions_and_heads() -> None:
    """What is typed into has a label, and a cell is announced with its row and its column."""
    page = parsed(draw_page(view_of(7)))
    labels = set(having(page, "for"))
    fields = [each for each in page.iter("input") if each.get("type") != "hidden"]
    tables = list(page.iter("table"))

    assert {each.attrib["id"] for each in fields} == labels
    assert len(fields) == 2
    assert len(tables) == 3
    for table in tables:
        assert table.find("caption") is not None
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) == 1
        assert all(head.get("scope") in ("row", "col") for head in table.iter("th"))


def test_a_name_may_be_markup() -> None:
    """Names, places, paths and bodies that look like markup are shown as they are and make no element."""
    view = with_flow(view_of(1, name=HTML_NAME), place=HTML_NAME, sandbox=HTML_NAME, frequency=HTML_NAME)
    request = LoggedRequest(1, HTML_NAME, "GET", HTML_NAME, HTML_NAME, 200, HTML_NAME, HTML_NAME, HTML_NAME)
    hostile = replace(
        view,
        requests=(request,),
        switches=((HTML_NAME, HTML_NAME),),
        environment=((HTML_NAME, HTML_NAME),),
        options=Options(filter=HTML_NAME),
        message=Message(HTML_NAME),
    )
    drawn = draw_page(hostile)
    page = parsed(drawn)

    assert list(page.iter("script")) == []
    assert len(list(page.iter("style"))) == len(list(page.iter("title"))) == 1
    assert text_of(page).count("<script>alert(1)</script>") > 10
    assert "<script" not in drawn


def test_nothing_is_loaded_from_elsewhere() -> None:
    """No element names another address, and the headers forbid what markup could still try."""
    page = parsed(draw_page(view_of(7)))
    addresses = [*having(page, "href"), *having(page, "src"), *having(page, "action")]
    headers = page_headers()

    assert [each for each in addresses if not each.startswith(("#", "/", "data:image/svg+xml,"))] == []
    assert [each for each in addresses if each.startswith("//")] == []
    assert "url(" not in style().replace("url(#", "")
    assert "@import" not in style()
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_buttons_that_can_do_nothing_are_disabled() -> None:
    """Without a scheduled run there is no next one to go to; a real clock has no way back to real time."""
    usual = having(parsed(draw_page(view_of(1))), "value")
    empty = view_of(0)
    bare = having(parsed(draw_page(replace(empty, clock=replace(empty.clock, is_set=False)))), "value")

    assert [usual[name].get("disabled") for name in ("+1h", "next", "real")] == [None, None, None]
    assert [bare[name].get("disabled") for name in ("+1h", "next", "real")] == [None, "disabled", "disabled"]


def test_the_reset_lists_what_is_deleted_and_is_folded() -> None:
    """The button that forgets everything is reached by opening the confirmation, which counts what goes."""
    page = parsed(draw_page(view_of(7)))
    (fold,) = (each for each in page.iter("details") if each.find("form") is not None)

    assert "open" not in fold.attrib
    assert "7 flows, 21 connections, 21 runs" in text_of(fold)
    assert [button.attrib["value"] for button in fold.iter("button")] == ["everything"]
    everywhere = [button for button in page.iter("button") if button.get("name") == "reset"]
    assert len(everywhere) == 1


def test_messages_are_announced() -> None:
    """What a button did is a status, why it failed an alert."""
    done = parsed(draw_page(replace(view_of(0), message=Message("Done."))))
    failed = parsed(draw_page(replace(view_of(0), message=Message("Not done.", is_error=True))))

    assert text_of(having(done, "role")["status"]) == "Done."
    assert text_of(having(failed, "role")["alert"]) == "Not done."
    # Where a button leads back to, so that it is seen.
    assert "Done." in text_of(having(done, "id")["clock"])


def test_every_section_is_named_by_its_heading() -> None:
    """Who moves from section to section hears what each one is."""
    page = parsed(draw_page(view_of(7)))
    sections = list(page.iter("section"))

    assert len(sections) == 7
    assert all(section.attrib["aria-labelledby"] == section[0].attrib["id"] for section in sections)


def test_requests_show_their_response_and_their_faults() -> None:
    """A refused request has its status and code; one that a fault hit names the fault."""
    refused = LoggedRequest(
        seq=7,
        at="2030-03-17T18:00:00Z",
        method="PATCH",
        path="/data/foundation/flowservice/flows/1",
        query="a=b",
        status=412,
        code="1404",
        sandbox="prod",
        details="if-match: x",
        faults=("updateFlow stale-etag",),
    )
    page = parsed(draw_page(replace(view_of(1), requests=(refused,))))
    row = next(each for each in page.iter("tr") if "PATCH" in text_of(each))

    assert "412 Precondition Failed" in text_of(row)
    assert "1404" in text_of(row)
    assert "fault: updateFlow stale-etag" in text_of(row)
    assert "/data/foundation/flowservice/flows/1?a=b" in text_of(row)


def test_sandboxes_are_distinguished_when_there_are_several() -> None:
    """With one sandbox it is not repeated in every row; with two each row names its own."""
    assert "Sandbox" not in [text_of(head) for head in next(parsed(draw_page(view_of(1))).iter("thead"))[0]]
    two = with_flow(view_of(2), sandbox="dev")
    heads = [[text_of(cell) for cell in head[0]] for head in parsed(draw_page(two)).iter("thead")]

    assert ["Sandbox" in head for head in heads] == [False, True, True]


def test_times_can_be_read_by_programs() -> None:
    """The clock and every other time are in `time` elements, in RFC 3339."""
    page = parsed(draw_page(view_of(1)))
    times = [each.attrib["datetime"] for each in page.iter("time")]

    assert times[0] == "2030-03-17T18:00:00Z"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each) for each in times)
    assert NOW == 1_900_000_800_000


def test_loading_again_by_itself_is_a_choice() -> None:
    """Only who asks for it gets a page that loads itself again, and then at the same filter."""
    assert "http-equiv" not in draw_page(view_of(1))
    page = parsed(draw_page(replace(view_of(1), options=Options(filter="a&b", reload=True))))
    meta = next(each for each in page.iter("meta") if each.get("http-equiv") == "refresh")

    assert meta.attrib["content"] == "5; url=/?filter=a%26b&reload=on"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme: str) -> None:
    """Each pair of text and ground has a contrast of 4.5 to 1 at least (WCAG 2.2, level AA)."""
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part)) for part in palettes())
    colours = light if scheme == "light" else dark
    on = {
        "text": ("ground", "surface", "accent-ground", "muted-ground", "warn-ground"),
        "muted": ("ground", "surface", "accent-ground", "muted-ground"),
        "accent": ("ground", "surface"),
        "on-accent": ("accent",),
        "good": ("good-ground",),
        "warn": ("warn-ground",),
        "bad": ("bad-ground", "surface"),
    }
    pairs = [(text, ground) for text, grounds in on.items() for ground in grounds]

    weak = {pair: ratio for pair in pairs if (ratio := contrast(*(colours[name] for name in pair))) < 4.5}
    assert weak == {}
    assert contrast(colours["line"], colours["surface"]) >= 3
    assert set(light) == set(dark)


def style() -> str:
    """The style sheet."""
    return files("flow_emulator.page").joinpath("style.css").read_text(encoding="utf-8")


def palettes() -> tuple[str, str]:
    """The two blocks of the style sheet that define colours."""
    first, second = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)
    return first, second


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG's relative luminance of a colour such as #1b5cb8."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
