"""The provider as the process composes it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    PlanResourceChangeRequest,
    ReadResourceRequest,
)
from provider_shim.main import make_provider
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import error
from provider_shim.schema.paths import ROOT
from provider_shim.schema.values import UNKNOWN
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    created_response,
    entity_response,
    run_with_responses,
)
from tests.unit.samples import filled

STATE = samples.source_config(id=samples.SOURCE_ID, deletion_protection=False)
LOOK_UP = filled(CATALOGUE.data_sources["aep_datasets"].attributes, {})


def first_responses(environment: dict[str, str], config: Any = None) -> Any:
    """Return the responses of a refresh and of a data source, which send the first requests."""

    async def run() -> Any:
        provider = make_provider(environment=environment)
        assert await provider.configure_provider("1.11.4", config) == []
        read = await provider.read_resource(
            ReadResourceRequest(type_name="aep_source_connection", current_state=STATE, private=b"{}")
        )
        looked_up = await provider.read_data_source("aep_datasets", LOOK_UP)
        await provider.close()
        return read, looked_up

    return asyncio.run(run())


def test_missing_credentials() -> None:
    """Without credentials the first request is an error with the missing variables, and keeps the state."""
    read, looked_up = first_responses({})

    assert read.new_state == STATE
    for response in (read, looked_up):
        (problem,) = response.diagnostics
        for name in ("AEP_CLIENT_ID", "AEP_CLIENT_SECRET", "AEP_ORGANIZATION_ID"):
            assert name in problem.detail


@pytest.mark.parametrize("file", ["no/such/folder/x.sqlite", "text.txt", ""])
def test_unusable_emulator_file(file: str, tmp_path: Path) -> None:
    """A file that can't be used for the emulator is an error that names it."""
    (tmp_path / "text.txt").write_text("this is no database, whatever its length may be " * 50)
    read, looked_up = first_responses({"AEP_ENDPOINT": f"emulator:{tmp_path / file}"})

    assert read.new_state == STATE
    for response in (read, looked_up):
        (problem,) = response.diagnostics
        assert str(tmp_path / file) in problem.detail


def test_an_emulator_file_that_breaks_during_use(tmp_path: Path) -> None:
    """A request that finds the file damaged is one error that names it, and the state is kept."""
    file = tmp_path / "x.sqlite"

    async def run() -> Any:
        provider = make_provider(environment={"AEP_ENDPOINT": f"emulator:{file}"})
        assert await provider.configure_provider("1.11.4", None) == []
        assert (await provider.read_data_source("aep_datasets", LOOK_UP)).diagnostics == []
        with closing(sqlite3.connect(file)) as other:
            other.execute("DROP TABLE token")
        request = ReadResourceRequest(type_name="aep_source_connection", current_state=STATE, private=b"{}")
        response = await provider.read_resource(request)
        await provider.close()
        return response

    response = asyncio.run(run())
    assert response.new_state == STATE
    (problem,) = response.diagnostics
    assert problem.summary == "The emulator's file can't be used"
    assert f"The emulator cannot use {file}: it is damaged (no such table: token)." in problem.detail


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("FLOWBRIDGE_NOW", "yesterday", "2031-01-02T00:00:00Z"),
        ("FLOWBRIDGE_NOW", "2031-01-02", "2031-01-02T00:00:00Z"),
        ("FLOWBRIDGE_POLL_INTERVAL", "two", "0.5"),
        ("FLOWBRIDGE_POLL_INTERVAL", "-1", "0.5"),
        ("FLOWBRIDGE_POLL_INTERVAL", "nan", "0.5"),
    ],
)
def test_an_unusable_variable_is_an_error_that_names_it(variable: str, value: str, expected: str) -> None:
    """The provider can't be configured with it; the error has the value and an example."""
    provider = make_provider(environment={variable: value})
    (problem,) = asyncio.run(provider.configure_provider("1.11.4", None))
    assert problem.summary == f"Invalid {variable}"
    assert f"It is {value!r}" in problem.detail
    assert expected in problem.detail


def test_an_empty_variable_is_not_set() -> None:
    """Like an unset variable, an empty one has its default."""
    provider = make_provider(environment={"FLOWBRIDGE_POLL_INTERVAL": "", "FLOWBRIDGE_NOW": ""})
    assert asyncio.run(provider.configure_provider("1.11.4", None)) == []


def test_settings_that_are_not_known_yet() -> None:
    """An unknown setting is an error at the first request, with its name."""
    config = filled(CATALOGUE.provider.attributes, {"client_secret": UNKNOWN, "scopes": ["openid", UNKNOWN]})
    read, _ = first_responses({}, config)

    assert read.new_state == STATE
    assert "client_secret, scopes" in read.diagnostics[0].detail


