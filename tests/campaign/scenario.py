"""Random scenarios: what users do with one or two workspaces, with faults.

A scenario is made from the campaign's seed and its own number only, so that it can be repeated alone. Which
of several concurrent requests comes first can still differ from run to run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tests.campaign.changes import random_change, random_configuration, random_faults
from tests.campaign.configuration import Configuration
from tests.campaign.faults import Fault
from tests.campaign.findings import Counts, Finding
from tests.campaign.play import Play, Stage
from tests.campaign.user import APPLY, PLAN, User
from tests.campaign.workspace import log_environment

_STEPS = (2, 3, 4)
_SKEWS = (0.0, 0.0, 0.0, -200.0, 200.0)

Played = tuple[Counts, list[Finding]]


def play_random(stage: Stage) -> Played:
    """Play the random scenario of the stage's seed."""
    kinds: Sequence[Callable[[Stage], Played]] = (_alone, _alone, _side_by_side, _sharing_names)
    return stage.generator.choice(kinds)(stage)


def _play(
    stage: Stage, story: Callable[[Play], None], settings: Mapping[str, str], **configurations: Configuration
) -> Played:
    """Play a story with random settings, and with random switches where Adobe's sources disagree."""
    generator = stage.generator
    switches = {
        "secrets": generator.choice(["masked", "omit"]),
        "body": generator.choice(["wrapper", "bare"]),
        "delete_status": generator.choice(["202", "204"]),
        "create_reads": generator.choice(["0", "0", "2"]),
        "update_reads": generator.choice(["0", "0", "2"]),
    }
    chosen = {"AEP_MAX_RETRIES": generator.choice(["0", "1", "2"]), **settings}
    skew = generator.choice(_SKEWS)
    is_logged = generator.random() < 0.25

    def whole(play: Play) -> None:
        if is_logged:
            for workspace in play.world.workspaces.values():
                workspace.environment |= log_environment(workspace.folder, "DEBUG")
        story(play)

    return stage.play(configurations, whole, chosen, switches, skew)


def _alone(stage: Stage) -> Played:
    """One workspace with a local or a remote state."""
    generator = stage.generator
    configuration = random_configuration(generator, "alone", stage.seed, generator.choice(["", "http"]))

    def story(play: Play) -> None:
        for _ in range(generator.choice(_STEPS)):
            _step(play, play.users["a"])

    return _play(stage, story, {}, a=configuration)


def _side_by_side(stage: Stage) -> Played:
    """Two workspaces at once, whose objects have different names."""
    return _two_workspaces(stage, ("left", "right"), {})


def _sharing_names(stage: Stage) -> Played:
    """Two workspaces at once, whose objects have the same names, as those of two teams in one sandbox."""
    ignore = stage.generator.random() < 0.5
    return _two_workspaces(stage, ("shared", "shared"), {"AEP_EXISTING_NAMES": "ignore"} if ignore else {})


def _two_workspaces(stage: Stage, prefixes: tuple[str, str], settings: Mapping[str, str]) -> Played:
    generator = stage.generator
    first = random_configuration(generator, prefixes[0], f"{stage.seed}/a", generator.choice(["", "http"]))
    second = replace(first, prefix=prefixes[1], secret_seed=f"{stage.seed}/b")
    # Whoever shares names on purpose gives up the search for orphans of killed commands.
    kills = not settings

    def story(play: Play) -> None:
        for _ in range(generator.choice((1, 2))):
            _together(play, kills=kills)
        if generator.random() < 0.5:
            _step(play, generator.choice(list(play.users.values())), kills=kills)

    return _play(stage, story, settings, a=first, b=second)


def _together(play: Play, *, kills: bool) -> None:
    """Apply in both workspaces at the same time, with faults, and recover one after the other."""
    generator, world = play.generator, play.world
    faults: dict[str, list[Fault]] = {}
    for name, user in play.users.items():
        if user.workspace.ids() and generator.random() < 0.6:
            _change(play, user)
        faults[name] = _faults(play, user, kills=kills)
    before = world.holdings()
    with ThreadPoolExecutor(len(play.users)) as pool:
        running = {name: pool.submit(user.run, APPLY, faults[name]) for name, user in play.users.items()}
        finished = {name: each.result() for name, each in running.items()}
    world.judge(list(finished.values()), before)
    for name, user in play.users.items():
        user.recover(finished[name])


def _step(play: Play, user: User, *, kills: bool = True) -> None:
    """Do one thing with faults, and recover."""
    generator, workspace = play.generator, user.workspace
    addresses = sorted(workspace.ids())
    names = ["apply", "change", "change", "change", "plan file"]
    if addresses:
        names += ["destroy", "taint", "replace", "replace", "deleted outside"]
        names += ["lose state"] if kills else []
    name = generator.choice(names)
    play.trace(f"step: {name}")
    words: tuple[str, ...] = APPLY
    match name:
        case "change":
            _change(play, user)
        case "destroy":
            words = (*APPLY, "-destroy")
        case "taint":
            user.run(["taint", generator.choice(addresses)])
        case "replace":
            words = (*APPLY, f"-replace={generator.choice(addresses)}")
        case "deleted outside":
            _delete_outside(play, user)
        case "lose state":
            play.lose_state(user, generator.choice([1, 2, 99]))
    faults = _faults(play, user, kills=kills)
    if name == "plan file":
        _change(play, user)
        planned = user.command([*PLAN, "-out=saved.plan"])
        words = (*APPLY, "saved.plan") if planned.code == 2 else APPLY
    finished = user.command(words, faults)

    def further() -> list[Fault]:
        return _faults(play, user, kills=kills) if generator.random() < 0.35 else []

    if generator.random() < 0.15 and finished.code != 0:
        _change(play, user)  # the user changes their mind instead of repeating the command
        finished = user.command(APPLY)
    user.recover(finished, further)


def _faults(play: Play, user: User, *, kills: bool) -> list[Fault]:
    workspace = user.workspace
    return random_faults(play.generator, workspace.configuration, kills=kills, is_new=not workspace.ids())


def _change(play: Play, user: User) -> None:
    play.remember_secrets(user.workspace.configuration)
    changed, words = random_change(play.generator, user.workspace.configuration)
    play.trace(f"change: {words}")
    user.write(changed)


def _delete_outside(play: Play, user: User) -> None:
    """Delete a flow, or anything that nothing uses, as a person does in Adobe's web page."""
    live = play.world.live()
    for identifier in sorted(user.workspace.ids().values()):
        if identifier in live and play.world.delete_outside(live[identifier].collection, identifier):
            play.trace(f"a person deletes {identifier}")
            return
