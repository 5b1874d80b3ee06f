"""A user who applies, reads the messages, and does what they advise until everything is as configured."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.campaign import findings
from tests.campaign.commands import delete_object
from tests.campaign.configuration import COLLECTIONS, PARTS, TYPES, Configuration
from tests.campaign.faults import Fault
from tests.campaign.messages import Advice, Message, advice_of, names_ids
from tests.campaign.oracle import Finished, Live
from tests.campaign.workspace import Workspace
from tests.campaign.world import World

ROUNDS = 8
"""Number of applies after which a recovery that does not succeed counts as failed."""

APPLY = ("apply", "-json", "-input=false", "-auto-approve")
PLAN = ("plan", "-json", "-input=false", "-detailed-exitcode")

_NAMES_OWNERS = re.compile(r"another (address|resource)|terraform state (list|show)")
"""What a message says to a user whose state may hold the object already, at another address."""
_TYPE_OF = {COLLECTIONS[part]: TYPES[part] for part in PARTS}
_DELETION_ORDER = [COLLECTIONS[part] for part in ("flow", "target", "source", "base")]


class User:
    """The user of one workspace. `trace` is called with a line about each thing that happens."""

    def __init__(
        self,
        world: World,
        workspace: Workspace,
        generator: random.Random,
        commands: Counter[str],
        trace: Callable[[str], None],
    ) -> None:
        self.world = world
        self.workspace = workspace
        self.applied = workspace.configuration
        self._random = generator
        self._commands = commands
        self._trace = trace

    def run(
        self, words: Sequence[str], faults: Sequence[Fault] = (), more: Mapping[str, str] | None = None
    ) -> Finished:
        """Run a command, which somebody has to let the oracle judge."""
        number = self.world.next_number()
        self._commands[words[0]] += 1
        described = [str(each) for each in faults]
        started = time.monotonic()
        finished = self.workspace.run(number, words, faults, more)
        seconds = time.monotonic() - started
        self._trace(f"{number} {self.workspace.name}: {finished.words} {dict(more or {})} faults={described}")
        self._trace(f"    exit code {finished.code}, {seconds:.1f} s, signalled: {finished.signalled}")
        for each in finished.messages:
            self._trace(f"    {each.severity}: {each.address}: {each.text}")
        return finished

    def command(
        self, words: Sequence[str], faults: Sequence[Fault] = (), more: Mapping[str, str] | None = None
    ) -> Finished:
        """Run a command, and let the oracle judge it."""
        before = self.world.holdings()
        finished = self.run(words, faults, more)
        self.world.judge([finished], before)
        return finished

    def write(self, configuration: Configuration) -> None:
        """Change the configuration; `applied` keeps the last one that was applied."""
        self.workspace.write(configuration)

    def recover(self, finished: Finished, faults: Callable[[], Sequence[Fault]] = list) -> bool:
        """Do what the messages advise and apply again, until an apply succeeds. Returns whether one has.

        `faults` returns the faults of each further apply.
        """
        words = [each for each in finished.words.split()[1:] if not each.startswith(("-replace", "saved"))]
        for _ in range(ROUNDS):
            self._prune_imports()
            if finished.code == 0:
                self.applied = self.workspace.configuration
                return True
            settings = self._follow(finished)
            finished = self.command(words, () if settings else faults(), settings)
        last = "; ".join(each.text[:200] for each in finished.errors) or finished.output[-300:]
        self.world.oracle.add(findings.STUCK, f"command {finished.number}", last)
        return False

    def delete(self, identifier: str) -> None:
        """Delete an object that is in no state, and before it what uses it and is in no state."""
        live = self.world.live()
        users = [
            each.id for each in live.values() if each.id != identifier and identifier in _references(each)
        ]
        for each in users:
            if self.world.oracle.is_untracked(each):
                self.delete(each)
        if identifier in self.world.live():
            accepted = self.world.delete_outside(live[identifier].collection, identifier)
            self._trace(f"    the user deletes {identifier}: {accepted}")

    def _delete_as_advised(self, identifier: str, advice: Advice) -> None:
        """Delete an object with the command that a message has given, or if it has given none, otherwise."""
        if identifier not in advice.deletes:
            self.delete(identifier)
            return
        succeeded, output = delete_object(self.world, identifier)
        self._trace(f"    flowbridge delete {identifier}: {succeeded}")
        if not succeeded:
            self.world.oracle.add(findings.WRONG_ADVICE, identifier, f"flowbridge delete: {output}")

    def _follow(self, finished: Finished) -> dict[str, str]:
        """Do what the errors advise. Returns the settings for the next apply."""
        self._save_state()
        settings: dict[str, str] = {}
        for message in finished.errors:
            self._judge_advice(finished, message)
            if message.summary.endswith("is protected"):
                self._unprotect()
            if "create_before_destroy = true" in message.detail:
                self.write(self.workspace.configuration.with_all(create_before_destroy=True))
            if self._take_in(message):
                continue
            if advice_of(message).ignore_names:
                settings["AEP_EXISTING_NAMES"] = "ignore"
        return settings if not self.workspace.configuration.imports else {}

    def _judge_advice(self, finished: Finished, message: Message) -> None:
        """Find imports that are offered although the object has an owner, or no address is free for it."""
        advice, live, held = advice_of(message), self.world.live(), set(self.workspace.ids().values())
        for kind, identifier in advice.imports:
            found = live.get(identifier)
            if found is None:
                continue
            is_wrong = identifier in held and not _NAMES_OWNERS.search(message.text)
            if self.world.oracle.is_untracked(identifier) and self._address_for(found, message) is None:
                is_wrong = is_wrong or identifier not in advice.deletes
            if is_wrong:
                text = f"command {finished.number}: import of {kind} {identifier}"
                self.world.oracle.add(findings.WRONG_ADVICE, identifier, text)

    def _take_in(self, message: Message) -> bool:
        """Import or delete the objects in no state that a message names. Returns False if there is none."""
        live = self.world.live()
        named = [
            live[each]
            for each in sorted(names_ids(message.text))
            if each in live and self.world.oracle.is_untracked(each)
        ]
        for found in named:
            address = self._address_for(found, message)
            advice = advice_of(message)
            may_delete = advice.deletion or found.id in advice.deletes
            if address is None or (may_delete and self._random.random() < 0.2):
                self._delete_as_advised(found.id, advice)
            else:
                self.world.oracle.imported(self.workspace.name, found.id)
                imports = (*self.workspace.configuration.imports, (address, found.id))
                self.write(replace(self.workspace.configuration, imports=imports))
        return bool(named)

    def _address_for(self, found: Live, message: Message) -> str | None:
        """Return the address of the same type and name that has no object, the message's own first."""
        configuration = self.workspace.configuration
        taken = {*self.workspace.ids(), *(address for address, _ in configuration.imports)}
        if found.id in {each for _, each in configuration.imports}:
            return None
        free = [
            address
            for address, name in configuration.part_names().items()
            if address.startswith(_TYPE_OF[found.collection] + ".")
            and name == found.document.get("name")
            and address not in taken
        ]
        return message.address if message.address in free else next(iter(free), None)

    def _prune_imports(self) -> None:
        """Remove the import blocks of what is imported, or has been deleted."""
        configuration = self.workspace.configuration
        held, live = self.workspace.ids(), self.world.live()
        left = tuple(
            (address, each) for address, each in configuration.imports if address not in held and each in live
        )
        if left != configuration.imports:
            self.write(replace(configuration, imports=left))

    def _unprotect(self) -> None:
        """Set `deletion_protection` to false and apply that, before what was wanted."""
        wanted = self.workspace.configuration
        self.write(replace(self.applied.with_all(protected=False), imports=()))
        self.command(APPLY)
        self.write(wanted.with_all(protected=False))

    def _save_state(self) -> None:
        """Push the state that the backend has not taken, or lose it, as on a build machine that is gone."""
        unsaved = self.workspace.unsaved_state
        if not unsaved.exists():
            return
        if self._random.random() < 0.5:
            self.run(["state", "push", "errored.tfstate"])
        unsaved.unlink()
        self.world.oracle.state_lost(self.world.commands + 1, self.world.holdings(), self.world.live())


def _references(found: Live) -> set[Any]:
    document = found.document
    return {
        document.get("baseConnectionId"),
        *document.get("sourceConnectionIds", []),
        *document.get("targetConnectionIds", []),
    }
