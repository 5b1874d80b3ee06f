"""Paths to attributes inside a value, as used in diagnostics and in `requires_replace`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttributeName:
    """A step into an object, to the attribute of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class ElementKey:
    """A step into a map (by text key) or a list (by position from 0). A path into a set ends at the set."""

    key: str | int


Step = AttributeName | ElementKey


@dataclass(frozen=True, slots=True)
class Path:
    """A path from the root of a value to one attribute or element in it; empty for the value as a whole."""

    steps: tuple[Step, ...] = ()

    def attribute(self, name: str) -> Path:
        """Return the path to an attribute of the object at this path."""
        return Path((*self.steps, AttributeName(name)))

    def element(self, key: str | int) -> Path:
        """Return the path to an element of the map or list at this path."""
        return Path((*self.steps, ElementKey(key)))

    def __str__(self) -> str:
        text = ""
        for step in self.steps:
            match step:
                case AttributeName(name):
                    text += f".{name}" if text else name
                case ElementKey(key):
                    text += f"[{key}]" if isinstance(key, int) else f'["{key}"]'
        return text


ROOT = Path()


def path(*names: str) -> Path:
    """Return the path through attributes of these names, such as `path("schedule", "interval")`."""
    return Path(tuple(AttributeName(name) for name in names))
