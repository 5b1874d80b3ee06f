"""Markup as text: elements from names, children and attributes, with everything escaped on its way in.

What comes out is HTML and at the same time well-formed XML, so that a test can read it with an XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Final

# Neither XML nor HTML can hold these: controls, halves of surrogate pairs, two non-characters.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_VOID: Final = frozenset({"br", "hr", "input", "link", "meta"})


class Markup(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


Child = str | int | Iterable["Child"] | None
Value = str | int | float | bool | None


def text(value: str) -> Markup:
    """Plain text as markup: reserved characters escaped, impossible ones replaced by U+FFFD."""
    return Markup(escape(_FORBIDDEN.sub("\ufffd", value)))


def join(*children: Child) -> Markup:
    """The children one after the other: text escaped, markup as it is, None as nothing."""
    return Markup("".join(_rendered(children)))


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """One element.

    ``class_`` stands for ``class`` and other underscores for hyphens. True writes an attribute without a
    meaning of its own, None and False leave it out.
    """
    opened = name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{opened} />")
    return Markup(f"<{opened}>{join(*children)}</{name}>")


def name(value: str, **attributes: Value) -> Markup:
    """A name that somebody gave: set apart, so that right-to-left letters in it stay inside it."""
    return tag("bdi", value, **attributes)


def _rendered(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            yield child
        elif isinstance(child, str | int):
            yield text(str(child))
        else:
            yield from _rendered(child)


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    written = key.rstrip("_").replace("_", "-")
    shown = written if value is True else str(value)
    return f' {written}="{text(shown)}"'
