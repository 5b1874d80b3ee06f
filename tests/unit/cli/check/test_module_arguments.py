"""Keys are followed through the variables of local modules."""

from __future__ import annotations

import pytest

from tests.unit.cli.check.conftest import Check, left_out, lines

MODULE = """\
variable "schedule" {
  type = object({ interval = number, end_time = optional(string), tags = any })
}
variable "datasets" { type = set(object({ id = string, name = optional(string) })) }
variable "names" { type = map(object({ prefix = string })) }
variable "free" {}
resource "aep_source_connection" "this" { datasets = var.datasets }
"""


def test_unknown_keys_of_a_modules_arguments_are_reported(check: Check) -> None:
    """Terraform drops keys that the type of a variable does not have: they are reported where it is set."""
    findings = check(
        """\
module "orders" {
  source   = "./export"
  schedule = { intervall = 3, tags = { any = 1 } }
  datasets = [{ id = "a" }, { nme = "b" }]
  names    = { a = { prefx = "a" } }
  free     = { anything = 1 }
}
module "others" {
  source   = "./export"
  schedule = var.schedule
}
""",
        **{"export/main.tf": MODULE},
    )

    assert lines(findings) == [
        "3: module.orders: schedule: intervall: interval",
        "4: module.orders: datasets[1]: nme: name",
        "5: module.orders: names[a]: prefx: prefix",
    ]
    assert left_out(findings) == ["10: module.others: schedule: its value is var.schedule"]


@pytest.mark.parametrize("users", [True, False])
def test_modules_that_do_not_use_the_provider_are_left_alone(users: bool, check: Check) -> None:
    """The arguments of a module are checked if it, or a module that it calls, has a block of the provider."""
    inner = 'resource "aep_sandbox" "s" {}' if users else 'resource "aws_flow" "f" {}'
    findings = check(
        'module "outer" {\n  source = "./outer"\n  place  = { pth = 1 }\n}\n',
        **{
            "outer/main.tf": 'variable "place" { type = object({ path = string }) }\n'
            'module "inner" { source = "../inner" }\n',
            "inner/main.tf": inner,
        },
    )

    assert lines(findings) == (["3: module.outer: place: pth: path"] if users else [])


def test_the_type_of_a_variable_is_compared_with_the_schema(check: Check) -> None:
    """A variable that is passed as a whole has the keys of its type."""
    findings = check(
        """\
variable "blob" {
  type = object({
    conection_string = string
  })
}
variable "datasets" { type = list(object({ id = string, nme = optional(string) })) }
variable "schedule" { type = any }
variable "flow" {
  type = list(any)
}
resource "aep_base_connection" "b" { azure_blob = var.blob }
resource "aep_source_connection" "s" { datasets = var.datasets }
resource "aep_source_connection" "t" { datasets = var.flow }
resource "aep_flow" "f" { schedule = var.schedule }
"""
    )

    assert lines(findings) == [
        "3: aep_base_connection.b: azure_blob: conection_string: connection_string",
        "6: aep_source_connection.s: datasets[*]: nme: name",
    ]
    assert left_out(findings) == [
        "13: aep_source_connection.t: datasets: its value is var.flow",
        "14: aep_flow.f: schedule: its value is var.schedule",
    ]
