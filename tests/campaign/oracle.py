"""The oracle: it compares Flow Service's objects, all states and all messages, and finds what must not be.

It knows the ledger, which no user has. All its input is plain data, so that its own tests can feed it a
duplicate, an orphan or a leaked secret and see that it counts them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.campaign import findings
from tests.campaign.findings import Finding
from tests.campaign.ledger import Ledger, Made
from tests.campaign.messages import Message, announces, is_gone_message, names_ids

_INTERNAL = re.compile(
    r"Internal error in the provider|Traceback \(most recent|panic:|Provider produced"
    r"|Provider returned invalid|bug in the provider|Plugin did not respond|plugin process exited"
    r"|Failed to load plugin schemas|Unrecognized remote plugin message|Plugin error"
)
_BY_A_SIGNAL = re.compile(
    r"Plugin did not respond|plugin process exited|Failed to load|Plugin error|remote plugin"
)
_SUBSTANCE = {
    "flows": (),  # by the promise, name and client are enough
    "sourceConnections": ("params",),
    "connections": ("connectionSpec",),
    "targetConnections": ("connectionSpec", "baseConnectionId"),
}
"""What must be equal for two objects of one name and collection to be copies of each other."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One object in one state. `deposed` is True for the old object of a replacement."""

    workspace: str
    address: str
    id: str
    tainted: bool = False
    deposed: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """Workspace and address."""
        return f"{self.workspace}:{self.address}{' (deposed)' if self.deposed else ''}"


@dataclass(frozen=True, slots=True)
class Live:
    """One object of Flow Service that exists and is not being deleted."""

    id: str
    collection: str
    document: Mapping[str, Any]
    state: str = "enabled"


@dataclass(frozen=True, slots=True)
class Finished:
    """A command of Terraform that has ended.

    Attributes:
        number: Its number; later commands have larger ones.
        workspace: Its workspace.
        words: The command, for people to read.
        code: The exit code.
        output: Everything that it printed.
        messages: Its errors and warnings.
        signalled: The target of the signal that the campaign has sent, or None.
        hung: Whether it had to be ended because of the limit.
        state_saved: False if the campaign has kept the state from being saved.
        ignores_names: Whether `existing_names` was "ignore".
    """

    number: int
    workspace: str
    words: str
    code: int
    output: str
    messages: Sequence[Message] = ()
    signalled: str | None = None
    hung: bool = False
    state_saved: bool = True
    ignores_names: bool = False

    @property
    def errors(self) -> list[Message]:
        """Its errors."""
        return [each for each in self.messages if each.severity == "error"]


