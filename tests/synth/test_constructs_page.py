"""The page about the constructs says what is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import constructs_lib
from constructs_lib import (
    ConstructError,
    DatasetExport,
    Destination,
    FileFormat,
    Schedule,
)
from constructs_lib.testing import synthesize

pytestmark = pytest.mark.slow

PAGE = Path(__file__).resolve().parents[2] / "docs" / "constructs.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)


def test_there_are_examples() -> None:
    """The page has four Python examples."""
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("index", range(len(BLOCKS)))
def test_every_example_runs(index: int, tmp_path: Path) -> None:
    """Each example runs as it stands."""
    ran = subprocess.run(
        [sys.executable, "-c", BLOCKS[index]],
        env={**os.environ, "CDKTF_OUTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_message_is_the_real_one() -> None:
    """The error that the page shows is what a construct says."""
    from datetime import datetime

    with pytest.raises(ConstructError) as caught:
        synthesize(
            lambda stack: DatasetExport(
                stack,
                "orders",
                datasets=[],
                destination=Destination.data_landing_zone(path="exports"),
                file_format=FileFormat.json(),
                schedule=Schedule.once(datetime(2031, 12, 1)),
            ),
            stack="exports",
        )

    assert f"ConstructError: {caught.value}\n```" in TEXT


def test_every_class_for_users_is_on_the_page() -> None:
    """Each exported name is mentioned, except the value classes that the page names by their rule."""
    ruled = re.compile(r"(BaseConnection|TargetConnection|SourceConnection|Flow).+")
    exempt = {"Credentials", "Problem", "Timeouts"}  # a base class, and parts of what is on the page

    assert [
        name
        for name in constructs_lib.__all__
        if f"`{name}" not in TEXT and not ruled.fullmatch(name) and name not in exempt
    ] == []