def test_another_emulator_account(tmp_path: Path) -> None:
    """The user's credentials are sent to the emulator too, which rejects them."""
    read, _ = first_responses(
        {"AEP_ENDPOINT": f"emulator:{tmp_path}/x.sqlite", "AEP_CLIENT_SECRET": "s3cr3t"}
    )

    assert len(read.diagnostics) == 1
    assert "s3cr3t" not in str(read.diagnostics)


def test_values_are_validated_before_an_apply() -> None:
    """A value that was unknown at plan is checked before the first request of an apply."""

    async def steps(provider: AepProvider) -> None:
        source = Terraform(provider, "aep_source_connection")
        plan = await source.plan(samples.source_config(datasets=UNKNOWN))
        response = await source.send(samples.source_config(datasets=[]), plan)
        assert response.new_state is None
        assert [str(each.path) for each in response.diagnostics] == ["datasets"]

    assert run_with_responses(lambda _: created_response(samples.SOURCE_ID), steps) == []


def test_stop_ends_every_wait() -> None:
    """After Ctrl-C no operation waits, and the state reached is returned."""
    flow = {"id": samples.FLOW_ID, "state": "updating", "flowSpec": {}}

    async def steps(provider: AepProvider) -> None:
        await provider.stop()
        state = samples.flow_config(id=samples.FLOW_ID, enabled=True, deletion_protection=False)
        terraform = Terraform(provider, "aep_flow", state=state)
        await asyncio.wait_for(terraform.send(None, await terraform.plan(None)), 5)
        assert terraform.state == state
        assert "interrupted" in terraform.diagnostics[0].detail

    run_with_responses(lambda _: entity_response(flow), steps)


REJECTED: tuple[tuple[dict[str, str], dict[str, Any], str], ...] = (
    ({}, {"endpoint": "https://stranger.example"}, "Missing auth_endpoint"),
    ({"AEP_ADHOC_ENDPOINT": "https://stranger.example"}, {}, "Missing auth_endpoint"),
    ({}, {"max_retries": 1000}, "Invalid max_retries"),
    ({"FLOWBRIDGE_NOW": "soon"}, {}, "Invalid FLOWBRIDGE_NOW"),
)


@pytest.mark.parametrize(("environment", "given", "summary"), REJECTED)
def test_settings_that_configure_has_refused_are_not_kept(
    environment: dict[str, str], given: dict[str, Any], summary: str
) -> None:
    """After an error of `configure`, no request is sent: each RPC that needs one reports this error."""

    def never(settings: Any, sleep: Any) -> Any:
        raise AssertionError("a client was made for refused settings")

    config = filled(CATALOGUE.provider.attributes, {"client_id": "c", "client_secret": "s"} | given)
    planned = samples.source_config()

    async def run() -> None:
        provider = AepProvider(never, environment | {"AEP_ORGANIZATION_ID": "ACME@AdobeOrg"}, 0.0)
        assert [each.summary for each in await provider.configure_provider("1.11.4", config)] == [summary]
        responses: list[Any] = [
            await provider.read_resource(
                ReadResourceRequest(type_name="aep_source_connection", current_state=STATE)
            ),
            await provider.plan_resource_change(
                PlanResourceChangeRequest(
                    type_name="aep_source_connection",
                    prior_state=STATE,
                    proposed_new_state=planned,
                    config=planned,
                )
            ),
            await provider.apply_resource_change(
                ApplyResourceChangeRequest(
                    type_name="aep_source_connection", prior_state=None, planned_state=planned, config=planned
                )
            ),
            await provider.import_resource_state("aep_source_connection", samples.SOURCE_ID),
            await provider.read_data_source("aep_datasets", LOOK_UP),
            await provider.open_ephemeral_resource("aep_access_token", {}),
        ]
        for response in responses:
            assert [(each.summary, each.path) for each in response.diagnostics] == [(summary, ROOT)]
        assert responses[0].new_state == STATE
        assert responses[1].planned_state == STATE

    asyncio.run(run())


def test_refused_settings_do_not_leave_former_ones_in_use(tmp_path: Path) -> None:
    """A process that runs for debugging is configured again: only the last configuration counts."""

    async def run() -> None:
        provider = make_provider(environment={"AEP_ENDPOINT": f"emulator:{tmp_path}/x.sqlite"})
        assert await provider.configure_provider("1.11.4", None) == []
        assert (await provider.read_data_source("aep_datasets", LOOK_UP)).diagnostics == []
        wrong = filled(CATALOGUE.provider.attributes, {"max_retries": 1000})

        for problems in (await provider.configure_provider("1.11.4", wrong), [error("Unreadable value", "")]):
            await provider.reject_configuration(problems)
            read = await provider.read_data_source("aep_datasets", LOOK_UP)
            assert [each.summary for each in read.diagnostics] == [problems[0].summary]

        assert await provider.configure_provider("1.11.4", None) == []
        assert (await provider.read_data_source("aep_datasets", LOOK_UP)).diagnostics == []
        await provider.close()

    asyncio.run(run())
