"""The error of a `flowbridge` command."""

from __future__ import annotations


def visible(text: str) -> str:
    """Return a text with characters that control a terminal as escapes, such as `\\x1b`. Line breaks stay."""
    return "".join(
        each if each.isprintable() or each == "\n" else each.encode("unicode_escape").decode()
        for each in text
    )


class CommandError(Exception):
    """A command failed. The text is one sentence that describes the error and how to correct it.

    Characters that control a terminal are escaped: the text can quote a path or a state.

    `exit_code` is 1 if the command failed, and 2 for an error in the arguments.
    """

    def __init__(self, sentence: str, *, exit_code: int = 1) -> None:
        super().__init__(visible(sentence))
        self.exit_code = exit_code
