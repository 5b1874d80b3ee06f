"""Prints the table of `make bench`. It never fails a build: these are measurements, not promises."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from tools.bench import emulator, measure, peers
from tools.bench.peers import Peer
from tools.workbench import Workbench

_REPO = Path(__file__).resolve().parents[2]
_RESOURCES = 100
_STARTS = 21
_PLANS = 5


def main() -> None:
    """Measure start-up and planning of both providers in turn, then the emulator by itself."""
    bench = Workbench(_REPO / ".cache" / "bench", _REPO)
    # The state of the last run would be taken for a foreign one by a new emulator file, and the other way.
    for leftover in ("plans", "flow-service.sqlite", "flow-service.sqlite-wal", "flow-service.sqlite-shm"):
        path = bench.folder / leftover
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    bench.write_cli_config()
    bench.environment["HOME"] = str(bench.folder / "home")  # the toy's library caches its TLS key in it
    print(
        f"Measuring: Python {peers.python_version()}, {platform.machine()}, two providers in turn.",
        flush=True,
    )
    both = [peers.ours(bench.mirror), peers.toy(bench.mirror, bench.folder)]
    _print("start to handshake line", _starts(bench, both), both)
    applied = {peer.name: _applied(bench, peer) for peer in both}
    _print(f"plan of {_RESOURCES} new resources", _plans(bench, both, applied, new=True), both)
    _print(f"plan of {_RESOURCES} unchanged resources", _plans(bench, both, applied, new=False), both)
    print("The toy's resources are read without any request; ours are read from the embedded emulator.")
    emulator.show(bench.folder)


def _starts(bench: Workbench, both: list[Peer]) -> dict[str, list[float]]:
    certificate = measure.client_certificate()
    subjects = {
        peer.name: partial(measure.handshake, peer.executable, bench.environment, certificate)
        for peer in both
    }
    return measure.in_turns(subjects, _STARTS)


def _applied(bench: Workbench, peer: Peer) -> dict[bool, Path]:
    """Two folders for each peer, distinguished by whether the resources exist already."""
    folders = {}
    for new in (True, False):
        folder = bench.folder / "plans" / f"{peer.resource.split('_')[0].split(chr(34))[1]}-{new}"
        folder.mkdir(parents=True)
        (folder / "main.tf").write_text(peer.configuration(_RESOURCES), encoding="utf-8")
        bench.terraform(["init"], folder)
        if not new:
            bench.terraform(["apply", "-auto-approve"], folder)
        folders[new] = folder
    return folders


def _plans(
    bench: Workbench, both: list[Peer], folders: dict[str, dict[bool, Path]], *, new: bool
) -> dict[str, list[float]]:
    def plan(peer: Peer) -> Callable[[], float]:
        return partial(
            measure.command,
            ["terraform", "plan", "-detailed-exitcode"],
            folders[peer.name][new],
            bench.environment,
            expected=2 if new else 0,
        )

    return measure.in_turns({peer.name: plan(peer) for peer in both}, _PLANS)


def _print(title: str, taken: dict[str, list[float]], both: list[Peer]) -> None:
    base = median(taken[both[-1].name])
    print(f"\n{title}")
    for peer in both:
        times = taken[peer.name]
        print(
            f"  {peer.name:<18} median {median(times) * 1000:7.1f} ms   fastest {min(times) * 1000:7.1f} ms"
            f"   ratio to the toy {median(times) / base:5.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
