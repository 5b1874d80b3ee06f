"""Expressions are followed where their keys are written out, and named where they aren't."""

from __future__ import annotations

import pytest

from tests.unit.cli.check.conftest import Check, left_out, lines

FOLLOWED = {
    "literal": '{ conection_string = "x" }',
    "quoted key": '{ "conection_string" : "x" }',
    "parentheses": '(({ conection_string = "x" }))',
    "conditional": "var.blob ? { conection_string = null } : null",
    "merge": '{ connection_string = "x" } == null ? null : merge({ conection_string = "x" }, {})',
    "local": "local.blob",
    "interpolation": '"${local.blob}"',
    "comment": '{ # comment\n  /* another */ conection_string = "x" // end\n}',
    "heredoc": "{ conection_string = <<-EOT\n    { text = \n  EOT\n}",
}


@pytest.mark.parametrize("case", FOLLOWED)
def test_keys_that_are_written_out_are_found(case: str, check: Check) -> None:
    """The keys of an object are compared in each expression that has it in the configuration."""
    findings = check(
        f"resource aep_base_connection lake {{\n  azure_blob = {FOLLOWED[case]}\n}}\n"
        'locals {\n  blob = { conection_string = "x" }\n}\n'
    )

    [found] = findings.unknown
    assert (found.address, found.path, found.key) == (
        "aep_base_connection.lake",
        "azure_blob",
        "conection_string",
    )
    assert found.suggestion == "connection_string"
    assert (findings.not_checked, findings.unreadable) == ([], [])


NOT_FOLLOWED = {
    "var.blob": "its value is var.blob",
    "each.value": "its value is each.value",
    'var.blobs["secret-key"]': "its value is var.blobs...",
    'jsondecode("{ secret }")': "its value is jsondecode(...)",
    "local.other": "its value is local.other",
    "local.cycle": None,
    "merge(var.blobs...)": "its value is merge(...)",
    "{ for k, v in var.blob : k => v }": "its value is a for expression",
    '{ (var.key) = "x" }': "it has a computed key",
    '{ "${var.key}" = "x" }': "it has a computed key",
    '{ "\\u0075rl" = "x" }': "it has a computed key",
    "one([for local in var.x : local.other])": "its value is one(...)",
    "{ for var in var.blobs : var => { wrong = 1 } }": "its value is a for expression",
    '"text"': None,
    "null": None,
}


@pytest.mark.parametrize("expression", NOT_FOLLOWED)
def test_other_expressions_are_named_without_their_literals(expression: str, check: Check) -> None:
    """A value whose keys are not in the configuration is named with its line; literals are not quoted."""
    findings = check(
        f"resource aep_base_connection lake {{\n  azure_blob = {expression}\n}}\n"
        "locals {\n  cycle = local.cycle\n}\n"
    )

    reason = NOT_FOLLOWED[expression]
    assert left_out(findings) == ([f"2: aep_base_connection.lake: azure_blob: {reason}"] if reason else [])
    assert "secret" not in str(findings.not_checked)
    assert (findings.unknown, findings.unreadable) == ([], [])


def test_elements_of_collections_are_compared(check: Check) -> None:
    """Each element of a list is compared, and the element of a `for` expression."""
    findings = check(
        """\
resource "aep_source_connection" "one" {
  datasets = concat([{ id = "a" }, { nam = "b" }], toset([{ ids = "c" }]))
}
resource "aep_source_connection" "two" {
  datasets = [for each in var.datasets : { id = each, nme = each }]
}
"""
    )

    assert lines(findings) == [
        "2: aep_source_connection.one: datasets[1]: nam: name",
        "2: aep_source_connection.one: datasets[0]: ids: id",
        "5: aep_source_connection.two: datasets[*]: nme: name",
    ]


def test_expressions_in_json_are_read(check: Check) -> None:
    """An expression in a JSON string is followed like one of HCL, on the line of the string."""
    findings = check(
        **{
            "main.tf.json": """\
{"locals": {"blob": {"conection_string": "x"}}, "resource": {"aep_base_connection": {"lake": {
  "//": {"metadata": 1},
  "azure_blob": "${merge(local.blob, {\\"url\\" = 1})}",
  "sftp": "${var.sftp}", "adls_gen2": {"${var.key}": "x", "//": "a comment"},
  "amazon_s3": "${not valid"
}}}}
"""
        }
    )

    assert lines(findings) == [
        "1: aep_base_connection.lake: azure_blob: conection_string: connection_string",
        "3: aep_base_connection.lake: azure_blob: url: None",
    ]
    assert left_out(findings) == [
        "4: aep_base_connection.lake: sftp: its value is var.sftp",
        "4: aep_base_connection.lake: adls_gen2: it has a computed key",
    ]


def test_a_web_of_locals_ends(check: Check) -> None:
    """Locals that double at each step are read once each."""
    chain = "\n".join(f"  l{n} = merge(local.l{n + 1}, local.l{n + 1})" for n in range(60))
    findings = check(
        f"locals {{\n{chain}\n  l60 = {{ urll = 1, conection_string = 1 }}\n}}\n"
        "resource aep_base_connection lake {\n  azure_blob = local.l0\n}\n"
    )

    assert [each.key for each in findings.unknown] == ["conection_string"]


def test_a_long_chain_of_locals_is_named(check: Check) -> None:
    """Locals that refer to each other through more levels than Python's stack allows are not followed."""
    chain = "\n".join(f"  l{n} = local.l{n + 1}" for n in range(1000))
    findings = check(f"locals {{\n{chain}\n}}\nresource aep_base_connection lake {{\n  sftp = local.l0\n}}\n")

    assert left_out(findings) == ["1004: aep_base_connection.lake: sftp: its value refers to too many others"]


def test_a_local_value_can_have_keys_for_other_purposes(check: Check) -> None:
    """A key of a local value or a variable's type is reported if it is similar to a key that is missing."""
    findings = check(
        """\
locals {
  orders = { id = "a", name = "orders", names = ["x"], folder = "orders", owner = "data" }
  people = { id = "a", nme = "people", folder = "people" }
}
variable "more" { type = list(object({ id = string, name = string, owner = string, names = any })) }
resource "aep_source_connection" "s" { datasets = [local.orders, local.people] }
resource "aep_source_connection" "t" { datasets = [merge(local.orders, { folder = "written here" })] }
resource "aep_source_connection" "u" { datasets = var.more }
"""
    )

    assert lines(findings) == [
        "3: aep_source_connection.s: datasets[1]: nme: name",
        "7: aep_source_connection.t: datasets[0]: folder: None",
    ]
