"""`make campaign`: random applies with faults, judged by an oracle, with a table of counts at the end."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.campaign import campaign
from tests.campaign.world import install
from tests.preload.provider import preloaded_provider

REPO = Path(__file__).parents[2]


def main() -> int:
    """Run a campaign, print its table, and return 1 if anything occurred that must not."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--applies", type=int, default=1000, help="end after so many applies")
    parser.add_argument("--minutes", type=float, default=60, help="end after so many minutes")
    parser.add_argument("--seed", type=int, default=1, help="what all random choices follow from")
    parser.add_argument("--only", help="a script's name or a scenario's number: play it, and print each step")
    parser.add_argument("--workers", type=int, default=2, help="number of scenarios at once")
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder, preloaded_provider() as variables:
        installation = install(Path(folder), REPO, variables)
        if options.only is not None:
            counts, _ = campaign.play(
                installation, Path(folder), options.seed, options.only, trace=_print, print_line=_print
            )
        else:
            limits = campaign.Limits(options.applies, options.minutes)
            counts = campaign.run(
                installation,
                Path(folder),
                options.seed,
                limits,
                workers=options.workers,
                print_line=_print,
            )
    print(counts.table())
    print(f"\nseed {options.seed}, {counts.applies} applies, {(time.monotonic() - started) / 60:.1f} minutes")
    return 1 if counts.forbidden or not counts.applies else 0


def _print(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
