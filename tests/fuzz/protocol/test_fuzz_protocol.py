"""A short run of the fuzzer in `make test`, and the fuzzer's own promises."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.fuzz.protocol.campaign import Counts, check_log, check_text, timed
from tests.fuzz.protocol.messages import RPCS, message
from tests.fuzz.protocol.provider_process import provider_process
from tests.fuzz.protocol.values import CANARY

SEED = 9
MESSAGES = 600


@pytest.mark.slow
def test_no_message_freezes_or_confuses_the_provider() -> None:
    """The process lives and answers, with OK or UNIMPLEMENTED, without an internal error or a secret."""
    counts, _ = timed(SEED, range(MESSAGES))

    assert counts.findings == []
    assert sum(counts.sent.values()) == MESSAGES
    assert {*counts.sent} == {*RPCS}
    assert sum(counts.outcomes[rpc, "ok"] for rpc in RPCS) > MESSAGES / 5
    assert sum(counts.outcomes[rpc, "error"] for rpc in RPCS) > MESSAGES / 5


@pytest.mark.slow
def test_a_message_follows_from_its_seed_and_number(tmp_path: Path) -> None:
    """The same numbers give the same messages to another process, which is what repeats a finding.

    Only the ids and private data of the objects differ, which have the same lengths.
    """

    async def built(folder: Path) -> list[tuple[str, int]]:
        async with provider_process(folder) as provider:
            schema, objects = provider.schema, provider.objects
            messages = [message(1, each, schema, objects) for each in range(300)]
        return [(each.rpc, each.size) for each in messages]

    folders = tmp_path / "a", tmp_path / "b"
    for folder in folders:
        folder.mkdir()
    first, second = (asyncio.run(built(folder)) for folder in folders)

    assert first == second
    assert len({*first}) > 150
    assert max(size for _, size in first) < 20_000_000


def found(counts: Counts) -> list[str]:
    """The kinds of the findings."""
    return [kind for _, _, kind, _ in counts.findings]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Invalid name: name must not be empty.", []),
        ("Internal error in the provider (please report): x", ["internal error"]),
        ("Traceback (most recent call last)", ["internal error"]),
        (f"It is {CANARY.lower()}-password", ["secret in a diagnostic"]),
    ],
)
def test_a_diagnostic_is_judged_by_its_text(text: str, kinds: list[str]) -> None:
    """An internal error, a traceback and a secret are findings."""
    counts = Counts(1)
    check_text(counts, 0, "ReadResource", text)

    assert found(counts) == kinds


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (json.dumps({"@level": "debug", "@module": "provider_shim", "@message": "x"}), []),
        (json.dumps({"@level": "error", "@module": "provider_shim", "@message": "x"}), ["error in the log"]),
        (json.dumps({"@level": "debug", "@module": "x", "@message": f"a {CANARY}"}), ["secret in the log"]),
        ("Traceback (most recent call last):", ["traceback in the log"]),
    ],
)
def test_the_log_is_judged_line_by_line(line: str, kinds: list[str]) -> None:
    """What is no line of JSON, an error and a secret are findings."""
    counts = Counts(1)
    check_log(counts, 0, "ReadResource", line + "\n")

    assert found(counts) == kinds


def test_the_table_repeats_a_finding() -> None:
    """The kinds of the findings are counted below the table of the RPCs."""
    counts = Counts(1)
    counts.sent["ReadResource"] += 1
    counts.find(0, "ReadResource", "hang", "no answer")

    assert "     1 hang" in counts.table()
    assert "no finding" not in counts.table()
