"""The sources of a secret are found in a number of steps that is in proportion to what a stack declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from cdktf import App, TerraformStack

from constructs_lib.secrets.declarations import UNDECLARED, Output
from constructs_lib.secrets.definitions import Declared
from constructs_lib.secrets.problems import LITERAL, problem_of
from constructs_lib.secrets.sources import Sources

SECRET = "AKIACANARYCANARYCANA"
VARIABLES: dict[str, Mapping[str, object]] = {"secret": {"ephemeral": True}}


@dataclass
class Declarations:
    """What a stack declares. Counts the local values that are read."""

    locals: Mapping[str, object]
    variables: Mapping[str, Mapping[str, object]] = field(default_factory=lambda: VARIABLES)
    outputs: Mapping[tuple[str, str], Output] = field(default_factory=dict)
    reads: int = 0

    def variable(self, name: str) -> Mapping[str, object] | None:
        """The variable's block, or `None`."""
        return self.variables.get(name)

    def local(self, name: str) -> object:
        """The local value's expression, or `UNDECLARED`."""
        self.reads += 1
        return self.locals.get(name, UNDECLARED)

    def for_each(self) -> object:
        """No resource repeats."""
        return None

    def output(self, state: str, name: str) -> Output | None:
        """The output of another stack, or `None`."""
        return self.outputs.get((state, name))


def problem(value: object, declarations: Declarations) -> str | None:
    """The problem of a secret argument with this value."""
    sources = Sources(declarations)
    sources.add(value)
    return problem_of(sources)


@pytest.mark.parametrize(
    ("first", "expected"), [("${var.secret}", None), (f"${{var.secret}}{SECRET}", "can be a part")]
)
def test_local_values_that_double_are_each_read_once(first: str, expected: str | None) -> None:
    """A local value that uses another one twice is examined without examining that one twice."""
    texts = {f"l{level}": f"${{local.l{level - 1}}}${{local.l{level - 1}}}" for level in range(1, 200)}
    declared = Declarations({"l0": first, **texts})

    found = problem("${local.l199}", declared)

    assert found is None if expected is None else expected in str(found)
    assert declared.reads < 1_000


@pytest.mark.parametrize("use", ["${%s}${%s}", "${%s}${%s.x}"])
def test_a_for_inside_a_for_is_read_once(use: str) -> None:
    """A collection is examined once for all references to its elements."""
    collection = "local.all"
    for level in range(12):
        name = f"v{level}"
        collection = f'[for {name} in {collection} : "{use % (name, name)}"]'
    declared = Declarations({"all": ["${var.secret}"]})

    assert problem(f"${{{collection}[0]}}", declared) is None
    assert declared.reads < 100


@pytest.mark.parametrize(
    "value",
    [
        f'${{[for a in [["{SECRET}"]] : [for a in a : a][0]][0]}}',
        f'${{[for a in [for a in ["{SECRET}"] : a] : a][0]}}',
    ],
)
def test_the_same_name_in_two_loops_hides_no_literal(value: str) -> None:
    """The collection of an inner loop can use the name of the outer one, as Terraform scopes it."""
    assert problem(value, Declarations({})) == LITERAL


def test_a_local_value_of_the_same_name_in_another_stack_is_examined() -> None:
    """The names of two stacks are apart: the other stack's `password` is a literal."""
    other = Declarations({"password": SECRET})
    reference = "${var.secret}-${data.terraform_remote_state.other.outputs.password}"
    here = Declarations(
        {"password": reference}, outputs={("other", "password"): Output(other, "${local.password}")}
    )

    assert "can be a part of the secret" in str(problem("${local.password}", here))


@pytest.mark.parametrize(
    "text",
    ["${local.a.x}", "${local.a.x}${local.a.y}", "${[for v in local.a : v.x]}"],
)
def test_a_value_that_is_nested_without_end_is_rejected(text: str) -> None:
    """A value that can't be examined to its end counts as a literal."""
    declared = Declarations({"a": text})

    assert problem("${local.a}", declared) == LITERAL
    assert declared.reads < 3_000


def test_deep_steps_into_a_literal_are_rejected() -> None:
    """A part of a local value is examined however many attributes lead to it, or rejected."""
    assert problem("${local.a" + ".x" * 60 + "}", Declarations({"a": "${var.secret}"})) == LITERAL


@pytest.mark.parametrize("last", ["${var.secret}", SECRET, "${local.l0}"])
def test_a_long_chain_of_local_values_is_examined(last: str) -> None:
    """A chain that is longer than Python's stack ends in an answer, and not in an exception."""
    chain = {f"l{level}": f"${{local.l{level - 1}}}" for level in range(1, 900)}

    found = problem("${local.l899}", Declarations({"l0": last, **chain}))

    assert found == (None if "var" in last else LITERAL)


def test_a_default_that_refers_to_its_own_variable_is_rejected() -> None:
    """Terraform allows no references in a default, and none is followed."""
    variables: dict[str, Mapping[str, object]] = {"a": {"ephemeral": True, "default": "${var.a}"}}

    assert "has a default" in str(problem("${var.a}", Declarations({}, variables)))


def test_stacks_that_use_each_other_s_outputs_are_examined_once() -> None:
    """Outputs in a circle between two stacks end."""
    app = App()
    one, two = TerraformStack(app, "one"), TerraformStack(app, "two")
    for stack, other in ((one, "two"), (two, "one")):
        text = f"${{data.terraform_remote_state.cross-stack-reference-input-{other}.outputs.a}}"
        stack.add_override("output.a.value", text)
    sources = Sources(Declared(one, one.to_terraform(), {}))

    sources.add("${data.terraform_remote_state.cross-stack-reference-input-two.outputs.a}")

    assert problem_of(sources) == LITERAL
