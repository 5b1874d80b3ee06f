"""A place in the text of an expression."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)


class ExpressionError(ValueError):
    """A text is not an expression of Terraform's language."""


class Cursor:
    """A text with the place up to which it has been read.

    `comments` are the comments that were skipped: they are written into the stack, as literals are.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.comments: list[str] = []

    @property
    def ended(self) -> bool:
        """Whether the whole text has been read."""
        return self.at >= len(self.text)

    def skip(self) -> None:
        """Skip white space and comments."""
        while True:
            if space := _SPACE.match(self.text, self.at):
                self.at = space.end()
            elif comment := _COMMENT.match(self.text, self.at):
                self.comments.append(comment[0])
                self.at = comment.end()
            else:
                return

    def sees(self, text: str) -> bool:
        """Whether this text is next."""
        return self.text.startswith(text, self.at)

    def takes(self, *texts: str) -> str | None:
        """Read the first of these texts that is next, or none of them. Skips white space before it."""
        self.skip()
        for text in texts:
            if self.sees(text):
                self.at += len(text)
                return text
        return None

    def expect(self, text: str) -> None:
        """Read this text.

        Raises:
            ExpressionError: Another text is next.
        """
        if self.takes(text) is None:
            raise ExpressionError(f"{text} is missing at character {self.at}")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Read what a pattern matches here, if it does."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found
