"""Diagnostics and paths as Terraform's messages."""

from __future__ import annotations

from collections.abc import Iterable

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.schema.diagnostics import Diagnostic, Severity
from provider_shim.schema.paths import AttributeName, ElementKey, Path, Step

_SEVERITIES = {
    Severity.ERROR: pb.Diagnostic.Severity.ERROR,
    Severity.WARNING: pb.Diagnostic.Severity.WARNING,
}


def to_messages(diagnostics: Iterable[Diagnostic]) -> list[pb.Diagnostic]:
    """The diagnostics in their order."""
    return [to_message(each) for each in diagnostics]


def to_message(diagnostic: Diagnostic) -> pb.Diagnostic:
    """One diagnostic; a problem of a resource as a whole has no path.

    Of a place inside an attribute the outermost attribute is given; the text tells the rest. Terraform
    follows the further steps through nested blocks only, of which there are none: it would point to the
    whole resource, or to an attribute of the resource that happens to have the inner one's name (seen with
    1.11.4: `datasets.name` was shown at the resource's `name`).
    """
    return pb.Diagnostic(
        severity=_SEVERITIES[diagnostic.severity],
        summary=diagnostic.summary,
        detail=diagnostic.detail,
        attribute=to_path(Path(diagnostic.path.steps[:1])) if diagnostic.path.steps else None,
    )


def to_path(path: Path) -> pb.AttributePath:
    """A path, step by step."""
    return pb.AttributePath(steps=[_to_step(step) for step in path.steps])


def _to_step(step: Step) -> pb.AttributePath.Step:
    match step:
        case AttributeName(name):
            return pb.AttributePath.Step(attribute_name=name)
        case ElementKey(int() as position):
            return pb.AttributePath.Step(element_key_int=position)
        case ElementKey(key):
            return pb.AttributePath.Step(element_key_string=str(key))
