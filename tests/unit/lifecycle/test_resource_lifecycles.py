"""Lifecycles of objects on the emulator, with each step checked by Terraform's rules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flow_emulator.emulator_file.clock import set_clock
from provider_shim.lifecycle.provider import AepProvider
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import Terraform, error_paths, run_on_emulator


async def export(provider: AepProvider, destination: str = "amazon_s3") -> dict[str, Terraform]:
    """Create a source, a base and a target connection."""
    source = Terraform(provider, "aep_source_connection")
    await source.apply(samples.source_config())
    base = Terraform(provider, "aep_base_connection")
    await base.apply(samples.base_config(destination))
    target = Terraform(provider, "aep_target_connection")
    await target.apply(samples.target_config(destination, base_connection_id=base.state["id"]))
    return {"source": source, "base": base, "target": target}


def flow_of(parts: dict[str, Terraform], **given: Any) -> Any:
    """Return the flow between a source and a target connection."""
    known: dict[str, Any] = {
        "destination": parts["target"].state["destination"],
        "source_connection_id": parts["source"].state["id"],
        "target_connection_id": parts["target"].state["id"],
    }
    return samples.flow_config(**(known | given))


def manifest_of(state: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of an imported target connection that has none."""
    return {"include_file_manifest": False} if "include_file_manifest" in state else {}


@pytest.mark.parametrize("destination", samples.ACCOUNTS)
def test_every_destination(destination: str, tmp_path: Path) -> None:
    """Create, plan no change, import, plan no change, destroy: for each destination and resource."""

    async def steps(provider: AepProvider) -> None:
        parts = await export(provider, destination)
        configs = {
            "source": samples.source_config(),
            "base": samples.base_config(destination),
            "target": samples.target_config(destination, base_connection_id=parts["base"].state["id"]),
            "flow": flow_of(parts),
        }
        parts["flow"] = Terraform(provider, "aep_flow")
        await parts["flow"].apply(configs["flow"])
        for name, part in parts.items():
            await part.assert_empty_plan(configs[name])
            copy = Terraform(provider, part.type_name)
            await copy.import_object(part.state["id"])
            expected = part.state | {"description": ""} | manifest_of(part.state)
            expected |= {"credentials_revision": 0} if name == "base" else {}
            assert copy.state == expected
        for part in reversed(parts.values()):
            await part.apply(None)
            assert part.state is None

    run_on_emulator(tmp_path, steps)


def test_an_hourly_export_needs_no_setting(tmp_path: Path) -> None:
    """A flow that runs every hour is created, imported and planned without a change."""

    async def steps(provider: AepProvider) -> None:
        config = flow_of(await export(provider), schedule=samples.SCHEDULE | {"interval": 1})
        flow = Terraform(provider, "aep_flow")
        await flow.apply(config)
        assert flow.state["schedule"]["interval"] == 1
        copy = Terraform(provider, "aep_flow")
        await copy.import_object(flow.state["id"])
        await copy.assert_empty_plan(config)

    run_on_emulator(tmp_path, steps)


def test_an_ended_flow_remains_enabled(tmp_path: Path) -> None:
    """After the end of the schedule the flow is enabled as before, and only a warning reports the end."""

    async def steps(provider: AepProvider) -> None:
        schedule = samples.SCHEDULE | {"end_time": "2032-01-01T00:00:00Z"}
        config = flow_of(await export(provider), schedule=schedule)
        flow = Terraform(provider, "aep_flow")
        await flow.apply(config)
        set_clock(tmp_path / "x.sqlite", datetime(2032, 1, 2, tzinfo=UTC))
        await flow.assert_empty_plan(config)
        assert flow.state["enabled"] is True
        (ended,) = (await flow.plan(config)).diagnostics
        assert ended.summary == "The exports have ended"
        assert "its state can still be enabled" in ended.detail

    run_on_emulator(tmp_path, steps, FLOWBRIDGE_NOW="2032-01-02T00:00:00Z")


