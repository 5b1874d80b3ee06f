"""A run on request: waits until the flow is ready and has no other run, starts it, and awaits its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from provider_shim.client.entities import Collection, JsonObject
from provider_shim.client.errors import NotFound, NotReady, OutcomeUnknown, RunInProgress
from provider_shim.lifecycle.data_sources import flow_runs
from provider_shim.lifecycle.flow_run.caller import Caller
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
"""Poll intervals between two attempts to start a run, which may take minutes: half a minute outside tests."""

_FULL_INTERVAL_ATTEMPT = 10
"""Number of an attempt at which `Session.wait` sleeps for a whole poll interval."""

_ENDED = {"success", "partial", "failed"}

_Result = TypeVar("_Result")
ReportProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ids of the runs, in the order of their datasets' ids, and the errors.

    Adobe does not document whether datasets share a run, so an id that is returned for several datasets is
    in `run_ids` once.
    """

    run_ids: tuple[str, ...]
    diagnostics: list[Diagnostic]


@dataclass(slots=True)
class Attempts:
    """The attempts to start runs.

    Attributes:
        last_rejection: Error of the last attempt that Flow Service has rejected.
        in_flight: True while a request has no response yet.
    """

    last_rejection: Exception | None = None
    in_flight: bool = False


async def run(
    session: Session,
    flow_id: str,
    dataset_ids: Sequence[str] | None,
    *,
    wait_for_completion: bool,
    time_limit: float,
    report: ReportProgress,
    caller: Caller,
) -> Outcome:
    """Start the runs, and wait until they have ended if `wait_for_completion` is true.

    Args:
        session: Session with Flow Service.
        flow_id: Id of the flow, which must be enabled.
        dataset_ids: Ids of the datasets to export; all datasets of the flow if there are none.
        wait_for_completion: Wait until all runs have ended.
        time_limit: Seconds for the whole operation.
        report: Is called with a sentence for each step.
        caller: What Terraform runs the flow with.
    """
    started: tuple[str, ...] = ()
    attempts = Attempts()
    try:
        async with asyncio.timeout(time_limit):
            exported = dataset_ids or await _datasets_of(session, flow_id)
            runs = await _start_when_ready(
                session, lambda: session.service.run_now(flow_id, exported), report, attempts
            )
            started = tuple(dict.fromkeys(runs[each] for each in sorted(runs)))
            report(f"Started: {', '.join(f'run {each}' for each in started)}.")
            if not wait_for_completion:
                return Outcome(started, [])
            return Outcome(started, await _await_ends(session, flow_id, started, report))
    except EXPECTED_ERRORS as problem:
        return Outcome(started, [run_diagnostic(problem, flow_id, started, attempts, caller)])


def run_diagnostic(
    problem: ExpectedError, flow_id: str, started: tuple[str, ...], attempts: Attempts, caller: Caller
) -> Diagnostic:
    """Return the error for an exception of a run. `started` has the ids of the runs that were started."""
    if started:
        noun = f"the end of {_list_runs(started)} of the flow {flow_id} (still running)"
        return to_diagnostic(
            problem,
            Operation("wait for", noun, time_limit=caller.time_limit, after_timeout=caller.started),
        )
    attribute_path = path("flow_id") if isinstance(problem, NotFound) else ROOT
    hints = []
    if attempts.last_rejection is not None:
        hints.append(f"Flow Service's last response was: {attempts.last_rejection}")
    in_doubt = isinstance(problem, OutcomeUnknown) or (
        isinstance(problem, TimeoutError) and attempts.in_flight
    )
    if in_doubt:
        hints.append("The run may have started nevertheless: check the flow's runs (aep_flow_runs) first.")
    after_timeout = caller.not_started if in_doubt else f"No run was started. {caller.not_started}"
    about = Operation(
        "run",
        f"the flow {flow_id}",
        "\n\n".join(hints),
        time_limit=caller.time_limit,
        after_timeout=after_timeout,
    )
    return to_diagnostic(problem, about, attribute_path=attribute_path)


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
        raise json_mapping.UnexpectedResponse(path("flow_id"), "the flow's source connection has no datasets")
    return sorted(str(each) for each in ids)


async def _start_when_ready(
    session: Session, start: Callable[[], Awaitable[_Result]], report: ReportProgress, attempts: Attempts
) -> _Result:
    """Repeat the request until the flow is ready and has no other run."""
    while True:
        try:
            attempts.in_flight = True
            return await start()
        except NotReady as rejection:
            report("The flow is too new to be run on request, which can take ten minutes; waiting.")
            attempts.last_rejection = rejection
        except RunInProgress as rejection:
            report("Another run of the flow is in progress; waiting.")
            attempts.last_rejection = rejection
        attempts.in_flight = False
        await _wait_for_retry(session)


async def _wait_for_retry(session: Session) -> None:
    for _ in range(_RETRY_INTERVALS):
        await session.wait(_FULL_INTERVAL_ATTEMPT)


async def _await_ends(
    session: Session, flow_id: str, run_ids: tuple[str, ...], report: ReportProgress
) -> list[Diagnostic]:
    """Wait for the end of all runs. Returns an error for each run that did not succeed."""
    problems = []
    for identifier in run_ids:
        run = await _await_end(session, identifier)
        report(f"Run {identifier} has ended: {run['status']}.")
        if run["status"] != "success":
            problems.append(_failed_run(flow_id, run))
    return problems


async def _await_end(session: Session, identifier: str) -> Value:
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
    """Return a run, or `None` if it does not exist yet because it was started just now."""
    try:
        return (await session.service.read(Collection.RUNS, identifier)).body
    except NotFound:
        return None


def _failed_run(flow_id: str, run: Value) -> Diagnostic:
    reasons = "; ".join(
        ": ".join(part for part in (each["code"], each["message"]) if part) for each in run["errors"]
    )
    return error(
        "The run did not succeed",
        f"The run {run['id']} of the flow {flow_id} ended with the status {run['status']}: "
        f"{reasons or 'Flow Service gives no reason'}. Fix the cause, and run it again.",
    )


def _list_runs(run_ids: tuple[str, ...]) -> str:
    return f"the run{'s' if len(run_ids) > 1 else ''} {', '.join(run_ids)}"
