"""A sandbox that does not exist: the sandboxes that do are listed once, in one of the errors."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import ReadResourceRequest
from provider_shim.schema.diagnostics import Diagnostic
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    error_response,
    run_on_emulator,
    run_with_responses,
)

LISTED = "The credential can see these sandboxes:"
SHORT = "The first error of this kind lists the sandboxes that exist."


def assert_listed_once(diagnostics: list[Diagnostic], names: str) -> None:
    """Assert that all are the error about the sandbox, and that one of them lists these names."""
    assert {each.summary for each in diagnostics} == {"The sandbox does not exist"}
    assert [each.detail.count(f"{LISTED} {names}") for each in diagnostics].count(1) == 1
    assert len([each for each in diagnostics if SHORT in each.detail]) == len(diagnostics) - 1


def test_creates_list_the_sandboxes_once(tmp_path: Path) -> None:
    """Three creates in a sandbox that does not exist are three errors, of which one lists the sandboxes."""

    async def steps(provider: AepProvider) -> None:
        found: list[Diagnostic] = []
        for number in range(3):
            terraform = Terraform(provider, "aep_source_connection")
            config = samples.source_config(name=f"source {number}")
            found += (await terraform.send(config, await terraform.plan(config))).diagnostics
        assert len(found) == 3
        assert_listed_once(found, "dev, prod")

    run_on_emulator(tmp_path, steps, AEP_SANDBOX_NAME="no-such-sandbox")


@pytest.mark.parametrize(
    ("sandboxes", "names"),
    [
        (httpx.Response(200, json={"sandboxes": [{"name": "prod"}, {"name": "acme"}]}), "acme, prod"),
        (error_response(403, "FLOW-2118-403"), None),
        (httpx.Response(200, text="?"), None),
    ],
)
def test_a_refresh_lists_the_sandboxes_once(sandboxes: httpx.Response, names: str | None) -> None:
    """Reads at the same time list once. If that fails, each error has the general advice."""

    def respond(request: httpx.Request) -> httpx.Response:
        missing = error_response(404, "FLOW-2100-404", "Sandbox does not exist")
        return sandboxes if request.url.path.endswith("/sandboxes") else missing

    async def steps(provider: AepProvider) -> None:
        state: dict[str, Any] = samples.source_config(id=samples.SOURCE_ID)
        request = ReadResourceRequest(type_name="aep_source_connection", current_state=state)
        responses = await asyncio.gather(*(provider.read_resource(request) for _ in range(4)))
        diagnostics = [each for response in responses for each in response.diagnostics]
        assert [response.new_state for response in responses] == [state] * 4
        if names is None:
            assert all("Check sandbox_name" in each.detail for each in diagnostics)
        else:
            assert_listed_once(diagnostics, names)

    requests = run_with_responses(respond, steps, lists=respond, max_retries=0)

    assert len([each for each in requests if each.url.path.endswith("/sandboxes")]) == 1