@pytest.mark.parametrize(
    "changes",
    [
        [{"description": "a"}, {"description": "b"}, {}],
        [{"description": ""}, {"description": "a"}, {"description": ""}, {}, {"description": "b"}],
        [{"name": "other"}, {"deletion_protection": True}, {"timeouts": {"update": "1m"}}, {}],
    ],
)
def test_sources_change_in_place(changes: list[dict[str, Any]], tmp_path: Path) -> None:
    """Name, description and Terraform's own attributes are changed in place."""

    async def steps(provider: AepProvider) -> None:
        source = Terraform(provider, "aep_source_connection")
        await source.apply(samples.source_config())
        identifier = source.state["id"]
        for change in changes:
            await source.apply(samples.source_config(**change))
            await source.assert_empty_plan(samples.source_config(**change))
            assert source.state["id"] == identifier

    run_on_emulator(tmp_path, steps)


@pytest.mark.parametrize("empty", [{}, {"description": ""}])
def test_an_import_without_a_description_plans_empty(empty: dict[str, Any], tmp_path: Path) -> None:
    """Flow Service's absent description is also an empty one, and can be changed to a text."""

    async def steps(provider: AepProvider) -> None:
        created = Terraform(provider, "aep_source_connection")
        await created.apply(samples.source_config())
        source = Terraform(provider, "aep_source_connection")
        await source.import_object(created.state["id"])

        await source.assert_empty_plan(samples.source_config(**empty))
        await source.apply(samples.source_config(description="new"))
        await source.assert_empty_plan(samples.source_config(description="new"))

    run_on_emulator(tmp_path, steps)


@pytest.mark.parametrize("manifest", [{}, {"include_file_manifest": False}])
def test_an_import_without_a_manifest_plans_empty(manifest: dict[str, Any], tmp_path: Path) -> None:
    """An absent `includeFileManifest` is also false."""

    async def steps(provider: AepProvider) -> None:
        parts = await export(provider)
        target = Terraform(provider, "aep_target_connection")
        await target.import_object(parts["target"].state["id"])

        base = {"base_connection_id": parts["base"].state["id"]}
        await target.assert_empty_plan(samples.target_config(**base, **manifest))

    run_on_emulator(tmp_path, steps)


def test_other_datasets_are_another_source(tmp_path: Path) -> None:
    """Another set of datasets replaces the source connection."""

    async def steps(provider: AepProvider) -> None:
        source = Terraform(provider, "aep_source_connection")
        await source.apply(samples.source_config())
        first = source.state["id"]
        other = samples.source_config(datasets=[{"id": "64b7e8acdd522e6190ac9567", "name": "Orders"}])
        await source.apply(other)

        assert source.state["id"] != first
        await source.assert_empty_plan(other)

    run_on_emulator(tmp_path, steps)


def test_flow_changes(tmp_path: Path) -> None:
    """A flow is disabled, rescheduled, enabled and given another source connection, all in place."""

    async def steps(provider: AepProvider) -> None:
        parts = await export(provider)
        other = Terraform(provider, "aep_source_connection")
        await other.apply(samples.source_config(name="other"))
        flow = Terraform(provider, "aep_flow")
        once = {"export_mode": "DAILY_FULL_EXPORT", "time_unit": "day", "interval": 0}
        changes: list[dict[str, Any]] = [
            {"enabled": False},
            {"enabled": False, "schedule": samples.SCHEDULE | {"interval": 12}},
            {"schedule": samples.SCHEDULE | {"end_time": None}},
            {"schedule": samples.SCHEDULE | {"end_time": None, "folder_name_template": "%DATASET_ID%"}},
            {"source_connection_id": other.state["id"]},
            {"enabled": False, "description": "both at once"},
            {"schedule": samples.SCHEDULE | once | {"end_time": None}},
        ]
        await flow.apply(flow_of(parts, enabled=False))
        identifier = flow.state["id"]
        for change in changes:
            await flow.apply(flow_of(parts, **change))
            await flow.assert_empty_plan(flow_of(parts, **change))
            assert flow.state["id"] == identifier
            assert flow.state["enabled"] is change.get("enabled", True)
        assert flow.state["schedule"]["end_time"] is None

    run_on_emulator(tmp_path, steps)


