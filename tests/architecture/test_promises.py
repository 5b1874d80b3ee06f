"""The promises in README name the tests that keep them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
README = (REPO / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("\n## What it promises\n")[2].partition("\n## ")[0]
PROMISES = {
    lines[0]: re.findall(r"^  \* `(.+)`$", promise, re.MULTILINE)
    for promise in re.split(r"^\* ", SECTION, flags=re.MULTILINE)[1:]
    if (lines := promise.splitlines())
}


def functions(file: Path) -> set[str]:
    """Return the names of the functions at the top level of a file."""
    return {
        node.name
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_there_are_promises() -> None:
    """The section is read as it is written."""
    assert len(PROMISES) > 10
    assert SECTION.count("::test_") == sum(map(len, PROMISES.values()))


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_names_tests_that_exist(promise: str) -> None:
    """Each promise is followed by at least one `<file>::<test>`, and each of them exists."""
    assert PROMISES[promise]
    for named in PROMISES[promise]:
        file, _, test = named.partition("::")
        assert file.startswith("tests/")
        assert test.startswith("test_")
        assert test in functions(REPO / file), named
