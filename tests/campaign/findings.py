"""What a campaign counts: the outcomes that must never occur, and what else has happened."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

SILENT_DUPLICATE = "silent duplicates"
UNREPORTED_ORPHAN = "unreported orphans"
WRONG_ADOPTION = "wrong adoptions"
SILENT_ADOPTION = "adoptions without a warning"
WRONG_TAINT = "wrong taints"
DROPPED = "live objects dropped from a state"
PROTECTED_DELETED = "protected objects deleted"
OTHERS_CHANGED = "objects of others changed"
INTERNAL_ERROR = "internal errors"
HANG = "hangs"
LEAK = "leaked canaries"
WRONG_ADVICE = "advice that cannot be followed"
STUCK = "recoveries that failed"
DIFFERENT = "objects unlike their configuration"

FORBIDDEN = {
    SILENT_DUPLICATE: "an object is made again while the first one is in no state and in no message",
    UNREPORTED_ORPHAN: "an object is in no state, and neither a message nor `flowbridge orphans` names it",
    WRONG_ADOPTION: "an object has two owners, or an owner that did not make or import it",
    SILENT_ADOPTION: "an object of a lost response is taken over, and no warning names it",
    WRONG_TAINT: "an object is tainted, and the user has not tainted it",
    DROPPED: "an object leaves a state although it exists",
    PROTECTED_DELETED: "an object with deletion_protection is deleted",
    OTHERS_CHANGED: "a command changes or deletes an object that its workspace does not own",
    INTERNAL_ERROR: "the provider fails by itself",
    HANG: "a command takes longer than the limit",
    LEAK: "a secret is in a state, a plan, a log or an output",
    WRONG_ADVICE: "an error offers only an import that makes a second owner, or that Terraform refuses",
    STUCK: "what the messages advise does not lead to an empty plan",
    DIFFERENT: "the plan is empty, and an object is not as configured",
}
"""The outcomes that must never occur, with their meanings, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One forbidden outcome: its kind, the object or command that it concerns, and the circumstances."""

    kind: str
    subject: str
    text: str


@dataclass(slots=True)
class Counts:
    """All counts of a campaign or of a part of one.

    Attributes:
        commands: Terraform's commands.
        faults: The injected faults.
        outcomes: What else has happened, such as adoptions with a warning.
        forbidden: The forbidden outcomes.
        failures: A line for each of these, with the command that repeats it.
    """

    commands: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    forbidden: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Counts) -> None:
        """Add the counts of another part."""
        self.commands += other.commands
        self.faults += other.faults
        self.outcomes += other.outcomes
        self.forbidden += other.forbidden
        self.failures += other.failures

    @property
    def applies(self) -> int:
        """The number of applies, destroys included."""
        return self.commands["apply"]

    def table(self) -> str:
        """Return the counts as a table for people to read; the forbidden outcomes come last."""
        lines: list[str] = []
        for title, counter in (
            ("Commands", self.commands),
            ("Faults injected", self.faults),
            ("Outcomes", self.outcomes),
        ):
            lines += ["", title, *(f"{counter[name]:>8}  {name}" for name in sorted(counter))]
        lines += ["", "Outcomes that must be zero"]
        lines += [f"{self.forbidden[name]:>8}  {name}: {text}" for name, text in FORBIDDEN.items()]
        return "\n".join(lines)
