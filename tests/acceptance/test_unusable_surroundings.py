"""Folders, files, proxies and variables that can't be used: each is one error that names what to correct."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.acceptance.configurations import PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
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
    missing = Path(tempfile.gettempdir(), "aep-missing")  # short, because a long one is replaced
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


def test_a_locked_or_damaged_emulator_file_is_named(embedded: Terraform, emulator_file: Path) -> None:
    """Each error has the file, the reason and what to do."""
    embedded.apply()
    embedded.environment["AEP_REQUEST_TIMEOUT"] = "100ms"  # otherwise it waits for half a minute
    with closing(sqlite3.connect(emulator_file, isolation_level=None)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.execute("BEGIN IMMEDIATE")
        (locked,) = embedded.failing_plan()
        other.execute("ROLLBACK")
    assert f"The emulator cannot use {emulator_file}: another program has locked it" in locked.text
    del embedded.environment["AEP_REQUEST_TIMEOUT"]

    content = emulator_file.read_bytes()
    emulator_file.write_bytes(b"damaged" + content[7:])
    (damaged,) = embedded.failing_plan()
    assert damaged.summary == "Flow Service can't be set up"
    assert f"The emulator cannot use {emulator_file}: it is damaged" in damaged.text
    assert "Delete it to start anew, restore a copy, or use another file." in damaged.text


def test_an_unusable_variable_is_one_error_that_names_it(embedded: Terraform) -> None:
    """A time that is not one, and a proxy that can't be used, are errors of these variables."""
    embedded.environment["FLOWBRIDGE_NOW"] = "yesterday"
    (error,) = embedded.failing_plan()
    assert error.text == (
        "Invalid FLOWBRIDGE_NOW The environment variable FLOWBRIDGE_NOW must be an RFC 3339 time, such as "
        "2031-01-02T00:00:00Z. It is 'yesterday'. Correct it, or remove it."
    )
    del embedded.environment["FLOWBRIDGE_NOW"]

    embedded.environment |= {
        "AEP_ENDPOINT": "https://flow.example",  # no request is made
        "AEP_AUTH_ENDPOINT": "https://ims.example",
        "AEP_CLIENT_ID": "client",
        "AEP_CLIENT_SECRET": "a-client-secret",
        "AEP_ORGANIZATION_ID": "acme@AdobeOrg",
    }
    embedded.environment["HTTPS_PROXY"] = "http://127.0.0.1:port"
    (error,) = embedded.failing_apply()
    assert error.summary == "Unusable environment variable"
    assert "HTTPS_PROXY is not the address of a proxy, such as http://proxy.example.com:3128." in error.text


def test_requests_to_this_machine_bypass_every_proxy(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """An apply on a loopback address works although the environment names a proxy, which gets nothing."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        terraform.environment[name] = "http://127.0.0.1:1"
    terraform.write(PROVIDER + SOURCE)
    terraform.apply()

    assert len(flow_service.entities("sourceConnections")) == 1