def test_target_changes(tmp_path: Path) -> None:
    """A location is changed in place, or replaces the target connection with `on_change`."""

    async def steps(provider: AepProvider) -> None:
        parts = await export(provider)
        target, base = parts["target"], parts["base"].state["id"]
        first = target.state["id"]
        other = {"bucket_name": "acme-other", "path": "elsewhere/"}
        moved = samples.target_config(base_connection_id=base, amazon_s3=other, include_file_manifest=True)
        await target.apply(moved)
        await target.assert_empty_plan(moved)
        assert target.state["id"] == first

        anew = samples.target_config(base_connection_id=base, on_change="replace")
        await target.apply(anew)
        await target.assert_empty_plan(anew)
        assert target.state["id"] != first

    run_on_emulator(tmp_path, steps)


def test_credentials(tmp_path: Path) -> None:
    """Rotated secrets are sent once; another method replaces the connection; an import needs them again."""

    async def steps(provider: AepProvider) -> None:
        base = Terraform(provider, "aep_base_connection")
        rotated = samples.base_config(
            amazon_s3={"s3_access_key": samples.ACCESS_KEY, "s3_secret_key": samples.SECRET_KEY[::-1]}
        )
        await base.apply(samples.base_config())
        first = base.state["id"]
        await base.apply(rotated)
        assert (base.state["id"], base.state["credentials_revision"]) == (first, 2)
        await base.assert_empty_plan(rotated)

        copy = Terraform(provider, "aep_base_connection")
        await copy.import_object(first)
        await copy.apply(rotated)
        assert copy.state["credentials_revision"] == 1
        await copy.assert_empty_plan(rotated)

        role = samples.base_config(amazon_s3={"s3_role": samples.ROLE})
        await base.apply(role)
        assert base.state["id"] != first
        assert base.state["credentials_revision"] == 1
        await base.assert_empty_plan(role)
        assert samples.SECRET_KEY.encode() not in base.private
        assert samples.SECRET_KEY not in str(base.state)

    run_on_emulator(tmp_path, steps)


def test_other_destination_of_a_flow(tmp_path: Path) -> None:
    """A flow for another destination than its target's is an error before anything is created."""

    async def steps(provider: AepProvider) -> None:
        parts = await export(provider)
        flow = Terraform(provider, "aep_flow")
        config = flow_of(parts, destination="sftp")
        plan = await flow.plan(config)
        assert error_paths(plan.diagnostics) == ["destination"]
        await provider.configure_provider("1.11.4", None)
        response = await flow.send(config, await flow.plan(config))
        assert response.new_state is None
        assert error_paths(response.diagnostics) == ["destination"]

    run_on_emulator(tmp_path, steps)


def test_other_destination_of_a_target(tmp_path: Path) -> None:
    """A target connection for another destination than its base connection's is rejected by the plan, if
    it is new or would replace one, and by the apply before anything is sent.
    """

    async def steps(provider: AepProvider) -> None:
        parts = await export(provider)
        base = parts["base"].state["id"]
        config = samples.target_config("data_landing_zone", base_connection_id=base)

        for target in (parts["target"], Terraform(provider, "aep_target_connection")):
            (problem,) = (await target.plan(config)).diagnostics
            assert str(problem.path) == "base_connection_id"
            assert f'its base connection {base} is for "amazon_s3"' in problem.detail
        response = await target.send(config, await target.plan(config))
        assert response.new_state is None
        assert error_paths(response.diagnostics) == ["base_connection_id"]

    run_on_emulator(tmp_path, steps)


def test_a_replacement_warns_in_its_first_plan(tmp_path: Path) -> None:
    """All warnings are in the first of a replacement's two plans, because Terraform shows only that one's."""

    async def steps(provider: AepProvider) -> None:
        parts = await export(provider)
        flow = Terraform(provider, "aep_flow")
        await flow.apply(flow_of(parts))
        second = Terraform(provider, "aep_target_connection")
        await second.apply(
            samples.target_config("amazon_s3", base_connection_id=parts["base"].state["id"], name="second")
        )

        plan = await flow.plan(flow_of(parts, target_connection_id=second.state["id"]))

        assert plan.requires_replace
        assert [each.summary for each in plan.diagnostics] == ["The first run exports everything again"]

    run_on_emulator(tmp_path, steps)
