"""What an answer leaves out was not removed, where it can't be absent."""

from __future__ import annotations

from typing import Any

from provider_shim.lifecycle.states import empty
from provider_shim.resources import CATALOGUE
from provider_shim.schema import wire

FLOW = CATALOGUE.resources["aep_flow"]
SOURCE = CATALOGUE.resources["aep_source_connection"]
BASE = CATALOGUE.resources["aep_base_connection"]


def test_datasets_without_names_keep_theirs() -> None:
    """A dataset that is answered without its name has the name that it had; a new one has none."""
    prior = empty(SOURCE) | {"datasets": [{"id": "a" * 24, "name": "Orders"}]}
    answer: dict[str, Any] = {"params": {"datasets": [{"dataSetId": "a" * 24}]}}

    assert wire.from_entity(SOURCE, answer, prior)["datasets"] == prior["datasets"]

    answer["params"]["datasets"] = [{"dataSetId": "b" * 24}]

    assert wire.from_entity(SOURCE, answer, prior)["datasets"] == [{"id": "b" * 24, "name": None}]


def test_a_flow_without_a_state_keeps_its_own() -> None:
    """A flow that is answered without a state is as enabled as it was, and enabled where nothing is known."""
    prior = empty(FLOW) | {"enabled": False}

    assert wire.from_entity(FLOW, {}, prior)["enabled"] is False
    assert wire.from_entity(FLOW, {}, empty(FLOW))["enabled"] is True


def test_credentials_that_are_not_shown_are_kept() -> None:
    """What is answered of the credentials may be next to nothing; required parts stay as they were."""
    account = {"url": "abfss://a@b.dfs.core.windows.net", "tenant": "acme", "service_principal_id": "id"}
    prior = empty(BASE) | {"adls_gen2": account | {"service_principal_key": None}}
    answer = {
        "connectionSpec": {"id": "be2c3209-53bc-47e7-ab25-145db8b873e1"},
        "auth": {"params": {"authorizedDate": "2026-11-23"}},
    }

    assert wire.from_entity(BASE, answer, prior)["adls_gen2"] == prior["adls_gen2"]
