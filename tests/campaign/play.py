"""A scenario that is being played: its world, its users, and the judgement at the end."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flow_emulator.identity import CLIENT_SECRET
from tests.campaign import findings
from tests.campaign.canaries import leaked
from tests.campaign.configuration import Configuration
from tests.campaign.findings import Counts, Finding
from tests.campaign.user import APPLY, PLAN, User
from tests.campaign.workspace import Workspace
from tests.campaign.world import OTHER_CLIENT, Installation, World, make_world

_LISTED_WITHOUT_NEED = 0.2
"""How often `flowbridge orphans` runs although there are none, to see that it lists nothing then."""

Trace = Callable[[str], None]
Listed = Callable[[World], Collection[str]]
"""Returns the ids that `flowbridge orphans` names."""


@dataclass(slots=True)
class Play:
    """A scenario that is being played: the world, one user for each workspace, and what is counted."""

    world: World
    counts: Counts
    trace: Trace
    generator: random.Random
    users: dict[str, User] = field(default_factory=dict)
    _canaries: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name, workspace in self.world.workspaces.items():
            self.users[name] = User(self.world, workspace, self.generator, self.counts.commands, self.trace)

    def lose_state(self, user: User, updates: int) -> None:
        """Lose a workspace's local state, or the last updates of its remote one."""
        self.trace(
            f"the state of {user.workspace.name} is lost, or its last {updates} updates if it is remote"
        )
        user.workspace.lose_state(updates)
        self.counts.faults["state lost"] += 1
        self.world.oracle.state_lost(self.world.commands + 1, self.world.holdings(), self.world.live())

    def remember_secrets(self, configuration: Configuration) -> None:
        """Remember the secrets of a configuration, which is about to be changed, for the search."""
        for export in configuration.exports:
            self._canaries |= {each.core for each in configuration.canaries(export).values()}

    def finish(self, listed: Listed) -> list[Finding]:
        """Apply without faults until nothing is left to do, judge the end, and return the findings."""
        oracle = self.world.oracle
        for user in self.users.values():
            planned = user.command(PLAN)
            if planned.code != 0 and user.recover(user.command(APPLY)):
                planned = user.command(PLAN)
            if planned.code == 0:
                self._compare(user.workspace)
            else:
                text = f"the plan is not empty: {planned.output[-1500:]}"
                oracle.add(findings.STUCK, f"command {planned.number}", text)
        self._search_for_secrets()
        live = self.world.live()
        has_orphans = any(oracle.is_untracked(each) for each in live)
        is_listed = has_orphans or self.generator.random() < _LISTED_WITHOUT_NEED
        oracle.finish(live, listed(self.world) if is_listed else ())
        self.counts.outcomes += oracle.outcomes
        self.counts.faults += self.world.proxy.ledger.injected
        self.counts.forbidden += Counter(each.kind for each in oracle.findings)
        return oracle.findings

    def _compare(self, workspace: Workspace) -> None:
        """Compare Flow Service's objects with the configuration, after an empty plan."""
        live, ids, configuration = self.world.live(), workspace.ids(), workspace.configuration
        for address in configuration.part_names():
            found = live.get(ids.get(address, ""))
            if found is None:
                wrong = ["it does not exist"]
            else:
                wrong = configuration.differences(address, dict(found.document), found.state, ids)
                sent = self.world.proxy.ledger.secrets.get(found.id, {})
                wrong += configuration.wrong_secrets(address, sent)
            if wrong:
                subject = f"{workspace.name}:{address}"
                self.world.oracle.add(findings.DIFFERENT, subject, f"{subject}: {'; '.join(wrong)}")

    def _search_for_secrets(self) -> None:
        for user in self.users.values():
            self.remember_secrets(user.workspace.configuration)
        wanted = {*self._canaries, CLIENT_SECRET, *self.world.proxy.ledger.tokens}
        for name, user in self.users.items():
            for place, secret in leaked(wanted, user.workspace.written):
                text = f"{name}: {place} contains {secret[:6]}..."
                self.world.oracle.add(findings.LEAK, f"{name}/{secret}", text)


@dataclass(slots=True)
class Stage:
    """What a scenario is played with.

    Attributes:
        installation: The installed provider.
        folder: An empty folder.
        seed: What all random choices follow from.
        trace: Called with a line about each thing that happens.
        listed: Returns the ids that `flowbridge orphans` names.
    """

    installation: Installation
    folder: Path
    seed: str
    trace: Trace
    listed: Listed
    generator: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.generator = random.Random(self.seed)

    def play(
        self,
        configurations: Mapping[str, Configuration],
        story: Callable[[Play], None],
        settings: Mapping[str, str] | None = None,
        switches: Mapping[str, str] | None = None,
        clock_skew: float = 0.0,
    ) -> tuple[Counts, list[Finding]]:
        """Make a world with these configurations, play a story in it, and return what was counted and found.

        `settings` are environment variables of all commands, `switches` those of the emulator.
        """
        self.trace(
            f"workspaces={list(configurations)} settings={dict(settings or {})} "
            f"switches={dict(switches or {})} clock_skew={clock_skew}"
        )
        with make_world(
            self.installation,
            self.folder,
            dict(configurations),
            settings=settings,
            switches=switches,
            clock_skew=clock_skew,
            seed=self.seed,
        ) as world:
            _add_foreign_objects(world, next(iter(configurations.values())))
            counts = Counts()
            played = Play(world, counts, self.trace, self.generator)
            story(played)
            return counts, played.finish(self.listed)


def _add_foreign_objects(world: World, configuration: Configuration) -> None:
    """Add what no workspace may touch: another client's object with a name of ours, and one of a person."""
    body = {
        "name": "by a person",
        "connectionSpec": {"id": "23598e46-f560-407b-88d5-ea6207e49db0", "version": "1.0"},
        "params": {"datasets": [{"dataSetId": "64b7e8acdd522e6190ac9567", "name": "Orders"}]},
    }
    world.create_outside("sourceConnections", body)
    names = configuration.part_names().items()
    name = next((name for address, name in names if address.startswith("aep_source_connection.")), "orders")
    world.create_outside("sourceConnections", {**body, "name": name}, OTHER_CLIENT)
