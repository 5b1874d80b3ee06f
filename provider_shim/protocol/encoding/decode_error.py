"""Data from Terraform that the provider can't decode, and the diagnostic about them."""

from __future__ import annotations

from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import ROOT, Path, Step


class DecodeError(ValueError):
    """A part of a message doesn't match its type.

    The text contains the path and the expected type, never a value, which can be a secret.

    Attributes:
        requirement: Completes the sentence "... must ...".
        shown: The value, for the user's eyes only; empty if it can be a secret.
        path: Path of the part; `ROOT` for the message as a whole.
    """

    def __init__(self, requirement: str, shown: str = "", path: Path = ROOT) -> None:
        super().__init__(requirement)
        self.requirement = requirement
        self.shown = shown
        self.path = path

    def __str__(self) -> str:
        return f"{str(self.path) or 'the value'} must {self.requirement}"

    def inside(self, step: Step) -> DecodeError:
        """Add the step to the part that this error has been about so far."""
        self.path = Path((step, *self.path.steps))
        return self

    def diagnostic(self) -> Diagnostic:
        """Return the error for the user, on the attribute."""
        if not self.path.steps:
            return error(
                "Unreadable value",
                f"Terraform sent a value that the provider can't read: {self}. A provider of another version "
                "may have written it, or it was damaged on its way.",
            )
        shown = f" It is {self.shown}." if self.shown else ""
        return error(f"Invalid {self.path}", f"{self.path} must {self.requirement}.{shown}", self.path)
