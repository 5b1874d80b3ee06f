"""The error that a construct raises for wrong arguments, before anything is synthesised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: the argument as the user wrote it (`schedule.end`), and a sentence about it."""

    argument: str
    text: str

    def __str__(self) -> str:
        """The text, with the argument in front where the text does not begin with it."""
        return self.text if self.text.startswith(self.argument) else f"{self.argument}: {self.text}"


class ConstructError(ValueError):
    """Raised for arguments that can't work.

    `construct` is the construct's path (`my-stack/orders`), `problems` are all the problems;
    `argument` and `problem` are those of the first one. No message contains the value of a secret.
    """

    def __init__(self, construct: str, problems: Sequence[Problem]) -> None:
        self.construct = construct
        self.problems = tuple(problems)
        super().__init__(self._message())

    @property
    def argument(self) -> str:
        """The argument of the first problem."""
        return self.problems[0].argument

    @property
    def problem(self) -> str:
        """The text of the first problem."""
        return self.problems[0].text

    def _message(self) -> str:
        if len(self.problems) == 1:
            return f"{self.construct}: {self.problems[0]}"
        listed = "".join(f"\n  - {problem}" for problem in self.problems)
        return f"{self.construct}: {len(self.problems)} problems{listed}"
