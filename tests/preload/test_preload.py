"""A forked provider is a process like any other: it has its own streams, environment and end."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from provider_shim.protocol.plugin.handshake import COOKIE, COOKIE_NAME

PLUGIN = {COOKIE_NAME: COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6"}


def start(preload: Mapping[str, str], folder: Path, **variables: str) -> subprocess.Popen[str]:
    """Start a provider as the launcher does."""
    return subprocess.Popen(
        [preload["FLOWBRIDGE_PYTHON"], "-E", "-c", "ignored"],
        cwd=folder,
        env={**preload, "TMPDIR": str(folder), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_streams_and_exit_code_are_the_providers(preload: Mapping[str, str], tmp_path: Path) -> None:
    """Without Terraform's cookie the provider explains itself on stderr and fails."""
    with start(preload, tmp_path) as process:
        output, errors = process.communicate()
    assert process.returncode == 1
    assert output == ""
    assert "terraform" in errors.lower()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_the_provider(
    preload: Mapping[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    """The fork ends with the process that Terraform knows: its stderr is closed then."""
    with start(preload, tmp_path, **PLUGIN) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("1|6|unix|")
        os.kill(process.pid, number)
        process.communicate()
    assert process.returncode in {-number, 128 + number, 0}


def test_each_provider_has_its_own_environment(preload: Mapping[str, str], tmp_path: Path) -> None:
    """Nothing of one provider's environment reaches the next one."""
    for variables, expected in ((PLUGIN | {"PLUGIN_PROTOCOL_VERSIONS": "5"}, "6"), (PLUGIN, "1|6|unix|")):
        with start(preload, tmp_path, **variables) as process:
            assert process.stdout is not None
            assert expected in process.stdout.readline()
            process.kill()
