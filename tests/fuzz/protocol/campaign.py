"""Sends messages to a provider, and records what must never happen."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grpclib.const import Status
from grpclib.exceptions import GRPCError

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from tests.fuzz.protocol.messages import Message, message
from tests.fuzz.protocol.provider_process import ProviderProcess, provider_process
from tests.fuzz.protocol.values import CANARY

BATCH = 2_000
"""Number of messages for one process and one emulator, whose objects would become ever more."""
MAX_CPU_SECONDS = 5.0
"""CPU time of the process for one message. It does not depend on what else the machine does."""
PATIENCE = 1.0
"""Seconds after which an RPC that waits for the emulator is stopped, as Ctrl-C does."""
HANGS_AFTER = 60.0
"""Seconds without an answer, also to StopProvider, after which the process hangs."""

Print = Callable[[str], None]


@dataclass
class Counts:
    """What was sent, what came back, and the findings by their kinds."""

    seed: int
    sent: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[tuple[int, str, str, str]] = field(default_factory=list)
    slowest: tuple[float, int, str] = (0.0, 0, "")

    def find(self, number: int, rpc: str, kind: str, detail: str) -> None:
        """Record a finding."""
        self.findings.append((number, rpc, kind, detail))

    def table(self) -> str:
        """The counts for each RPC, and each kind of finding with the commands that repeat it."""
        columns = ("ok", "error", "unimplemented", "stopped", "garbage", "finding")
        lines = [f"{'RPC':34}{'sent':>8}" + "".join(f"{each:>15}" for each in columns)]
        lines += [
            f"{rpc:34}{count:8}" + "".join(f"{self.outcomes[rpc, each]:15}" for each in columns)
            for rpc, count in sorted(self.sent.items())
        ]
        seconds, number, rpc = self.slowest
        lines.append(
            f"\n{sum(self.sent.values())} messages; the slowest: {number} ({rpc}), {seconds:.2f} s of CPU"
        )
        kinds = Counter(kind for _, _, kind, _ in self.findings)
        lines += [f"{count:6} {kind}" for kind, count in kinds.most_common()] or ["no finding"]
        return "\n".join(lines)


async def run(seed: int, numbers: range, print_line: Print = print) -> Counts:
    """Send the messages of these numbers, in batches with a process each."""
    counts = Counts(seed)
    start = numbers.start
    while start < numbers.stop:
        stop = min(start - start % BATCH + BATCH, numbers.stop)
        start = await _run_batch(counts, range(start, stop), print_line)
    return counts


async def _run_batch(counts: Counts, numbers: range, print_line: Print) -> int:
    """Send a batch. Returns the number of the next message, which is earlier than its end after a death."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        async with provider_process(Path(folder)) as provider:
            check_log(counts, numbers.start, "(preparation)", provider.new_log())
            for number in numbers:
                found = len(counts.findings)
                await _send(counts, provider, number)
                for _, rpc, kind, detail in counts.findings[found:]:
                    print_line(f"message {number} ({rpc}): {kind}: {detail[:2_000]}")
                    print_line(f"  python -m tests.fuzz.protocol --seed {counts.seed} --only {number}")
                if not provider.is_alive or any(kind == "hang" for *_, kind, _ in counts.findings[found:]):
                    return number + 1
    return numbers.stop


async def _send(counts: Counts, provider: ProviderProcess, number: int) -> None:
    sent = message(counts.seed, number, provider.schema, provider.objects)
    counts.sent[sent.rpc] += 1
    before = provider.cpu_seconds()
    found = len(counts.findings)
    outcome = await _outcome(counts, provider, number, sent)
    if provider.is_alive:
        _check_time(counts, number, sent, provider.cpu_seconds() - before)
    elif len(counts.findings) == found:  # else it was aborted because it hung
        counts.find(number, sent.rpc, "death", f"exit code {provider.process.returncode}")
    check_log(counts, number, sent.rpc, provider.new_log())
    counts.outcomes[sent.rpc, outcome] += 1
    if len(counts.findings) > found:
        counts.outcomes[sent.rpc, "finding"] += 1
    if provider.is_alive and (outcome == "stopped" or sent.rpc in ("ConfigureProvider", "StopProvider")):
        await provider.configure()


