"""The promises in README and SECURITY name the tests that keep them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
SECTIONS = {"README.md": "What it promises", "SECURITY.md": "What is protected, and against whom"}


def section(page: str) -> str:
    """Return the section of a page that lists the promises."""
    text = (REPO / page).read_text(encoding="utf-8")
    return text.partition(f"\n## {SECTIONS[page]}\n")[2].partition("\n## ")[0]


def promises(page: str) -> dict[str, list[str]]:
    """Return the tests of each promise of a page, by the promise's first line."""
    return {
        lines[0]: re.findall(r"^  \* `(.+)`$", promise, re.MULTILINE)
        for promise in re.split(r"^\* ", section(page), flags=re.MULTILINE)[1:]
        if (lines := promise.splitlines())
    }


PROMISES = {promise: tests for page in SECTIONS for promise, tests in promises(page).items()}


def functions(file: Path) -> set[str]:
    """Return the names of the functions at the top level of a file."""
    return {
        node.name
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize(("page", "at_least"), [("README.md", 11), ("SECURITY.md", 8)])
def test_there_are_promises(page: str, at_least: int) -> None:
    """The section is read as it is written."""
    found = promises(page)

    assert len(found) >= at_least
    assert section(page).count("::test_") == sum(map(len, found.values()))


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_names_tests_that_exist(promise: str) -> None:
    """Each promise is followed by at least one `<file>::<test>`, and each of them exists."""
    assert PROMISES[promise]
    for named in PROMISES[promise]:
        file, _, test = named.partition("::")
        assert file.startswith("tests/")
        assert test.startswith("test_")
        assert test in functions(REPO / file), named
