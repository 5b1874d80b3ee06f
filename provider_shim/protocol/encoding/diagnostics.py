"""Encoding of diagnostics and attribute paths."""

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
    """Encode diagnostics, in the same order."""
    return [to_message(each) for each in diagnostics]


def to_message(diagnostic: Diagnostic) -> pb.Diagnostic:
    """Encode a diagnostic. One about a whole resource has no path.

    Control characters are removed: Terraform prints the text on a terminal, and it can quote a name of the
    configuration or of a server. So are halves of surrogate pairs, which no message can carry.

    Only the first step of a path is sent, because Terraform resolves further steps in nested blocks only,
    which no schema here has. With the full path it would point to the resource, or to an attribute of the
    resource with the same name (observed with 1.11.4: `datasets.name` was shown at the resource's `name`).
    """
    return pb.Diagnostic(
        severity=_SEVERITIES[diagnostic.severity],
        summary=_printable(diagnostic.summary),
        detail=_printable(diagnostic.detail),
        attribute=to_path(Path(diagnostic.path.steps[:1])) if diagnostic.path.steps else None,
    )


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    spaced = "".join(" " if each > "\x9f" and each.isspace() else each for each in text)  # U+00A0 and others
    return "".join(each for each in spaced if each.isprintable() or each in "\n\t")


def to_path(path: Path) -> pb.AttributePath:
    """Encode a path."""
    return pb.AttributePath(steps=[_to_step(step) for step in path.steps])


def _to_step(step: Step) -> pb.AttributePath.Step:
    match step:
        case AttributeName(name):
            return pb.AttributePath.Step(attribute_name=name)
        case ElementKey(int() as position):
            return pb.AttributePath.Step(element_key_int=position)
        case ElementKey(key):
            return pb.AttributePath.Step(element_key_string=str(key))
