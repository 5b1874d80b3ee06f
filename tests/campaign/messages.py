"""Reading of Terraform's messages as a user reads them: which ids they name, and what they advise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_IMPORT_BLOCK = re.compile(
    r'import\s*\{\s*(?:#[^\n]*\s+)?to\s*=\s*(aep_\w+)\.[^\s]+\s+id\s*=\s*"([0-9a-f-]{36})"\s*\}'
)
_IMPORT_COMMAND = re.compile(r"terraform import\s+'?(aep_\w+)\.[^\s]+\s+([0-9a-f-]{36})")
_IGNORE = re.compile(r'existing_names = "ignore"|AEP_EXISTING_NAMES=ignore')
_UNCERTAIN = re.compile(r"\b(?:may|might|possibly|unknown|unclear)\b")
_DELETE_COMMAND = re.compile(r"flowbridge delete\s+(?:\S+\s+)*?([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Message:
    """One error or warning, with the address of its resource."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""

    @property
    def text(self) -> str:
        """Summary and detail in one line."""
        return " ".join(f"{self.summary} {self.detail}".split())


@dataclass(frozen=True, slots=True)
class Advice:
    """What a message advises.

    Attributes:
        imports: Resource type and id of each object that it offers to import.
        deletes: The ids for which it gives a `flowbridge delete` command.
        ignore_names: Whether it names `existing_names = "ignore"`.
        deletion: Whether it names deletion of the object as a way.
    """

    imports: tuple[tuple[str, str], ...] = ()
    deletes: tuple[str, ...] = ()
    ignore_names: bool = False
    deletion: bool = False


def from_events(output: str) -> Iterator[Message]:
    """Yield the messages in the output of a command that ran with `-json`."""
    for line in output.splitlines():
        if not line.startswith("{"):
            continue
        try:
            event: Mapping[str, Any] = json.loads(line)
        except ValueError:
            continue  # the line of a killed process can be cut
        found = event.get("diagnostic")
        if event.get("type") == "diagnostic" and found:
            yield Message(
                found["severity"], found["summary"], found.get("detail", ""), found.get("address", "")
            )


def from_text(output: str) -> Iterator[Message]:
    """Yield the messages in the output of a command that has no `-json`."""
    plain = "\n".join(line.lstrip("│╷╵ ") for line in output.splitlines())
    for part in re.split(r"^(?=(?:Error|Warning): )", plain, flags=re.MULTILINE)[1:]:
        severity, _, rest = part.partition(": ")
        summary, _, detail = rest.partition("\n")
        yield Message(severity.lower(), summary.strip(), detail.strip())


def names_ids(text: str) -> set[str]:
    """Return the ids that a text names."""
    return set(_ID.findall(text))


def advice_of(message: Message) -> Advice:
    """Return what a message advises."""
    imports = (*_IMPORT_BLOCK.findall(message.detail), *_IMPORT_COMMAND.findall(message.detail))
    return Advice(
        imports=tuple(dict.fromkeys(imports)),
        deletes=tuple(_DELETE_COMMAND.findall(message.detail)),
        ignore_names=_IGNORE.search(message.text) is not None,
        deletion="delete it" in message.text or "delete the other" in message.text,
    )


def is_gone_message(message: Message) -> bool:
    """Return whether a message reports that an object no longer exists."""
    return message.summary.endswith(" is gone") or "no longer exists" in message.text


def announces(message: Message, name: str) -> bool:
    """Return whether a message announces that an object of this name may exist."""
    return f'"{name}"' in message.text and _UNCERTAIN.search(message.text) is not None