class Oracle:
    """Judges each command after its end, and the whole at the end.

    `address_of` returns the addresses at which a made object may be, by its name and its secrets.
    """

    def __init__(self, ledger: Ledger, address_of: Callable[[Made], Collection[str]]) -> None:
        self.findings: list[Finding] = []
        self.outcomes: Counter[str] = Counter()
        self._ledger = ledger
        self._address_of = address_of
        self._imported: set[tuple[str, str]] = set()
        self._named: dict[str, int] = {}
        self._held: set[str] = set()
        self._untracked: dict[str, _Untracked] = {}
        self._history: list[Finished] = []

    def imported(self, workspace: str, identifier: str) -> None:
        """Record that the user imports an object into a workspace."""
        self._imported.add((workspace, identifier))

    def state_lost(self, next_number: int, held: Iterable[Holding], live: Mapping[str, Live]) -> None:
        """Record that a state was lost. `held` is what the states still hold."""
        self._track(next_number, held, live, _STATE_LOST)

    def add(self, kind: str, subject: str, text: str) -> None:
        """Add a finding, once for each subject."""
        if not any((each.kind, each.subject) == (kind, subject) for each in self.findings):
            self.findings.append(Finding(kind, subject, text))

    def judge(
        self,
        finished: Sequence[Finished],
        before: Sequence[Holding],
        after: Sequence[Holding],
        live: Mapping[str, Live],
    ) -> None:
        """Judge commands that ran at the same time, by all states before and after, and what exists now."""
        self._history += finished
        for command in finished:
            for message in command.messages:
                if not is_gone_message(message):
                    self._named |= dict.fromkeys(names_ids(message.text), command.number)
            self._judge_alone(command)
            own_before = [each for each in before if each.workspace == command.workspace]
            own_after = [each for each in after if each.workspace == command.workspace]
            self._judge_state(command, own_before, own_after, live)
            self._judge_writes(command, own_before)
        self._judge_owners(after)
        before_this = set(self._untracked)
        cause = _KILLED if any(each.signalled in _KILLS for each in finished) else _COMMAND
        if not all(each.state_saved for each in finished):
            cause = _STATE_LOST
        self._track(min(each.number for each in finished), after, live, cause)
        for command in finished:
            self._judge_duplicates(command, before_this, {each.number for each in finished}, live)

    def finish(self, live: Mapping[str, Live], listed: Collection[str]) -> None:
        """Judge the end. `listed` are the ids that `flowbridge orphans` has named."""
        for identifier in sorted(set(listed) & self._held):
            self.add(findings.WRONG_ADVICE, identifier, "`flowbridge orphans` lists what a state holds")
        for identifier, untracked in self._untracked.items():
            if identifier not in live:
                self.outcomes["orphans deleted by the user"] += 1
            elif self._is_named(identifier):
                self.outcomes["orphans named by a message"] += 1
            elif identifier in listed and (untracked.cause != _COMMAND or self._is_announced(identifier)):
                self.outcomes["orphans named by `flowbridge orphans`"] += 1
            else:
                made = self._ledger.made[identifier]
                text = f"{made.collection} {made.name!r}, in no state since {untracked}"
                self.add(findings.UNREPORTED_ORPHAN, identifier, text)

    def is_untracked(self, identifier: str) -> bool:
        """Return whether an object that a command has made is in no state."""
        return identifier in self._untracked

    def _judge_alone(self, command: Finished) -> None:
        subject = f"command {command.number}"
        if command.hung:
            self.add(findings.HANG, subject, command.words)
        for found in _INTERNAL.finditer(command.output):
            if command.signalled and _BY_A_SIGNAL.search(found[0]):
                self.outcomes["Terraform reports the killed provider"] += 1
                continue
            start = max(found.start() - 100, 0)
            self.add(findings.INTERNAL_ERROR, subject, command.output[start : found.end() + 400])

    def _judge_state(
        self, command: Finished, before: Sequence[Holding], after: Sequence[Holding], live: Mapping[str, Live]
    ) -> None:
        ids_before = {each.id for each in before}
        tainted_before = {each.id for each in before if each.tainted}
        for holding in after:
            if holding.tainted and holding.id not in tainted_before:
                self.add(findings.WRONG_TAINT, holding.id, f"{holding.owner} by command {command.number}")
            if holding.id not in ids_before:
                self._judge_new(command, holding)
        ids_after = {each.id for each in after}
        if command.signalled in ("terraform",) or not command.state_saved:
            return
        for holding in before:
            if holding.id in live and holding.id not in ids_after:
                self.add(
                    findings.DROPPED,
                    holding.id,
                    f"{holding.owner} left the state in command {command.number}",
                )

    def _judge_new(self, command: Finished, holding: Holding) -> None:
        """Judge an object that has come into a state."""
        if (command.workspace, holding.id) in self._imported:
            self.outcomes["imports of orphans"] += 1
            return
        made = self._ledger.made.get(holding.id)
        if made is None or (made.workspace, made.command) != (command.workspace, command.number):
            maker = "unknown" if made is None else f"{made.workspace}, command {made.command}"
            text = f"{holding.owner} in command {command.number}; maker: {maker}"
            self.add(findings.WRONG_ADOPTION, holding.id, text)
        elif holding.address not in self._address_of(made):
            text = f"{holding.owner} has the object that was made for {sorted(self._address_of(made))}"
            self.add(findings.WRONG_ADOPTION, holding.id, text)
        elif not made.answered:
            if any(holding.id in names_ids(each.text) for each in command.messages):
                self.outcomes["adoptions with a message"] += 1
            else:
                text = f"{holding.owner} in command {command.number}"
                self.add(findings.SILENT_ADOPTION, holding.id, text)

    def _judge_writes(self, command: Finished, before: Sequence[Holding]) -> None:
        protected = {each.id for each in before if each.attributes.get("deletion_protection") is True}
        for write in self._ledger.writes:
            if (write.workspace, write.command) != (command.workspace, command.number):
                continue
            made = self._ledger.made.get(write.id)
            own = made is not None and made.workspace == command.workspace
            if not own and (command.workspace, write.id) not in self._imported:
                text = (
                    f"{write.operation} {write.collection} by {command.workspace}, command {command.number}"
                )
                self.add(findings.OTHERS_CHANGED, write.id, text)
            if write.operation == "DELETE" and write.id in protected:
                text = f"{write.collection} by command {command.number}: {command.words}"
                self.add(findings.PROTECTED_DELETED, write.id, text)

    def _judge_owners(self, after: Sequence[Holding]) -> None:
        owners: dict[str, list[str]] = {}
        for holding in after:
            owners.setdefault(holding.id, []).append(holding.owner)
        for identifier, several in owners.items():
            if len(several) > 1:
                self.add(findings.WRONG_ADOPTION, identifier, f"owned by {' and '.join(several)}")

    def _judge_duplicates(
        self, command: Finished, untracked_before: set[str], batch: set[int], live: Mapping[str, Live]
    ) -> None:
        """Find orphans of which the command has made a copy without naming them."""
        order = {identifier: place for place, identifier in enumerate(self._ledger.made)}
        copies = [
            each
            for each in self._ledger.made.values()
            if (each.workspace, each.command) == (command.workspace, command.number)
        ]
        for identifier in self._untracked:
            orphan = self._ledger.made[identifier]
            is_old = orphan.command not in batch and identifier in untracked_before
            if identifier not in live or self._is_named(identifier) or (is_old and command.ignores_names):
                continue
            if not is_old and orphan.workspace != command.workspace:
                continue  # made at the same time in another workspace
            same = [each for each in copies if _is_copy(each, orphan)]
            if command.signalled in _KILLS and orphan in same and len(same) <= len(self._address_of(orphan)):
                continue  # killed before it saved the state: one for each resource of this name
            for copy in same:
                if order[copy.id] > order[orphan.id]:
                    text = (
                        f"{orphan.collection} {orphan.name!r} of command {orphan.command} is made again as "
                        f"{copy.id} by command {command.number}, exit code {command.code}"
                    )
                    self.add(findings.SILENT_DUPLICATE, identifier, text)

    def _track(self, number: int, held: Iterable[Holding], live: Mapping[str, Live], cause: str) -> None:
        tracked = self._held = {each.id for each in held}
        for identifier, made in self._ledger.made.items():
            if identifier in tracked:
                self._untracked.pop(identifier, None)
            elif made.workspace != "outside" and identifier in live:
                self._untracked.setdefault(identifier, _Untracked(number, cause))

    def _is_named(self, identifier: str) -> bool:
        """Return whether a message has named the object since it is in no state."""
        return self._named.get(identifier, -1) >= self._untracked[identifier].since

    def _is_announced(self, identifier: str) -> bool:
        """Return whether a message since then has announced that the object may exist."""
        name, since = self._ledger.made[identifier].name, self._untracked[identifier].since
        return any(
            announces(message, name)
            for command in self._history
            if command.number >= since
            for message in command.messages
        )


_KILLS = ("provider", "terraform")
_KILLED = "a killed command"
_STATE_LOST = "the loss of a state"
_COMMAND = "an ordinary command"


@dataclass(frozen=True, slots=True)
class _Untracked:
    """Since which command an object is in no state, and for which cause."""

    since: int
    cause: str

    def __str__(self) -> str:
        return f"command {self.since} ({self.cause})"


def _is_copy(copy: Made, orphan: Made) -> bool:
    if (copy.collection, copy.name) != (orphan.collection, orphan.name):
        return False
    keys = _SUBSTANCE[copy.collection]
    return all(copy.body.get(key) == orphan.body.get(key) for key in keys)
