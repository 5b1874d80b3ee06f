"""What the rules use: the fixed parts of the emulator, and the context of one request."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from flow_emulator import clock, identity
from flow_emulator.behaviour.switches import STRICT, Behaviour
from flow_emulator.identity import EMULATOR, Identity
from flow_emulator.specs.catalogue import Catalogue
from flow_emulator.specs.validation import SchemaValidator
from flow_emulator.store import Transaction

SALT: Final = "salt"


def random_id() -> str:
    """Return a random UUID as text."""
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Engine:
    """The parts that are the same for all requests."""

    behaviour: Behaviour = STRICT
    identities: tuple[Identity, ...] = (EMULATOR,)
    sandboxes: tuple[str, ...] = identity.SANDBOXES
    catalogue: Catalogue = field(default_factory=Catalogue)
    validator: SchemaValidator = field(default_factory=SchemaValidator)
    new_id: Callable[[], str] = random_id
    new_token: Callable[[], str] = lambda: secrets.token_urlsafe(48)
    real_millis: Callable[[], int] = clock.system_millis
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    # Whether behaviour and seed are configured in the store, where they may change.
    from_store: bool = False


@dataclass(frozen=True)
class Context:
    """The context of one request: its transaction, the time in milliseconds, the client, and the sandbox."""

    engine: Engine
    tx: Transaction
    now: int
    client_id: str
    org: str
    sandbox: str

    @property
    def behaviour(self) -> Behaviour:
        """The value of every switch."""
        return self.engine.behaviour

    @property
    def catalogue(self) -> Catalogue:
        """Adobe's specs."""
        return self.engine.catalogue

    @cached_property
    def clock_stands(self) -> bool:
        """Whether the clock is stopped."""
        return clock.stands(self.tx)

    @cached_property
    def sandbox_id(self) -> str:
        """The id of the sandbox."""
        return identity.sandbox_id(self.org, self.sandbox)

    @cached_property
    def salt(self) -> str:
        """The key of this store's fingerprints."""
        found = self.tx.setting(SALT)
        if found is None:
            found = secrets.token_hex(16)
            self.tx.set_setting(SALT, found)
        return found