def _check_time(counts: Counts, number: int, sent: Message, seconds: float) -> None:
    counts.slowest = max(counts.slowest, (seconds, number, sent.rpc))
    if seconds > MAX_CPU_SECONDS:
        counts.find(number, sent.rpc, "slow", f"{seconds:.1f} s of CPU")


async def _outcome(counts: Counts, provider: ProviderProcess, number: int, sent: Message) -> str:
    """Send a message, check the answer, and return its kind for the table."""
    streams = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name[sent.rpc].client_streaming
    request = [sent.request] if streams else sent.request
    call = asyncio.ensure_future(getattr(provider.stub, sent.rpc)(request))
    try:
        answer, stopped = await _answer(provider, call)
    except GRPCError as error:
        if error.status is Status.UNIMPLEMENTED:
            return "unimplemented"
        if not sent.is_decodable:
            return "garbage"
        counts.find(number, sent.rpc, "status", f"{error.status.name}: {error.message}")
        return "error"
    except TimeoutError:
        stack = provider.abort()
        counts.find(
            number, sent.rpc, "hang", f"no answer for {HANGS_AFTER:.0f} s, nor to StopProvider\n{stack}"
        )
        return "error"
    except OSError as error:
        counts.find(number, sent.rpc, "connection", repr(error))
        return "error"
    texts = [*_texts(answer)]
    for text in texts:
        check_text(counts, number, sent.rpc, text)
    return "stopped" if stopped else "error" if texts else "ok"


async def _answer(provider: ProviderProcess, call: asyncio.Future[Any]) -> tuple[Any, bool]:
    """Wait for the answer. An RPC that waits is stopped, and must then answer soon."""
    with contextlib.suppress(TimeoutError):
        return await asyncio.wait_for(asyncio.shield(call), PATIENCE), False
    async with asyncio.timeout(HANGS_AFTER):
        await provider.stub.StopProvider(pb.StopProvider.Request())
        return await call, True


def _texts(answer: Any) -> Iterator[str]:
    """The texts of all diagnostics and errors in a response, or in the events of a stream."""
    for each in answer if isinstance(answer, list) else [answer]:
        for holder in (each, getattr(each, "completed", None)):
            for diagnostic in (
                *getattr(holder, "diagnostics", ()),
                *getattr(holder, "diagnostic", ()),
            ):
                yield f"{diagnostic.summary}: {diagnostic.detail}"
        if getattr(each, "Error", ""):
            yield each.Error
        if isinstance(each, pb.CallFunction.Response) and each.error.text:
            yield each.error.text


def check_text(counts: Counts, number: int, rpc: str, text: str) -> None:
    """Check the text of a diagnostic."""
    if "nternal error" in text or "Traceback" in text:
        counts.find(number, rpc, "internal error", text)
    if CANARY in text.upper():
        counts.find(number, rpc, "secret in a diagnostic", text)


def check_log(counts: Counts, number: int, rpc: str, log: str) -> None:
    """Check what the process wrote: lines of JSON without an error, a traceback or a secret."""
    if CANARY in log.upper():
        line = next(line for line in log.splitlines() if CANARY in line.upper())
        counts.find(number, rpc, "secret in the log", line)
    for line in log.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            counts.find(number, rpc, "traceback in the log", line)
            return
        if entry["@level"] == "error" and entry["@module"] != "grpclib.server":  # about undecodable messages
            counts.find(number, rpc, "error in the log", line)


def timed(seed: int, numbers: range, print_line: Print = print) -> tuple[Counts, float]:
    """Run the messages in an event loop of their own. Returns the counts and the seconds."""
    start = time.monotonic()
    return asyncio.run(run(seed, numbers, print_line)), time.monotonic() - start
