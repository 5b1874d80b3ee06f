"""Fixed scenarios: the ways in which exports were once doubled, lost or taken over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from tests.campaign.configuration import Configuration, Export
from tests.campaign.faults import Fault
from tests.campaign.play import Play
from tests.campaign.processes import HANG_SECONDS
from tests.campaign.user import APPLY

FLOW = "aep_flow.e0"
BASE = "aep_base_connection.e0"
EXPORT = Export("e0", destination="amazon_s3")


@dataclass(frozen=True, slots=True)
class Script:
    """A fixed scenario: the configurations of its workspaces, and what happens."""

    configurations: Mapping[str, Configuration]
    story: Callable[[Play], None]
    settings: Mapping[str, str] = field(default_factory=dict)


def _one(*exports: Export, backend: str = "") -> dict[str, Configuration]:
    return {"a": Configuration("campaign", exports, "script", backend)}


def _apply(play: Play, *faults: Fault, flags: tuple[str, ...] = ()) -> None:
    """Apply with faults, and do what the messages advise."""
    user = play.users["a"]
    user.recover(user.command((*APPLY, *flags), faults))


def _state_lost(play: Play) -> None:
    _apply(play)
    play.lose_state(play.users["a"], 99)
    _apply(play)


def _killed_after_the_flow(play: Play) -> None:
    _apply(play, Fault("kill terraform after", "POST", "flows"))


def _two_creates_of_one_name(play: Play) -> None:
    _apply(play, Fault("reset before", "POST", "connections"), Fault("held after", "POST", "connections"))


def _two_workspaces_at_once(play: Play) -> None:
    before = play.world.holdings()
    first, second = play.users["a"], play.users["b"]
    lost = Fault("reset after another create", "POST", "connections")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(first.run, APPLY, [lost])
        if not lost.happened.wait(timeout=HANG_SECONDS):
            raise RuntimeError("the create of the first workspace was not sent")
        finished = {"b": second.run(APPLY), "a": running.result()}
    play.world.judge(list(finished.values()), before)
    for name, user in play.users.items():
        user.recover(finished[name])


def _protected_and_replaced(play: Play) -> None:
    _apply(play)
    user = play.users["a"]
    user.command((*APPLY, f"-replace={FLOW}"))
    user.recover(user.command(APPLY))


def _protected_and_tainted(play: Play) -> None:
    """A connection is tainted, and the flow that uses it is protected."""
    _apply(play)
    user = play.users["a"]
    user.run(["taint", BASE])
    _apply(play)


def _disable_lost(play: Play) -> None:
    _apply(play, Fault("reset after", "ACTION", "flows"))


def _disable_failed(play: Play) -> None:
    _apply(play, Fault("500 before", "ACTION", "flows", times=4))


def _interrupted(play: Play) -> None:
    _apply(play, Fault("interrupt after", "POST", "connections"))


def _killed_in_a_replacement(play: Play) -> None:
    _apply(play)
    user = play.users["a"]
    changed = replace(user.workspace.configuration.exports[0], datasets=(1,))
    user.write(user.workspace.configuration.with_export(changed))
    _apply(play, Fault("kill terraform after", "POST", "sourceConnections"))


def _gateway(kind: str) -> Callable[[Play], None]:
    def story(play: Play) -> None:
        _apply(play)
        _apply(play, Fault(kind, "GET", "*", one=True, times=1000))

    return story


def _killed_and_changed(play: Play) -> None:
    user = play.users["a"]
    user.command(APPLY, [Fault("kill terraform after", "POST", "sourceConnections")])
    changed = replace(user.workspace.configuration.exports[0], datasets=(1,), label="other")
    user.write(user.workspace.configuration.with_export(changed))
    _apply(play)


def _failed_after_the_effect(play: Play) -> None:
    _apply(
        play,
        Fault("500 after", "POST", "sourceConnections"),
        Fault("503 after", "POST", "connections"),
    )


_BASE = Export("e0", ("base",), "twin", destination="amazon_s3")
_SHARED = Configuration("shared", (_BASE,), "script/a")

SCRIPTS: dict[str, Script] = {
    "state-lost": Script(_one(EXPORT), _state_lost),
    "killed-after-the-flow": Script(_one(EXPORT, backend="http"), _killed_after_the_flow),
    "two-creates-of-one-name": Script(_one(_BASE, replace(_BASE, key="e1")), _two_creates_of_one_name),
    "two-workspaces-at-once": Script(
        {"a": _SHARED, "b": replace(_SHARED, secret_seed="script/b")},
        _two_workspaces_at_once,
        {"AEP_REQUEST_TIMEOUT": "2m"},
    ),
    "protected-and-replaced": Script(_one(replace(EXPORT, protected=True)), _protected_and_replaced),
    "protected-and-tainted": Script(_one(replace(EXPORT, protected=True)), _protected_and_tainted),
    "disable-lost": Script(_one(replace(EXPORT, enabled=False)), _disable_lost),
    "disable-failed": Script(_one(replace(EXPORT, enabled=False)), _disable_failed),
    "interrupted": Script(_one(EXPORT), _interrupted),
    "killed-in-a-replacement": Script(_one(EXPORT), _killed_in_a_replacement),
    "gateway-404-empty": Script(_one(EXPORT), _gateway("404 empty")),
    "gateway-404-kong": Script(_one(EXPORT), _gateway("404 kong")),
    "gateway-404-spring": Script(_one(EXPORT), _gateway("404 spring")),
    "killed-and-changed": Script(_one(Export("e0", ("source",))), _killed_and_changed),
    "failed-after-the-effect": Script(_one(EXPORT), _failed_after_the_effect),
}
"""The fixed scenarios by their names, which `ONLY=` of `make campaign` takes too."""
