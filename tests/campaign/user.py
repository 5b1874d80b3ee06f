"""A user who applies, reads the messages, and does what they advise until everything is as configured."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tests.campaign import findings
from tests.campaign.configuration import Configuration
from tests.campaign.faults import Fault
from tests.campaign.messages import advice_of
from tests.campaign.oracle import Finished
from tests.campaign.remedies import Remedies
from tests.campaign.workspace import Workspace
from tests.campaign.world import World

ROUNDS = 8
"""Number of applies after which a recovery that does not succeed counts as failed."""

APPLY = ("apply", "-json", "-input=false", "-auto-approve")
PLAN = ("plan", "-json", "-input=false", "-detailed-exitcode")


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
        """Run a command, which the caller lets the oracle judge."""
        number = self.world.next_number()
        self._commands[words[0]] += 1
        described = [str(each) for each in faults]
        started = time.monotonic()
        finished = self.workspace.run(number, words, faults, more)
        seconds = time.monotonic() - started
        self._trace(f"{number} {self.workspace.name}: {finished.words} {dict(more or {})} faults={described}")
        self._trace(f"    exit code {finished.code}, {seconds:.1f} s, signalled: {finished.signalled}")
        if finished.hung:
            self._trace(finished.output)
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

    def _follow(self, finished: Finished) -> dict[str, str]:
        """Do what the errors advise. Returns the settings for the next apply."""
        self._save_state()
        for message in finished.errors:
            if message.summary.endswith("is protected"):
                self._unprotect()
            if "create_before_destroy = true" in message.detail:
                self.write(self.workspace.configuration.with_all(create_before_destroy=True))
        remedies = Remedies(self.world, self.workspace, self._random, self._trace)
        is_done = remedies.follow(finished)
        if not is_done and any(advice_of(each).ignore_names for each in finished.errors):
            return {"AEP_EXISTING_NAMES": "ignore"}
        return {}

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
        """Untaint, then set `deletion_protection` to false and apply that, before what was wanted."""
        wanted = self.workspace.configuration
        for holding in self.workspace.holdings():
            if holding.tainted:
                self.run(["untaint", holding.address])
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
