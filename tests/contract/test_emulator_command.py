"""`flowbridge emulator` as a server on this machine."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from flow_emulator.behaviour.configuration import configure
from flow_emulator.emulator_file.clock import read_clock

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from provider_shim.cli.app import main; main()", "emulator"]


def test_it_prints_the_variables_and_serves(tmp_path: Path) -> None:
    """The variables that it prints lead to a server that gives a token, and Ctrl-C ends it with success."""
    arguments = ["--port", "0", "--file", str(tmp_path / "flow-service.sqlite")]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(7)]
        variables = dict(
            line.removeprefix("export ").split("=") for line in lines if line.startswith("export ")
        )
        response = httpx.post(
            f"{variables['AEP_AUTH_ENDPOINT']}/ims/token/v3",
            data={
                "grant_type": "client_credentials",
                "client_id": variables["AEP_CLIENT_ID"],
                "client_secret": variables["AEP_CLIENT_SECRET"],
                "scope": "openid",
            },
        )
        process.send_signal(signal.SIGINT)

    assert variables["AEP_ENDPOINT"].startswith("http://127.0.0.1:")
    assert response.json()["access_token"]
    assert process.returncode == 0


def test_it_starts_as_configured(tmp_path: Path) -> None:
    """Profile, switches, seed and clock rule what is served, and stay in the file for the next one."""
    file = tmp_path / "flow-service.sqlite"
    options = ["--profile", "documented-2026", "--set", "secrets=omit", "--seed", "7"]
    options += ["--clock", "2031-01-02T00:00:00Z"]
    words = [*COMMAND, "--port", "0", "--file", str(file), *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(7)]
        (url,) = [line.partition("=")[2] for line in lines if line.startswith("export AEP_ENDPOINT=")]
        shown = httpx.get(f"{url}/_emulator/behaviour", trust_env=False).json()
        now = httpx.get(f"{url}/_emulator/clock", trust_env=False).json()
        process.send_signal(signal.SIGINT)
    assert (shown["profile"], shown["set"], shown["seed"]) == ("documented-2026", {"secrets": "omit"}, 7)
    assert shown["switches"]["body"] == "bare"
    assert now == {"now": "2031-01-02T00:00:00Z", "set": True, "stands": True}
    assert configure(file).profile == "documented-2026"
    assert read_clock(file).text == "2031-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--profile", "wild"], "Unknown profile 'wild'"),
        (["--set", "colour=blue"], "Unknown switch 'colour'"),
        (["--clock", "tomorrow"], "'tomorrow' is not a time"),
    ],
)
def test_a_wrong_start_is_one_sentence(tmp_path: Path, words: list[str], problem: str) -> None:
    """An unknown profile, switch or time ends with 2 before anything is served."""
    arguments = ["--port", "0", "--file", str(tmp_path / "flow-service.sqlite"), *words]
    ended = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"flowbridge: {problem}")
    assert ended.stderr.count("\n") == 1


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    """A port that something else holds is named, with the option to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        arguments = ["--port", port, "--file", str(tmp_path / "flow-service.sqlite")]
        ended = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"flowbridge: Port {port} is not available")
    assert "--port" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_file_of_another_program_is_one_sentence(tmp_path: Path) -> None:
    """A file that no emulator wrote is left alone, and named."""
    file = tmp_path / "notes.txt"
    file.write_text("not a database, and long enough to be read as the header of one, which it is not at all")
    ended = subprocess.run(
        [*COMMAND, "--port", "0", "--file", str(file)], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"flowbridge: The emulator cannot use {file}")
    assert ended.stderr.count("\n") == 1
    assert file.read_text().startswith("not a database")
