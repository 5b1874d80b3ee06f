"""Texts of a server or a user in messages: one printable line of bounded length."""

from __future__ import annotations


def one_line(text: str, most: int) -> str:
    """Return a text in one line of at most `most` characters, without those that control a terminal."""
    words = " ".join(text.split())
    line = "".join(each for each in words[: 2 * most] if each.isprintable())
    return line if len(line) <= most else f"{line[: most - 3]}..."
