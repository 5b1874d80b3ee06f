"""The messages of failed operations: each sentence appears once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.http import transport_errors
from provider_shim.lifecycle.flow_run.caller import ACTION, TRIGGER
from provider_shim.lifecycle.flow_run.run import Attempts, run_diagnostic
from provider_shim.lifecycle.session.cancellation import Cancelled
from provider_shim.lifecycle.session.operation_errors import (
    ExpectedError,
    Operation,
    as_warning,
    operation_on,
    reading,
    to_diagnostic,
)
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.json_mapping import UnexpectedResponse
from provider_shim.schema.paths import path
from tests.unit import samples

FLOW = CATALOGUE.resources["aep_flow"]
RUNS = ("77777777-7777-4777-8777-777777777777",)


def error_classes(base: type[errors.FlowServiceError]) -> Iterator[type[errors.FlowServiceError]]:
    """Yield the class and all its subclasses."""
    yield base
    for each in base.__subclasses__():
        yield from error_classes(each)


def all_errors() -> Iterator[ExpectedError]:
    """Yield an error of each class and of each kind that the transport has."""
    yield TimeoutError()
    yield Cancelled()
    yield UnexpectedResponse(path("schedule", "interval"), "a number was expected, not 'often'")
    for each in error_classes(errors.FlowServiceError):
        yield from (_with_facts(each("The service gives a reason.")), each("a reason without a full stop"))
    for exception in (TimeoutError(), *map(_example, transport_errors.ERROR_CLASSES)):
        yield transport_errors.to_error(
            exception,
            host="platform.adobe.io",
            deadline=60,
            method="GET",
            path="/flows",
            request_id="r-1",
            scrub=str,
        )


def _with_facts(error: errors.FlowServiceError) -> errors.FlowServiceError:
    error.status, error.code, error.request_id = 400, "1455", "r-1"
    error.method, error.path = "POST", "/flows"
    return error


def _example(kind: type[Exception]) -> Exception:
    if kind is httpx.HTTPStatusError:
        request = httpx.Request("GET", "https://platform.adobe.io")
        return httpx.HTTPStatusError("example", request=request, response=httpx.Response(500))
    return kind("example")


OPERATIONS = [
    operation_on("create", FLOW, samples.flow_config()),
    operation_on("delete", FLOW, samples.flow_config(id=samples.FLOW_ID)),
    reading("look up", "aep_datasets"),
    Operation("create", 'the flow "orders"', "It may have been created, but a search did not find it."),
]


def all_messages() -> Iterator[Diagnostic]:
    """Yield the message of each error of each operation, also of runs on request."""
    for problem in all_errors():
        for about in OPERATIONS:
            diagnostic = to_diagnostic(problem, about)
            yield diagnostic
            yield as_warning(diagnostic, "It was created; the next plan reads it again.")
        for caller in (ACTION, TRIGGER):
            for started in ((), RUNS):
                for attempts in (
                    Attempts(),
                    Attempts(in_flight=True),
                    Attempts(last_rejection=errors.NotReady("The flow is too new.")),
                ):
                    yield run_diagnostic(problem, samples.FLOW_ID, started, attempts, caller)


def sentences(diagnostic: Diagnostic) -> list[str]:
    """Return the sentences and clauses of a message, and its summary."""
    parts = re.split(r"(?<=[.;:])\s+|\n+", f"{diagnostic.summary}.\n{diagnostic.detail}")
    return [each.strip().rstrip(".;:").casefold() for each in parts if each.strip()]


MESSAGES = list(dict.fromkeys(all_messages()))


def test_there_are_many_messages() -> None:
    """The table has all classes of errors."""
    assert len(MESSAGES) > 300


@pytest.mark.parametrize("message", MESSAGES, ids=range(len(MESSAGES)))
def test_no_sentence_appears_twice(message: Diagnostic) -> None:
    """Neither a sentence nor a clause of a message is repeated in it."""
    found = sentences(message)

    assert sorted({each for each in found if found.count(each) > 1}) == []
