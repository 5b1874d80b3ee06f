"""What the provider tells the user about a problem: what, where, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from provider_shim.schema.paths import ROOT, Path


class Severity(Enum):
    """Errors stop the operation; warnings are shown beside it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a summary of one line, a detail that lets the user solve it, and the attribute's place."""

    severity: Severity
    summary: str
    detail: str
    path: Path = ROOT


def error(summary: str, detail: str, path: Path = ROOT) -> Diagnostic:
    """A problem that stops the operation."""
    return Diagnostic(Severity.ERROR, summary, detail, path)


def warning(summary: str, detail: str, path: Path = ROOT) -> Diagnostic:
    """A problem that the user should know of and that stops nothing."""
    return Diagnostic(Severity.WARNING, summary, detail, path)


def has_errors(diagnostics: list[Diagnostic]) -> bool:
    """Whether any of them stops the operation."""
    return any(each.severity is Severity.ERROR for each in diagnostics)
