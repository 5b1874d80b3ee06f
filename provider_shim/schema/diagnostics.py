"""Diagnostics: the errors and warnings that Terraform shows to the user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from provider_shim.schema.paths import ROOT, Path


class Severity(Enum):
    """An error stops the operation; a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning.

    Attributes:
        summary: First line, without a final period.
        detail: Sentences with the facts and with what to do.
        path: Path of the attribute that Terraform points to; `ROOT` for the block as a whole.
    """

    severity: Severity
    summary: str
    detail: str
    path: Path = ROOT


def error(summary: str, detail: str, path: Path = ROOT) -> Diagnostic:
    """Return an error, which stops the operation."""
    return Diagnostic(Severity.ERROR, summary, detail, path)


def warning(summary: str, detail: str, path: Path = ROOT) -> Diagnostic:
    """Return a warning, which does not stop the operation."""
    return Diagnostic(Severity.WARNING, summary, detail, path)


def has_errors(diagnostics: list[Diagnostic]) -> bool:
    """Return True if one of the diagnostics is an error."""
    return any(each.severity is Severity.ERROR for each in diagnostics)
