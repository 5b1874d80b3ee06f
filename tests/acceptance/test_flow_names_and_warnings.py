"""Flows that share a name stop a plan, replacements do not; each warning about a flow is shown once."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.acceptance.configurations import EXPORT, FLOW, PROVIDER, flow
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import CommandResult, Terraform

pytestmark = pytest.mark.slow

AGAIN = "The first run exports everything again"
SECOND = FLOW.replace('"this"', '"second"')
CONNECTIONS = EXPORT.removesuffix(FLOW)
IDS = """
  source_connection_id = aep_source_connection.this.id
  target_connection_id = aep_target_connection.this.id
"""


def warnings(*results: CommandResult) -> Counter[str]:
    """Return how often commands have shown each warning."""
    return Counter(
        each.summary for result in results for each in result.diagnostics if each.severity == "warning"
    )


def test_two_new_flows_of_one_name_stop_the_plan(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Two flows of one name are an error on `name` before anything is created, also if one of them exists;
    `existing_names = "ignore"` allows them.
    """
    terraform.write(EXPORT + SECOND)

    (problem,) = terraform.failing_apply()

    assert (problem.summary, problem.attribute) == ("Several flows of one name", "name")
    assert "2 new flows" in problem.text
    assert flow_service.requests == []
    terraform.write(EXPORT)
    terraform.apply()
    identifier = terraform.state()["aep_flow.this"]["id"]
    terraform.write(EXPORT + SECOND)
    (problem,) = terraform.failing_plan()
    assert f"1 new flow and the existing flow {identifier}" in problem.text
    terraform.environment["AEP_EXISTING_NAMES"] = "ignore"
    terraform.apply()
    assert len(flow_service.entities("flows")) == 2
    del terraform.environment["AEP_EXISTING_NAMES"]
    terraform.assert_empty_plan()  # neither of them is new any more


MODULE = (
    PROVIDER.removesuffix('\nprovider "aep" {}\n')
    + 'variable "name" {}\nvariable "source_id" {}\nvariable "target" {}\n'
    + flow(name="x")
    .replace('"aep_flow" "this" {', '"aep_flow" "this" {\n  for_each = toset(["a", "b"])')
    .replace('"x"', '"${var.name} ${each.key}"')
    .replace("aep_source_connection.this.id", "var.source_id")
    .replace("aep_target_connection.this", "var.target")
)
USES = "".join(
    f"""
module "{name}" {{
  source    = "./exports"
  name      = "{name}"
  source_id = aep_source_connection.this.id
  target    = aep_target_connection.this
}}
"""
    for name in ("first", "second")
)


def test_replacements_are_no_flows_of_one_name(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """The flows of two uses of a module, with `for_each` in each, have names of their own. A flow that is
    replaced by `-replace`, by taint, or with its target connection, does not share a name with itself, in an
    apply and from a saved plan. That it exports everything again is shown once, and never of a new flow.
    """
    (terraform.folder / "exports").mkdir()
    terraform.write(MODULE, "exports/main.tf")
    terraform.write(CONNECTIONS + USES)
    terraform.init()
    address = 'module.first.aep_flow.this["a"]'

    created = terraform.apply()
    replaced = terraform.apply(f"-replace={address}")
    terraform.run("taint", address, expected=(0,))
    planned = terraform.plan("-out=saved.plan")
    applied = terraform.run("apply", "-json", "saved.plan", expected=(0,), events=True)
    terraform.write(
        (CONNECTIONS + USES).replace(
            '"exports/orders" }', '"exports/other" }\n  on_change          = "replace"'
        )
    )
    moved_plan = terraform.plan("-out=saved.plan")
    moved = terraform.run("apply", "-json", "saved.plan", expected=(0,), events=True)

    assert warnings(created) == {}
    assert warnings(replaced) == {AGAIN: 1}
    assert (warnings(planned), warnings(applied)) == ({AGAIN: 1}, {})
    assert (warnings(moved_plan), warnings(moved)) == ({AGAIN: 4}, {})
    assert len(flow_service.entities("flows")) == 4
    terraform.assert_empty_plan()


def test_each_warning_is_shown_once(terraform: Terraform) -> None:
    """A warning about a new or changed flow is shown by the plan and not by the apply, whether both are one
    command or two.
    """
    times = 'start_time  = "2031-12-01T00:00:00Z"\n    end_time    = "2032-12-01T00:00:00Z"'
    doubtful = 'start_time = "2031-05-01T00:00:00Z"\n folder_name_template = "%DATASET_NAME%"'
    terraform.write(EXPORT.replace(times, doubtful))
    created = terraform.apply()
    terraform.write(EXPORT.replace(times, doubtful.replace("DATASET", "ORGANIZATION")))
    changed = terraform.apply()
    terraform.write(EXPORT.replace(times, doubtful).replace("= 3", "= 6"))
    planned = terraform.plan("-out=saved.plan")
    applied = terraform.run("apply", "-json", "saved.plan", expected=(0,), events=True)

    no_end = "The exports have no end that you chose"
    macros = "Doubtful macros in the folder name"
    assert warnings(created) == {no_end: 1, "The start is in the past": 1, macros: 1}
    assert warnings(changed) == {no_end: 1, macros: 1}
    assert (warnings(planned), warnings(applied)) == ({no_end: 1, macros: 1}, {})
