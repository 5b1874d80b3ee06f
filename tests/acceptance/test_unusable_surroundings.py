"""Folders, files, proxies and variables that can't be used: each is one error that names what to correct."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.configurations import PROVIDER, SOURCE
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow


@pytest.fixture
def embedded(folder: Path, embedded_environment: dict[str, str]) -> Terraform:
    """Terraform with the emulator inside the provider, and a configuration of one source connection."""
    terraform = Terraform(folder, embedded_environment)
    terraform.write(PROVIDER + SOURCE)
    return terraform


def test_an_unusable_folder_for_sockets_is_named_and_a_long_one_is_replaced(
    embedded: Terraform, tmp_path: Path
) -> None:
    """Terraform shows the provider's sentence with the folder and the variable, and no internal error."""
    missing = tmp_path / "missing"
    embedded.environment["TMPDIR"] = str(missing)
    shown = " ".join(embedded.run("validate", expected=(1,)).output.split())
    assert (
        f"The provider can't create its socket in the folder {missing} of the environment variable TMPDIR: "
        "No such file or directory. Set TMPDIR to an existing folder in which this user can create files."
    ) in shown

    too_long = tmp_path / ("d" * 100)
    too_long.mkdir()
    embedded.environment["TMPDIR"] = str(too_long)
    assert embedded.validate() == []
    assert list(too_long.iterdir()) == []
