"""A folder with a configuration, and the findings in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from provider_shim.cli.check.configuration import check_configuration
from provider_shim.cli.check.unknown_keys import Findings

Check = Callable[..., Findings]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """A function that writes files, given by name or as the text of `main.tf`, and checks their folder."""

    def written(main: str = "", **files: str) -> Findings:
        for name, text in (({"main.tf": main} if main else {}) | files).items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return check_configuration(tmp_path)

    return written


def lines(findings: Findings) -> list[str]:
    """Return each unknown key as `<line>: <address>: <path>: <key>: <suggestion>`."""
    return [
        f"{each.place.line}: {each.address}: {each.path}: {each.key}: {each.suggestion}"
        for each in findings.unknown
    ]


def left_out(findings: Findings) -> list[str]:
    """Return each value that is not checked as `<line>: <address>: <path>: <reason>`."""
    return [f"{each.place.line}: {each.address}: {each.path}: {each.reason}" for each in findings.not_checked]
