"""A whole campaign: the fixed scenarios, then random ones, until the applies or the minutes are used up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from tests.campaign.commands import listed_orphans
from tests.campaign.findings import Counts, Finding
from tests.campaign.play import Stage, Trace
from tests.campaign.scenario import play_random
from tests.campaign.scripts import SCRIPTS
from tests.campaign.world import Installation


@dataclass(frozen=True, slots=True)
class Limits:
    """When a campaign ends: after so many applies, or after so many minutes."""

    applies: int
    minutes: float


def run(
    installation: Installation,
    folder: Path,
    seed: int,
    limits: Limits,
    *,
    workers: int = 1,
    print_line: Callable[[str], None] = print,
) -> Counts:
    """Play all scripts and then the random scenarios 0, 1, 2, ... of this seed, and return all counts.

    Ctrl-C ends it after the scenarios in progress.
    """
    counts = Counts()
    lock = threading.Lock()
    stopped = threading.Event()
    deadline = time.monotonic() + limits.minutes * 60
    names: Iterator[str] = chain(SCRIPTS, map(str, count()))

    def work() -> None:
        while True:
            with lock:
                if stopped.is_set() or counts.applies >= limits.applies or time.monotonic() > deadline:
                    return
                name = next(names)
            played, found = play(installation, folder, seed, name, print_line=print_line)
            with lock:
                counts.add(played)
                print_line(f"{name}: {played.applies} applies, {len(found)} findings")

    with ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(work) for _ in range(workers)]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
        except KeyboardInterrupt:
            print_line("The campaign ends after the scenarios in progress.")
        finally:
            stopped.set()
        for each in running:
            each.result()
    return counts


def play(
    installation: Installation,
    folder: Path,
    seed: int,
    name: str,
    *,
    trace: Trace = lambda _line: None,
    print_line: Callable[[str], None] = print,
) -> tuple[Counts, list[Finding]]:
    """Play a script by its name, or a random scenario by its number, and print what was found."""
    stage = Stage(installation, folder / f"scenario-{name}", f"{seed}/{name}", trace, listed_orphans)
    replay = f"make campaign SEED={seed} ONLY={name}"
    try:
        if name in SCRIPTS:
            script = SCRIPTS[name]
            counts, found = stage.play(script.configurations, script.story, script.settings)
        else:
            counts, found = play_random(stage)
    except BaseException:
        print_line(f"scenario {name} could not be played; repeat it with: {replay}")
        raise
    counts.failures += [f"{each.kind}: {each.subject}: {each.text}\n    {replay}" for each in found]
    for line in counts.failures:
        print_line(line)
    return counts, found
