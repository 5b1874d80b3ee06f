"""The view: what the page shows, as plain values that are read once and rendered by pure functions.

All times are epoch milliseconds of the emulator's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["source", "target", "account"]


@dataclass(frozen=True, slots=True)
class Connection:
    """A source connection, a target connection, or a base connection (an account at a destination)."""

    kind: Kind
    id: str
    name: str
    state: str
    sandbox: str
    destination: str
    """The name of its connection spec, such as ``Amazon S3``; empty for a source connection."""
    details: str
    """Datasets, bucket and folder, or the auth spec, in a few words."""
    format: str = ""
    """File type and compression of a target connection."""
    parent: str | None = None
    """The base connection of a target connection."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow, with details of its connections."""

    id: str
    name: str
    state: str
    sandbox: str
    source_id: str
    target_id: str
    destination: str
    place: str
    frequency: str
    """How often it runs, such as ``every 3 hours``."""
    mode: str
    """The export mode, such as ``first full, then incremental``; empty when the schedule has none."""
    start: int
    end: int | None
    next_run: int | None
    runs: int
    """How many runs are stored."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a flow; records and end are None while it is in progress."""

    id: str
    flow_id: str
    flow_name: str
    at: int
    ended: int | None
    state: str
    records: int | None
    files: int | None


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One entry of the request log; ``details`` is headers and body as text, secrets masked."""

    seq: int
    at: str
    method: str
    path: str
    query: str
    status: int
    code: str
    sandbox: str
    details: str
    faults: tuple[str, ...] = ()
    """The faults that hit it, as text."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The emulator's clock, and the time of the next run."""

    now: int
    is_set: bool
    stands: bool
    next_run: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is stored."""

    flows: int = 0
    sources: int = 0
    targets: int = 0
    accounts: int = 0
    runs: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """The result of the last form."""

    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """The options in the address: a filter by text, automatic reload, the whole log."""

    filter: str = ""
    reload: bool = False
    all_requests: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Everything on the page."""

    clock: Clock
    totals: Totals = Totals()
    connections: tuple[Connection, ...] = ()
    flows: tuple[Flow, ...] = ()
    runs: tuple[Run, ...] = ()
    """The newest runs of the flows shown, the newest first."""
    requests: tuple[LoggedRequest, ...] = ()
    """The newest requests, the newest first."""
    faults: tuple[tuple[str, int], ...] = ()
    """The faults that are set, and how many requests each one has hit."""
    switches: tuple[tuple[str, str], ...] = ()
    """The switches that are not at their default."""
    environment: tuple[tuple[str, str], ...] = ()
    """The environment variables with which the provider uses this emulator."""
    options: Options = Options()
    message: Message | None = None

    def of_kind(self, kind: Kind) -> tuple[Connection, ...]:
        """The connections of one kind."""
        return tuple(each for each in self.connections if each.kind == kind)

    @property
    def sandboxes(self) -> tuple[str, ...]:
        """The sandboxes of what is shown."""
        of_flows = {each.sandbox for each in self.flows}
        return tuple(sorted(of_flows | {each.sandbox for each in self.connections}))
