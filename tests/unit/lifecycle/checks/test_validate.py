"""Validation of configurations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from provider_shim.lifecycle.checks.validate import as_severity, check_config
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Severity, error
from provider_shim.schema.values import UNKNOWN, Value
from tests.unit import samples


def diagnostics(config: Value, type_name: str, *, disputed: bool = False) -> list[str]:
    """Return the attribute paths of the violations."""
    problems = check_config(CATALOGUE.resources[type_name], config, disputed=disputed)
    return sorted(str(each.path) for each in problems)


@pytest.mark.parametrize("destination", samples.ACCOUNTS)
def test_good_configurations(destination: str) -> None:
    """Every destination's sample is valid."""
    assert diagnostics(samples.base_config(destination), "aep_base_connection") == []
    assert diagnostics(samples.target_config(destination), "aep_target_connection") == []
    assert diagnostics(samples.flow_config(destination=destination), "aep_flow") == []


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"amazon_s3": None}, [""]),
        ({"sftp": samples.PLACES["sftp"]}, ["sftp"]),
        ({"amazon_s3": {"bucket_name": "Acme", "path": "a b"}}, ["amazon_s3.bucket_name", "amazon_s3.path"]),
        ({"amazon_s3": {"bucket_name": UNKNOWN, "path": "a b"}}, ["amazon_s3.path"]),
        ({"file_type": "CSV", "compression": "ZIP"}, ["compression", "file_type"]),
        ({"name": "  ", "base_connection_id": "x"}, ["base_connection_id", "name"]),
        ({"name": UNKNOWN, "base_connection_id": UNKNOWN, "amazon_s3": UNKNOWN}, []),
        ({"timeouts": {"create": "soon", "delete": "1h"}}, ["timeouts.create"]),
        ({"on_change": "destroy"}, ["on_change"]),
    ],
)
def test_targets(given: dict[str, Any], paths: list[str]) -> None:
    """Each violation in a target is reported on its attribute; unknown values are skipped one by one."""
    assert diagnostics(samples.target_config(**given), "aep_target_connection") == paths


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"schedule": samples.SCHEDULE | {"interval": 0}}, ["schedule.interval"]),
        ({"schedule": samples.SCHEDULE | {"interval": Decimal("3.5")}}, ["schedule.interval"]),
        (
            {"schedule": samples.SCHEDULE | {"time_unit": "week"}},
            ["schedule.time_unit", "schedule.time_unit"],
        ),
        ({"schedule": samples.SCHEDULE | {"interval": UNKNOWN, "start_time": "x"}}, ["schedule.start_time"]),
        ({"schedule": samples.SCHEDULE | {"end_time": "2031-11-30T00:00:00Z"}}, ["schedule.end_time"]),
        ({"schedule": samples.SCHEDULE | {"end_time": UNKNOWN}}, []),
        ({"schedule": samples.SCHEDULE | {"export_mode": "DAILY_FULL_EXPORT"}}, ["schedule.time_unit"]),
        ({"destination": None}, [""]),
        ({"destination": "s3"}, ["destination"]),
        ({"flow_spec_id": "354d6aad-4754-46e4-a576-1b384561c440"}, ["flow_spec_id"]),
        ({"flow_spec_id": "71471eba-b620-49e4-90fd-23f1fa0174d8"}, ["flow_spec_id", "flow_spec_id"]),
    ],
)
def test_flows(given: dict[str, Any], paths: list[str]) -> None:
    """Each violation in a flow is reported on its attribute."""
    assert diagnostics(samples.flow_config(**given), "aep_flow") == paths


@pytest.mark.parametrize(
    ("datasets", "paths"),
    [
        ([], ["datasets"]),
        ([{"id": "x", "name": "Orders"}], ["datasets"]),
        ([{"id": "5ef3e3259ad2a1191ab7dd7d", "name": ""}], ["datasets"]),
        ([{"id": UNKNOWN, "name": UNKNOWN}], []),
        ([{"id": UNKNOWN, "name": ""}], ["datasets"]),
        (UNKNOWN, []),
        ([{"id": "5ef3e3259ad2a1191ab7dd7d", "name": each} for each in ("A", "B")], ["datasets"]),
        ([{"id": "5ef3e3259ad2a1191ab7dd7d", "name": each} for each in ("A", UNKNOWN)], ["datasets"]),
        ([{"id": UNKNOWN, "name": each} for each in ("A", "B")], []),
        ([UNKNOWN, {"id": "5ef3e3259ad2a1191ab7dd7d", "name": "A"}], []),
    ],
)
def test_datasets(datasets: Any, paths: list[str]) -> None:
    """Datasets are checked one by one, and violations are reported on the set."""
    found = diagnostics(samples.source_config(datasets=datasets), "aep_source_connection")

    assert [each.split(".")[0] for each in found] == paths


