"""Fuzzes a served emulator, and prints a table of what came back."""

from __future__ import annotations

import argparse
import sys

from tests.fuzz.emulator.campaign import timed


def main() -> int:
    """Send requests, print the table, and return 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.emulator", description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000, help="number of requests")
    parser.add_argument("--seed", type=int, default=1, help="what all random choices follow from")
    parser.add_argument("--first", type=int, default=0, help="number of the first request")
    parser.add_argument("--only", type=int, help="repeat the episode of this request up to it, and print it")
    options = parser.parse_args()
    numbers = range(options.first, options.requests)
    if options.only is not None:
        numbers = range(options.only, options.only + 1)
    counts, seconds = timed(options.seed, numbers, _print, trace=options.only is not None)
    print(counts.table())
    print(f"seed {options.seed}, {seconds / 60:.1f} minutes")
    return 1 if counts.findings or not counts.sent else 0


def _print(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
