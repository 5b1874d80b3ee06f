"""What really happened at Flow Service: who made which object, with which secrets, and who changed it.

The fault proxy writes it. Neither Terraform nor the provider sees it; the oracle compares them with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Made:
    """An object that a request has created.

    Attributes:
        id: Its id.
        collection: Flow Service's collection.
        workspace: The workspace whose command sent the request, or "outside" for a person.
        command: The number of that command.
        body: The request, with its secrets.
        answered: Whether the response with the id was sent.
    """

    id: str
    collection: str
    workspace: str
    command: int
    body: dict[str, Any]
    answered: bool = True

    @property
    def name(self) -> str:
        """Its name when it was created."""
        return str(self.body.get("name"))


@dataclass(frozen=True, slots=True)
class Write:
    """A request that changed or deleted an object. `operation` is its method, or "ACTION"."""

    operation: str
    collection: str
    id: str
    workspace: str
    command: int


@dataclass(slots=True)
class Ledger:
    """The record of one emulated Flow Service."""

    made: dict[str, Made] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    secrets: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    injected: Counter[str] = field(default_factory=Counter)

    def created(self, made: Made) -> None:
        """Record a new object."""
        self.made[made.id] = made
        self._remember_secrets(made.id, made.body.get("auth"))

    def changed(self, write: Write, body: Any) -> None:
        """Record a change or a deletion that Flow Service accepted, and the secrets in it."""
        self.writes.append(write)
        for operation in body if isinstance(body, list) else []:
            if operation.get("path") == "/auth/params":
                self._remember_secrets(write.id, {"params": operation.get("value")})

    def deleted_by(self, workspace: str, command: int) -> set[str]:
        """Return the ids whose deletion a command requested."""
        return {
            each.id
            for each in self.writes
            if each.operation == "DELETE" and (each.workspace, each.command) == (workspace, command)
        }

    def _remember_secrets(self, identifier: str, auth: Any) -> None:
        if isinstance(auth, dict) and auth.get("params"):
            self.secrets[identifier] = dict(auth["params"])
