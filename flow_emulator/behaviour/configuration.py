"""The configuration of an emulator, kept in its store: a profile, single switches, a seed.

Every process that uses a file therefore behaves alike: the provider with ``emulator:<file>``, the served
emulator, and the command line. A reset keeps the configuration.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flow_emulator import strict_json
from flow_emulator.behaviour.profiles import profile_named
from flow_emulator.behaviour.switches import STRICT, Behaviour, behaviour_from_text
from flow_emulator.models.context import Engine
from flow_emulator.store import CONFIGURATION, Store, StoreError, Transaction

_DEFAULT_PROFILE: Final = "strict"
_SEEDS: Final = 10**18


@dataclasses.dataclass(frozen=True, slots=True)
class Configuration:
    """A profile by name, switches on top of it as text, and the seed of ids or None for random ids."""

    profile: str = _DEFAULT_PROFILE
    switches: Mapping[str, str] = dataclasses.field(default_factory=dict)
    seed: int | None = None

    @property
    def behaviour(self) -> Behaviour:
        """The value of every switch. Raises ValueError for an unknown profile, switch or value."""
        return behaviour_from_text(self.switches, profile_named(self.profile).behaviour)

    def changed(
        self,
        profile: str | None = None,
        switches: Mapping[str, str] | None = None,
        seed: int | None = None,
    ) -> Configuration:
        """Return a changed copy. A profile resets all switches; switches are added to those that are set."""
        kept = dict(self.switches) if profile is None else {}
        return Configuration(
            self.profile if profile is None else profile,
            kept | dict(switches or {}),
            self.seed if seed is None else seed,
        )


def as_texts(switches: Mapping[str, object]) -> dict[str, str]:
    """Return switches as the command line writes them: ``(8, 24)`` as ``8,24``."""
    return {
        name: ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        for name, value in switches.items()
    }


def read(tx: Transaction) -> Configuration:
    """Return the configuration of the store, by default the strict profile."""
    return _parsed(tx.setting(CONFIGURATION))


def write(tx: Transaction, configuration: Configuration) -> None:
    """Store a configuration. Raises ValueError, and stores nothing, when it is invalid."""
    _check(configuration)
    tx.set_setting(CONFIGURATION, json.dumps(dataclasses.asdict(configuration)))


def configure(
    path: str | Path,
    profile: str | None = None,
    switches: Mapping[str, str] | None = None,
    seed: int | None = None,
) -> Configuration:
    """Change the configuration of the emulator in a file, which is created when it is missing.

    Returns:
        The configuration after the change.

    Raises:
        ValueError: A profile, switch or value is unknown.
        StoreError: The file cannot be used.
    """
    _check(Configuration().changed(profile, switches, seed))
    with Store(path) as store, store.transaction() as tx:
        changed = read(tx).changed(profile, switches, seed)
        if changed != read(tx):
            write(tx, changed)
        return changed


def _check(configuration: Configuration) -> None:
    """Raise ValueError for an unknown profile, switch or value, or a seed of too many digits."""
    _ = configuration.behaviour
    if configuration.seed is not None and not -_SEEDS < configuration.seed < _SEEDS:
        raise ValueError("The seed has at most 18 digits.")


def applied(engine: Engine, tx: Transaction) -> Engine:
    """Return the engine with the store's configuration, unless it was created with a fixed behaviour."""
    text = tx.setting(CONFIGURATION) if engine.from_store else None
    if text is None:
        return engine
    seed = _parsed(text).seed
    changes: dict[str, Any] = {"behaviour": _behaviour(text)}
    if seed is not None:
        changes["new_id"] = lambda: _seeded_id(seed, tx.next_number())
    return dataclasses.replace(engine, **changes)


def check_text(text: str) -> None:
    """Raise ValueError when a text is not a configuration that :func:`write` stores."""
    found = strict_json.parse(text)
    if not isinstance(found, dict) or found.keys() != {"profile", "switches", "seed"}:
        raise ValueError("A configuration has a profile, switches and a seed.")
    profile, switches, seed = found["profile"], found["switches"], found["seed"]
    if not isinstance(profile, str) or not isinstance(switches, dict):
        raise ValueError("A profile is text, and switches are an object.")  # noqa: TRY004 - it is input
    if not all(isinstance(value, str) for value in switches.values()):
        raise ValueError("The value of a switch is text.")
    if seed is not None and type(seed) is not int:
        raise ValueError("A seed is a whole number.")
    _check(Configuration(profile, switches, seed))


def check(store: Store) -> None:
    """Raise StoreError when the store is configured with something that this emulator does not know."""
    with store.reading() as tx:
        text = tx.setting(CONFIGURATION)
    try:
        _behaviour(text)
    except (ValueError, TypeError) as problem:
        raise StoreError(f"{store.path} has switches that this emulator does not know: {problem}") from None


@lru_cache(maxsize=64)
def _parsed(text: str | None) -> Configuration:
    return Configuration() if text is None else Configuration(**json.loads(text))


@lru_cache(maxsize=64)
def _behaviour(text: str | None) -> Behaviour:
    return STRICT if text is None else _parsed(text).behaviour


def _seeded_id(seed: int, number: int) -> str:
    """Return a UUID that depends only on the seed and a number of the store."""
    return str(uuid.UUID(bytes=hashlib.sha256(f"{seed}/{number}".encode()).digest()[:16], version=4))
