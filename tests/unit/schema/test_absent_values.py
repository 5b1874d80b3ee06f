"""Values that a response leaves out, adds or spells differently are not drift."""

from __future__ import annotations

from typing import Any

from provider_shim.lifecycle.state.states import null_state
from provider_shim.resources import CATALOGUE
from provider_shim.schema import json_mapping

FLOW = CATALOGUE.resources["aep_flow"]
SOURCE = CATALOGUE.resources["aep_source_connection"]
BASE = CATALOGUE.resources["aep_base_connection"]


def test_datasets_without_names_keep_theirs() -> None:
    """A dataset without a name in the response keeps its name; a new one has none."""
    prior = null_state(SOURCE) | {"datasets": [{"id": "a" * 24, "name": "Orders"}]}
    body: dict[str, Any] = {"params": {"datasets": [{"dataSetId": "a" * 24}]}}

    assert json_mapping.from_json(SOURCE, body, prior)["datasets"] == prior["datasets"]

    body["params"]["datasets"] = [{"dataSetId": "b" * 24}]

    assert json_mapping.from_json(SOURCE, body, prior)["datasets"] == [{"id": "b" * 24, "name": None}]


def test_a_flow_without_a_state_keeps_its_own() -> None:
    """A flow without a state in the response keeps `enabled`, which is true if there is no prior value."""
    prior = null_state(FLOW) | {"enabled": False}

    assert json_mapping.from_json(FLOW, {}, prior)["enabled"] is False
    assert json_mapping.from_json(FLOW, {}, null_state(FLOW))["enabled"] is True


def test_credentials_that_are_not_returned_are_kept() -> None:
    """A response may leave out almost all of the credentials; required attributes keep their values."""
    account = {"url": "abfss://a@b.dfs.core.windows.net", "tenant": "acme", "service_principal_id": "id"}
    prior = null_state(BASE) | {"adls_gen2": account | {"service_principal_key": None}}
    body = {
        "connectionSpec": {"id": "be2c3209-53bc-47e7-ab25-145db8b873e1"},
        "auth": {"params": {"authorizedDate": "2026-11-23"}},
    }

    assert json_mapping.from_json(BASE, body, prior)["adls_gen2"] == prior["adls_gen2"]


def test_another_spelling_is_the_same_state() -> None:
    """An interval as text, values in another case and the alias of the folder template are not drift."""
    prior = null_state(FLOW) | {
        "schedule": {
            "export_mode": "FIRST_FULL_THEN_INCREMENTAL",
            "time_unit": "hour",
            "interval": 3,
            "start_time": "2031-12-01T01:00:00+01:00",
            "end_time": None,
            "folder_name_template": "%DATASET_ID%",
        }
    }
    body = {
        "scheduleParams": {
            "exportMode": "first_full_then_incremental",
            "timeUnit": "HOUR",
            "interval": "3",
            "startTime": 1953849600,
            "folderNameTemplate": "%DATASET_ID%",
        }
    }

    assert json_mapping.from_json(FLOW, body, prior)["schedule"] == prior["schedule"]


def test_added_parameters_are_no_drift() -> None:
    """Parameters of a target that the service adds, such as `mode`, are not drift."""
    target = CATALOGUE.resources["aep_target_connection"]
    prior = null_state(target) | {
        "sftp": {"remote_path": "exports"},
        "file_type": "PARQUET",
        "compression": "GZIP",
        "destination": "sftp",
        "flow_spec_id": "354d6aad-4754-46e4-a576-1b384561c440",
        "on_change": "patch",
        "deletion_protection": False,
    }
    body = {
        "connectionSpec": {"id": "36965a81-b1c6-401b-99f8-22508f1e6a26"},
        "params": {
            "mode": "FTP",
            "remotePath": "exports",
            "datasetFileType": "parquet",
            "compression": "gzip",
            "added": True,
        },
    }

    assert json_mapping.from_json(target, body, prior) == prior
