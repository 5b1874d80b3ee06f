"""The error of a `flowbridge` command."""

from __future__ import annotations


class CommandError(Exception):
    """A command failed. The text is one sentence that describes the error and how to correct it.

    `exit_code` is 1 if the command failed, and 2 for an error in the arguments.
    """

    def __init__(self, sentence: str, *, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