@pytest.mark.parametrize(
    ("destination", "block", "paths"),
    [
        ("amazon_s3", {"s3_access_key": samples.ACCESS_KEY}, ["amazon_s3.s3_secret_key"]),
        (
            "amazon_s3",
            {"s3_access_key": "AKIA0189", "s3_secret_key": "short"},
            ["amazon_s3.s3_access_key", "amazon_s3.s3_secret_key"],
        ),
        ("amazon_s3", samples.ACCOUNTS["amazon_s3"] | {"s3_role": samples.ROLE}, ["amazon_s3.s3_role"]),
        ("amazon_s3", {}, []),
        ("sftp", samples.ACCOUNTS["sftp"] | {"ssh_key": "YWJj"}, ["sftp.ssh_key"]),
        ("sftp", {"domain": "d", "username": "u", "password": UNKNOWN, "ssh_key": UNKNOWN}, []),
        (
            "sftp",
            {"domain": "d", "username": "u", "port": 0, "ssh_key": "no key"},
            ["sftp.port", "sftp.ssh_key"],
        ),
        ("adls_gen2", samples.ACCOUNTS["adls_gen2"] | {"url": ""}, ["adls_gen2.url"]),
    ],
)
def test_accounts(destination: str, block: dict[str, Any], paths: list[str]) -> None:
    """Each violation in a base connection is reported on its attribute, without the secret."""
    config = samples.base_config(destination, **{destination: block})
    problems = check_config(CATALOGUE.resources["aep_base_connection"], config)

    assert sorted(str(each.path) for each in problems) == paths
    for secret in ("AKIA0189", "short", "no key", samples.SECRET_KEY, samples.ROLE):
        assert not any(f'"{secret}"' in each.detail for each in problems)


def test_no_encryption_for_a_landing_zone() -> None:
    """Encryption for a Data Landing Zone is an error."""
    config = samples.base_config("data_landing_zone", encryption={"public_key": "YWJj"})

    assert diagnostics(config, "aep_base_connection") == ["encryption"]


def test_disputed_rules_wait_for_the_plan() -> None:
    """Disputed rules are not checked by `validate`."""
    config = samples.target_config(file_type="JSON", compression="NONE")

    assert diagnostics(config, "aep_target_connection") == []
    assert diagnostics(config, "aep_target_connection", disputed=True) == ["compression"]


OBJECT_STORES = ("adls_gen2", "amazon_s3", "azure_blob", "data_landing_zone", "google_cloud_storage")


@pytest.mark.parametrize("path", ["/exports", "//", "/"])
@pytest.mark.parametrize("destination", OBJECT_STORES)
def test_paths_in_object_stores_are_relative(destination: str, path: str) -> None:
    """Adobe's patterns accept a leading slash that no sample has, so it is checked during plan; `/` alone is
    the uppermost folder.
    """
    place = samples.PLACES[destination] | {"path": path}
    config = samples.target_config(destination, **{destination: place})

    assert diagnostics(config, "aep_target_connection") == []
    expected = [] if path == "/" else [f"{destination}.path"]
    assert diagnostics(config, "aep_target_connection", disputed=True) == expected


def test_paths_on_a_server_may_be_absolute() -> None:
    """An SFTP server has absolute paths, so a leading slash is valid there."""
    config = samples.target_config("sftp", sftp={"remote_path": "/exports"})

    assert diagnostics(config, "aep_target_connection", disputed=True) == []


@pytest.mark.parametrize("interval", [1, 3, 6, 9, 12])
def test_documented_hours_are_not_disputed(interval: int) -> None:
    """Every hour has been a documented choice since July 2026, like every 3, 6, 9 and 12 hours."""
    config = samples.flow_config(schedule=samples.SCHEDULE | {"interval": interval})

    assert diagnostics(config, "aep_flow") == []
    assert diagnostics(config, "aep_flow", disputed=True) == []


def test_a_disputed_interval_names_the_texts_that_have_it() -> None:
    """The details name the documented hours, and where 8 and 24 come from."""
    config = samples.flow_config(schedule=samples.SCHEDULE | {"interval": 8})

    (problem,) = check_config(CATALOGUE.resources["aep_flow"], config, disputed=True)

    for part in ("every 1, 3, 6, 9 or 12 hours", "8 hours is only in the menu of Adobe's web page", "2023"):
        assert part in problem.detail


@pytest.mark.parametrize("interval", [8, 24])
def test_disputed_hours(interval: int) -> None:
    """Eight and twenty-four hours are in some of Adobe's texts only, so they are checked during plan."""
    config = samples.flow_config(schedule=samples.SCHEDULE | {"interval": interval})

    assert diagnostics(config, "aep_flow") == []
    assert diagnostics(config, "aep_flow", disputed=True) == ["schedule.interval"]


@pytest.mark.parametrize(("setting", "severity"), [("error", Severity.ERROR), ("warning", Severity.WARNING)])
def test_severity(setting: str, severity: Severity) -> None:
    """Violations of disputed rules have the severity of the setting."""
    (problem,) = as_severity([error("a", "b.")], setting)

    assert problem.severity is severity
