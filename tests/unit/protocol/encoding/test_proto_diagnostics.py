"""Encoding of diagnostics."""

from __future__ import annotations

import pytest

from provider_shim.protocol.encoding import diagnostics
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.schema.diagnostics import error, warning
from provider_shim.schema.paths import ROOT, path

Step = pb.AttributePath.Step


def test_severities() -> None:
    """Errors and warnings keep their order and texts."""
    message = diagnostics.to_messages([error("Wrong", "Do right."), warning("Strange", "Look.")])

    assert message == [
        pb.Diagnostic(severity=pb.Diagnostic.Severity.ERROR, summary="Wrong", detail="Do right."),
        pb.Diagnostic(severity=pb.Diagnostic.Severity.WARNING, summary="Strange", detail="Look."),
    ]


def test_whole_resource() -> None:
    """A diagnostic of a whole resource has no path, so that Terraform points at the block."""
    assert not diagnostics.to_message(error("Wrong", "All of it.", ROOT)).HasField("attribute")


def test_place() -> None:
    """A path has a step for each attribute, list index and map key, also for index 0."""
    place = path("a").element(0).attribute("b").element("k")

    message = diagnostics.to_path(place)

    assert list(message.steps) == [
        Step(attribute_name="a"),
        Step(element_key_int=0),
        Step(attribute_name="b"),
        Step(element_key_string="k"),
    ]
    assert message.steps[1].WhichOneof("selector") == "element_key_int"


def test_a_nested_path_is_cut_to_the_attribute() -> None:
    """Terraform resolves paths in blocks only, so the outermost attribute is sent."""
    place = path("schedule").attribute("interval")

    message = diagnostics.to_message(error("Wrong", "Here.", place))

    assert list(message.attribute.steps) == [Step(attribute_name="schedule")]


@pytest.mark.parametrize("hidden", ["\x1b", "\x07", "\r", "\0", "\x9b", "\u202e", "\u200b", "\ud800"])
def test_a_diagnostic_has_no_control_characters(hidden: str) -> None:
    """What a server or a configuration contains can't move the cursor or reverse a line of a terminal."""
    message = diagnostics.to_message(
        error(f"a{hidden}b", f"first{hidden} line\n\tsecond {hidden}line: ä\u00a0日本")
    )
    assert message.summary == "ab"
    assert message.detail == "first line\n\tsecond line: ä 日本"
