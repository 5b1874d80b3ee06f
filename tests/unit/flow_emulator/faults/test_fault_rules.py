"""What a fault is and whom it hits, and the page that lists the kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow_emulator.faults import response_shapes, rules
from flow_emulator.faults.rules import Fault, from_json, from_text, from_toml, operations_of
from flow_emulator.routes import ROUTES
from flow_emulator.service.routes import OPERATIONS

PAGE = Path(__file__).parents[4] / "docs" / "emulator.md"


def hits(text: str, calls: int) -> list[int]:
    """The numbers of the calls that a fault hits."""
    fault = from_text(text)
    hit: list[int] = []
    for call in range(1, calls + 1):
        if fault.hits(call, len(hit)):
            hit.append(call)
    return hit


def test_every_operation_has_a_name() -> None:
    """Each route outside the page and /_emulator has one name of its own, and no name is for nothing."""
    named = {(route.method, route.path) for route in ROUTES if route.operation}
    others = {route.path for route in ROUTES if not route.operation}

    assert all(path == "/" or path.startswith("/_emulator") for path in others)
    assert len(named) == len(OPERATIONS) == len(set(OPERATIONS))


def test_names_are_stable() -> None:
    """Names that people have written into their files stay."""
    assert operations_of("*Flow") == ["actOnFlow", "createFlow", "deleteFlow", "patchFlow", "readFlow"]
    assert operations_of("issueToken") == ["issueToken"]
    assert operations_of("list[CF]*") == [
        "listCatalogDataSets",
        "listConnectionConfigs",
        "listConnectionSpecs",
        "listConnections",
        "listFlowSpecs",
        "listFlows",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("* reset", Fault("*", "reset")),
        ("createFlow status status=500", Fault("createFlow", "status", {"status": 500})),
        ("create* latency seconds=0.5 times=2", Fault("create*", "latency", {"seconds": 0.5}, times=2)),
        ("readFlow truncate bytes=7 nth=1,3", Fault("readFlow", "truncate", {"bytes": 7}, (1, 3))),
        (
            "* throttle probability=0.25 seed=9 retry_after=3 retry_after_as=date",
            Fault("*", "throttle", {"retry_after": 3, "retry_after_as": "date"}, probability=0.25, seed=9),
        ),
        (
            "patchFlow status 'message=out of luck' when=after",
            Fault("patchFlow", "status", {"message": "out of luck", "when": "after"}),
        ),
    ],
)
def test_text_and_json_say_the_same(text: str, fault: Fault) -> None:
    """A fault survives the way to text and back, and the way to JSON and back."""
    assert from_text(text) == fault
    assert from_text(fault.as_text()) == fault
    assert from_json(fault.as_json()) == fault


def test_a_file_holds_several() -> None:
    """TOML has a table for each fault, with numbers and lists of its own."""
    text = """
        [[fault]]
        operation = "createFlow"
        kind = "reset"
        when = "after"
        nth = [1, 4]

        [[fault]]
        kind = "latency"
        seconds = 2
    """
    assert from_toml(text) == [
        Fault("createFlow", "reset", {"when": "after"}, (1, 4)),
        Fault("*", "latency", {"seconds": 2.0}),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a fault"),
        ("createFlow", "is not a fault"),
        ("createFlow status 503", "is not a fault"),
        ("createFlow 'status", "No closing quotation"),
        ("makeFlow reset", "There is no operation 'makeFlow'. The operations are: actOnConnection"),
        ("createFlow explode", "'explode' is not a kind of fault. The kinds are: status, throttle"),
        ("createFlow reset seconds=1", "reset has no option seconds. It has: nth, probability, seed, times"),
        ("createFlow latency", "latency needs the option seconds"),
        ("createFlow status status=99", "status is a whole number from 200 to 599"),
        ("createFlow latency seconds=nan", "seconds is a number from 0 to 3600"),
        ("createFlow latency seconds=soon", "seconds is a number from 0 to 3600"),
        ("createFlow reset when=never", "when is one of before, after"),
        ("createFlow reset nth=0", "nth is a whole number from 1"),
        ("createFlow reset probability=2", "probability is a number from 0 to 1"),
        ("createFlow reset times=1 times=2", "has an option twice"),
        ("createFlow reset kind=status", "has an option twice"),
    ],
)
def test_a_wrong_text_is_an_error(text: str, message: str) -> None:
    """What can't be read is refused with what would have been right."""
    with pytest.raises(ValueError, match=message):
        from_text(text)


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        "createFlow reset",
        {},
        {"kind": ["reset"]},
        {"operation": 7, "kind": "reset"},
        {"kind": "latency", "seconds": True},
        {"kind": "latency", "seconds": [1]},
        {"kind": "status", "status": 503.5},
        {"kind": "status", "message": "two\nlines"},
        {"kind": "reset", "nth": []},
        {"kind": "reset", "nth": {}},
        {"kind": "reset", "times": "1" * 5000},
        {"kind": "reset", "seed": -1},
    ],
)
def test_wrong_json_is_an_error(given: Any) -> None:
    """JSON of another form is a ValueError and no other exception."""
    with pytest.raises(ValueError, match=r"."):
        from_json(given)


