"""The Python in the README runs as it stands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

README = Path(__file__).resolve().parents[2] / "README.md"
[EXAMPLE] = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)


def test_the_readmes_example_synthesises(tmp_path: Path) -> None:
    """The README's app makes one export, with its flow's id as output."""
    ran = subprocess.run(
        [sys.executable, "-c", EXAMPLE],
        env={**os.environ, "CDKTF_OUTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    document = json.loads((tmp_path / "stacks" / "orders" / "cdk.tf.json").read_text(encoding="utf-8"))
    assert {kind: len(each) for kind, each in document["resource"].items()} == {
        "aep_source_connection": 1,
        "aep_base_connection": 1,
        "aep_target_connection": 1,
        "aep_flow": 1,
    }
    assert list(document["output"]) == ["flow_id"]
