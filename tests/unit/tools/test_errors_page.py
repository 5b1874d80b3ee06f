"""The guide about errors has every summary that the provider can tell, by its literal text, and no other.

A summary with a value in it (`f"The {noun} is gone"`) stands on the page with a word in angle brackets
(`The <object> is gone`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from provider_shim.client.http.status_errors import _CODES
from provider_shim.lifecycle.session.operation_errors import _SUMMARIES
from provider_shim.resources import CATALOGUE
from provider_shim.schema.block_rules import AllowedCombinations
from tools.generate.reference_schema import attributes_of

REPO = Path(__file__).resolve().parents[3]
PAGE = (REPO / "docs" / "guides" / "errors.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^### `(.+)`$", PAGE, re.M)

# Where the summary is a name in the code, and what it is there.
VARIABLES = {
    (
        "lifecycle/session/operation_errors.py",
        "summary",
    ): "the table of the client's errors, and one more sentence",
    ("lifecycle/session/operation_errors.py", "diagnostic.summary"): "a summary from elsewhere, as a warning",
    ("schema/block_rules.py", "self.summary"): "the descriptions' own combinations",
    (
        "protocol/encoding/diagnostics.py",
        "_printable(diagnostic.summary)",
    ): "a summary from elsewhere, encoded",
    ("schema/diagnostics.py", "summary"): "what the two functions are called with",
}
DIAGNOSTIC_FUNCTIONS = {"error", "warning", "Diagnostic"}


def _calls() -> Iterator[tuple[str, ast.expr]]:
    """The file and the summary of each diagnostic in the provider's code."""
    for file in sorted((REPO / "provider_shim").rglob("*.py")):
        if file.name.endswith("_pb2.py"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            by_name = isinstance(node.func, ast.Name) and node.func.id in DIAGNOSTIC_FUNCTIONS
            in_wire = isinstance(node.func, ast.Attribute) and node.func.attr == "Diagnostic"
            name = str(file.relative_to(REPO / "provider_shim"))
            if by_name:
                position = 1 if isinstance(node.func, ast.Name) and node.func.id == "Diagnostic" else 0
                yield name, node.args[position]
            elif in_wire:
                yield name, next(each.value for each in node.keywords if each.arg == "summary")


def _patterns(summary: ast.expr) -> list[str]:
    """Regular expressions for what the page calls a summary; none where the code names a variable."""
    match summary:
        case ast.Constant():
            return [re.escape(str(summary.value))]
        case ast.JoinedStr():
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "<[^<>]+>"
                for part in summary.values
            ]
            return ["".join(parts)]
        case ast.IfExp():
            return _patterns(summary.body) + _patterns(summary.orelse)
        case ast.BinOp(op=ast.Add()):
            return [one + other for one in _patterns(summary.left) for other in _patterns(summary.right)]
        case _:
            return []


def _summaries() -> set[str]:
    """All summaries as regular expressions."""
    found = {pattern for _, summary in _calls() for pattern in _patterns(summary)}
    found |= {re.escape(text) for text in _SUMMARIES.values()} | {"Could not <[^<>]+> <[^<>]+>"}
    for block in (*CATALOGUE.resources.values(), *CATALOGUE.data_sources.values()):
        nested = [each.nested.rules for _, each in attributes_of(block) if each.nested is not None]
        for rule in (*block.rules, *(rule for rules in nested for rule in rules)):
            if isinstance(rule, AllowedCombinations):
                found.add(re.escape(rule.summary))
    return found


SUMMARIES = sorted(_summaries())


def test_there_are_summaries() -> None:
    """The search finds the diagnostics, and so does the one for the page's headings."""
    assert len(SUMMARIES) > 30
    assert len(HEADINGS) > 30


@pytest.mark.parametrize("pattern", SUMMARIES)
def test_every_summary_is_on_the_page(pattern: str) -> None:
    """Each summary of a diagnostic in the code has a section in the guide."""
    assert [heading for heading in HEADINGS if re.fullmatch(pattern, heading)]


def test_the_page_has_no_summary_that_is_gone() -> None:
    """Each section of the guide is about a summary that the code has."""
    assert [each for each in HEADINGS if not any(re.fullmatch(pattern, each) for pattern in SUMMARIES)] == []


def test_no_summary_hides_in_a_variable() -> None:
    """Where the code names a variable for a summary, this module knows what can be in it."""
    hidden = {(file, ast.unparse(summary)) for file, summary in _calls() if not _patterns(summary)}

    assert hidden == set(VARIABLES)


@pytest.mark.parametrize("code", [code for _, codes in _CODES for code in codes.split()])
def test_every_code_of_adobe_is_on_the_page(code: str) -> None:
    """Each of Adobe's error codes that the client knows is in the guide's table."""
    assert re.search(rf"^\|.*\b{code}\b.*\|$", PAGE, re.M)


def test_every_section_says_what_to_do() -> None:
    """No section is empty."""
    sections = re.findall(r"^### `(.+)`\n+((?:(?!#).*\n)*)", PAGE, re.M)

    assert len(sections) == len(HEADINGS)
    assert [heading for heading, text in sections if len(text.split()) < 10] == []
