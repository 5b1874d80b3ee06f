"""Running a flow at once: the phase in which a new flow is not ready, one run at a time, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from provider_shim.client.entities import Collection, JsonObject
from provider_shim.client.errors import NotFound, NotReady, OutcomeUnknown, RunInProgress
from provider_shim.lifecycle.data_sources import flow_runs
from provider_shim.lifecycle.session.operation_errors import (
    EXPECTED_ERRORS,
    ExpectedError,
    Operation,
    to_diagnostic,
)
from provider_shim.lifecycle.session.session import Session
from provider_shim.resources.managed.flow import FLOW
from provider_shim.resources.managed.source_connection import SOURCE_CONNECTION
from provider_shim.schema import json_mapping
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import ROOT, path
from provider_shim.schema.values import Value

_RETRY_INTERVALS = 15
"""Poll intervals between two tries of what takes minutes: half a minute unless a test says otherwise."""

_FULL_INTERVAL_ATTEMPT = 10
"""A count of looks after which `Session.wait` waits for a whole poll interval."""

_ENDED = {"success", "partial", "failed"}

_Answer = TypeVar("_Answer")
ReportProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ids of the runs, in the order of their datasets' ids, and what went wrong.

    Adobe does not say whether datasets share a run: an id that comes for several stands here once.
    """

    run_ids: tuple[str, ...]
    diagnostics: list[Diagnostic]


async def run(
    session: Session,
    flow_id: str,
    dataset_ids: Sequence[str] | None,
    *,
    wait_for_completion: bool,
    timeout: float,
    report: ReportProgress,
) -> Outcome:
    """Start the runs and perhaps wait for their ends.

    `timeout` is seconds in all; `report` hears of every step.
    """
    started: tuple[str, ...] = ()
    last_refusal: list[Exception] = []
    try:
        async with asyncio.timeout(timeout):
            chosen = dataset_ids or await _datasets_of(session, flow_id)
            runs = await _patiently(
                session, lambda: session.service.run_now(flow_id, chosen), report, last_refusal
            )
            started = tuple(dict.fromkeys(runs[each] for each in sorted(runs)))
            report(f"Started: {', '.join(f'run {each}' for each in started)}.")
            if not wait_for_completion:
                return Outcome(started, [])
            return Outcome(started, await _ends(session, flow_id, started, report))
    except EXPECTED_ERRORS as problem:
        return Outcome(started, [_explained(problem, flow_id, started, last_refusal)])


def _explained(
    problem: ExpectedError, flow_id: str, started: tuple[str, ...], last_refusal: list[Exception]
) -> Diagnostic:
    if started:
        about = Operation("wait for", f"the end of {_named(started)} of the flow {flow_id}, which go on")
        return to_diagnostic(problem, about)
    place = path("flow_id") if isinstance(problem, NotFound) else ROOT
    hint = f"Flow Service's last answer was: {last_refusal[-1]}" if last_refusal else ""
    if isinstance(problem, OutcomeUnknown):
        hint = "The run may have begun all the same: look at the flow's runs (aep_flow_runs) first."
    return to_diagnostic(problem, Operation("run", f"the flow {flow_id}", hint), place=place)


async def _datasets_of(session: Session, flow_id: str) -> list[str]:
    flow = await session.refresh(FLOW, flow_id)
    sources = flow.body.get("sourceConnectionIds")
    if not isinstance(sources, list) or len(sources) != 1:
        raise json_mapping.UnexpectedResponse(
            path("flow_id"), "the flow does not have exactly one source connection"
        )
    source = await session.refresh(SOURCE_CONNECTION, str(sources[0]))
    datasets = json_mapping.get(source.body, "params.datasets")
    ids = [each.get("dataSetId") for each in datasets or [] if isinstance(each, dict)]
    if not ids or not all(isinstance(each, str) for each in ids):
        raise json_mapping.UnexpectedResponse(
            path("flow_id"), "the flow's source connection names no datasets"
        )
    return sorted(str(each) for each in ids)


async def _patiently(
    session: Session,
    call: Callable[[], Awaitable[_Answer]],
    report: ReportProgress,
    refusals: list[Exception],
) -> _Answer:
    while True:
        try:
            return await call()
        except NotReady as refusal:
            report("The flow is too new to be run on request, which can take ten minutes; waiting.")
            refusals.append(refusal)
        except RunInProgress as refusal:
            report("Another run of the flow is under way; waiting.")
            refusals.append(refusal)
        await _long_wait(session)


async def _long_wait(session: Session) -> None:
    for _ in range(_RETRY_INTERVALS):
        await session.wait(_FULL_INTERVAL_ATTEMPT)


async def _ends(
    session: Session, flow_id: str, run_ids: tuple[str, ...], report: ReportProgress
) -> list[Diagnostic]:
    """Wait for all runs; what is wrong with those that did not succeed."""
    problems = []
    for identifier in run_ids:
        run = await _ended(session, identifier)
        report(f"Run {identifier} has ended: {run['status']}.")
        if run["status"] != "success":
            problems.append(_failed(flow_id, run))
    return problems


async def _ended(session: Session, identifier: str) -> Value:
    attempt = 0
    while True:
        body = await _read_run(session, identifier)
        if body is not None:
            run = flow_runs.to_state(body)
            if run["status"] in _ENDED or (run["status"] == "unknown" and run["completed_at"] is not None):
                return run
        await session.wait(attempt)
        attempt += 1


async def _read_run(session: Session, identifier: str) -> JsonObject | None:
    """A run that was just started may not be there yet."""
    try:
        return (await session.service.read(Collection.RUNS, identifier)).body
    except NotFound:
        return None


def _failed(flow_id: str, run: Value) -> Diagnostic:
    reasons = "; ".join(
        ": ".join(part for part in (each["code"], each["message"]) if part) for each in run["errors"]
    )
    return error(
        "The run did not succeed",
        f"The run {run['id']} of the flow {flow_id} ended with the status {run['status']}: "
        f"{reasons or 'Flow Service gives no reason'}. Mend the cause, and run it again.",
    )


def _named(run_ids: tuple[str, ...]) -> str:
    return f"the run{'s' if len(run_ids) > 1 else ''} {', '.join(run_ids)}"
