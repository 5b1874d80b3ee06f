"""Where in a value something is: the road that a diagnostic or a replacement points along."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttributeName:
    """A step into an object."""

    name: str


@dataclass(frozen=True, slots=True)
class ElementKey:
    """A step into a map (text) or a list (position). Sets have no keys: a path ends at the set itself."""

    key: str | int


Step = AttributeName | ElementKey


@dataclass(frozen=True, slots=True)
class Path:
    """A road from the root of a resource's value to one place in it; empty for the resource as a whole."""

    steps: tuple[Step, ...] = ()

    def attribute(self, name: str) -> Path:
        """The place of one attribute of the object found here."""
        return Path((*self.steps, AttributeName(name)))

    def element(self, key: str | int) -> Path:
        """The place of one element of the map or list found here."""
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
    """The path through attributes of these names: `path("schedule", "interval")`."""
    return Path(tuple(AttributeName(name) for name in names))
