"""The environment that Terraform and CDKTF get."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provider_shim.source_address import DEFAULT_ADDRESS
from tools.workbench import Workbench


def test_nothing_from_outside_steers_the_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of Terraform, the provider and Python that happen to be set are left out."""
    for name in (
        "TF_LOG",
        "TF_CLI_ARGS",
        "AEP_CLIENT_SECRET",
        "FLOWBRIDGE_PYTHON",
        "CDKTF_LOG_LEVEL",
        "PYTHONPATH",
    ):
        monkeypatch.setenv(name, "outside")

    assert "outside" not in Workbench(tmp_path, tmp_path).environment.values()


def test_everything_lies_in_the_folder(tmp_path: Path) -> None:
    """The mirror, the CLI configuration, CDKTF's home and the emulator's file are below the one folder."""
    environment = Workbench(tmp_path / "bench", tmp_path).environment

    assert environment["TF_CLI_CONFIG_FILE"] == str(tmp_path / "bench/terraform.rc")
    assert environment["TF_CLI_ARGS_providers_lock"] == f"-fs-mirror={tmp_path / 'bench/mirror'}"
    assert environment["CDKTF_HOME"] == str(tmp_path / "bench/cdktf-home")
    assert environment["AEP_ENDPOINT"] == f"emulator:{tmp_path / 'bench/flow-service.sqlite'}"
    assert environment["PATH"].split(os.pathsep)[1] == str(tmp_path / "node_modules/.bin")


def test_variables_are_added(tmp_path: Path) -> None:
    """What the caller gives wins."""
    bench = Workbench(tmp_path, tmp_path, {"TF_VAR_secret": "s", "AEP_ENDPOINT": "http://127.0.0.1:1"})

    assert bench.environment["TF_VAR_secret"] == "s"
    assert bench.environment["AEP_ENDPOINT"] == "http://127.0.0.1:1"


def test_the_provider_is_installed_where_the_configuration_points(tmp_path: Path) -> None:
    """After `install_provider` the mirror that the CLI configuration names holds the launcher."""
    bench = Workbench(tmp_path / "bench", tmp_path)
    package = bench.install_provider()

    assert package.launcher.is_relative_to(bench.mirror / DEFAULT_ADDRESS)
    assert package.launcher.is_file()
    assert f'path    = "{bench.mirror}"' in bench.cli_config.read_text()