@pytest.mark.parametrize("text", ["", "fault = 1", "faults = []", "[[fault]]\nkind = 'no'", "not toml"])
def test_a_wrong_file_is_an_error(text: str) -> None:
    """A file of another form, or with a wrong fault in it, is a ValueError."""
    with pytest.raises(ValueError, match=r"."):
        from_toml(text)


def test_calls_are_chosen() -> None:
    """By number, by how many, by both together."""
    assert hits("* reset", 3) == [1, 2, 3]
    assert hits("* reset nth=2", 5) == [2]
    assert hits("* reset nth=2,4,5", 5) == [2, 4, 5]
    assert hits("* reset times=2", 5) == [1, 2]
    assert hits("* reset nth=2,4,5 times=2", 5) == [2, 4]


def test_probability_is_the_same_everywhere() -> None:
    """Probability draws the same calls for the same seed, others for another, and about so many."""
    assert hits("* reset probability=0.3 seed=1", 12) == hits("* reset probability=0.3 seed=1", 12)
    assert hits("* reset probability=0.3 seed=1", 100) != hits("* reset probability=0.3 seed=2", 100)
    assert 250 < len(hits("* reset probability=0.3 seed=1", 1000)) < 350
    assert hits("* reset probability=0", 100) == []


def test_the_page_lists_every_kind() -> None:
    """The page has a row with its sentence for each kind of fault and each shape, and no row for another."""
    section = PAGE.read_text(encoding="utf-8").split("\n## Faults\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    kinds = [f"| `{name}` | {kind.effect} |" for name, kind in rules.KINDS.items()]
    shapes = [f"| `shape={name}` | {effect} |" for name, (effect, _) in response_shapes.RESHAPINGS.items()]

    assert rows == kinds + shapes
    for name in response_shapes.ERROR_SHAPES:
        assert f"`{name}`" in section


def test_the_examples_of_the_page_can_be_read() -> None:
    """The file on the page is one, and so is each fault on a command line there."""
    section = PAGE.read_text(encoding="utf-8").split("\n## Faults\n")[1].split("\n## ")[0]
    (file,) = [block.split("```")[0] for block in section.split("```toml\n")[1:]]
    lines = [line for block in section.split("```sh\n")[1:] for line in block.split("```")[0].splitlines()]
    written = [line.split(" --fault ")[1].strip("'") for line in lines if " --fault " in line]
    added = [line.split(" add ")[1].strip("'") for line in lines if " add " in line]

    assert len(from_toml(file)) > 1
    assert written
    assert added
    assert all(from_text(text) for text in [*written, *added])
