"""A sandbox with two exports, and the `flowbridge` command."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from provider_shim.cli.app import main
from tests.unit.lifecycle.session.test_request_counts import configured, create_export

LAYERS = ("source", "base", "target", "flow")


@dataclass(frozen=True)
class Typed:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Typed]


@pytest.fixture
def emulator_file(tmp_path: Path) -> Path:
    """The path of an emulator's file, which is made by the first request."""
    return tmp_path / "flow-service.sqlite"


@pytest.fixture
def ids(emulator_file: Path) -> dict[str, str]:
    """The ids of the objects of two exports, `source 1` to `flow 2`."""

    async def created() -> dict[str, str]:
        provider = await configured(emulator_file)
        objects = {
            f"{layer} {number}": state["id"]
            for number in (1, 2)
            for layer, (_, state, _) in zip(LAYERS, await create_export(provider, number), strict=True)
        }
        await provider.close()
        return objects

    return asyncio.run(created())


@pytest.fixture
def flowbridge(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], emulator_file: Path
) -> Run:
    """Run `flowbridge <arguments>` with the emulator over `emulator_file`."""
    monkeypatch.setenv("AEP_ENDPOINT", f"emulator:{emulator_file}")
    monkeypatch.setenv("FLOWBRIDGE_POLL_INTERVAL", "0")

    def run(*arguments: str | Path) -> Typed:
        monkeypatch.setattr(sys, "argv", ["flowbridge", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Typed(int(ended.value.code or 0), printed.out, printed.err)

    return run
