"""What a command of `flowbridge` can end in besides success."""

from __future__ import annotations


class CommandError(Exception):
    """A command can't do what it was asked; its text is one sentence that tells what to do instead.

    `exit_code` is 1 where something on the machine is wrong, 2 where the command was typed wrong.
    """

    def __init__(self, sentence: str, *, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
