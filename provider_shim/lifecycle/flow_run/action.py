"""The action `aep_flow_run`, for Terraform 1.14 and later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from provider_shim.lifecycle.flow_run import run
from provider_shim.lifecycle.flow_run.caller import ACTION
from provider_shim.lifecycle.provider_api import Completed, Progress
from provider_shim.lifecycle.session.session import Session
from provider_shim.resources.flow_run import DEFAULT_TIMEOUT
from provider_shim.schema.scalars import durations
from provider_shim.schema.values import Value


async def invoke(session: Session, config: Value) -> AsyncIterator[Progress | Completed]:
    """Run a flow. Yields the progress, and at last `Completed`."""
    steps: asyncio.Queue[str | None] = asyncio.Queue()
    running = asyncio.create_task(
        run.run(
            session,
            config["flow_id"],
            config["dataset_ids"],
            wait_for_completion=bool(config["wait_for_completion"]),
            time_limit=DEFAULT_TIMEOUT if config["timeout"] is None else durations.parse(config["timeout"]),
            report=steps.put_nowait,
            caller=ACTION,
        )
    )
    running.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while (step := await steps.get()) is not None:
            yield Progress(message=step)
        yield Completed(diagnostics=(await running).diagnostics)
    finally:
        running.cancel()  # if the caller has stopped reading events
