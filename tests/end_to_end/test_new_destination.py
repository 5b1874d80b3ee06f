"""A new destination is one TOML file, two emulator specs and one example; everything else follows.

The test adds the destination of `new_destination/` to a copy of the project, generates, and runs on the copy
what a contributor would run.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.end_to_end.copied_tree import CopiedTree

pytestmark = pytest.mark.slow

PIECES = Path(__file__).with_name("new_destination")
NAME = "example_box"
EXAMPLE = Path("examples/cdktf/all_destinations/main.py")

FILES = {
    "TOML": {"example_box.toml": "provider_shim/destinations"},
    "emulator specs": {
        "connection-example-box.json": "flow_emulator/specs",
        "flow-example-box.json": "flow_emulator/specs",
    },
}
"""The new files, with the folder of each. The example is a change of an existing file."""

EACH_DESTINATION = {
    "test_an_example_has_the_secrets_of_its_method",
    "test_an_example_keeps_the_rules_of_its_field",
    "test_every_destination",
    "test_every_destination_has_an_example",
    "test_every_destination_has_its_constructor",
    "test_facts_have_sources",
    "test_nested_attributes_are_value_classes",
    "test_no_blow_up",
}
"""Some of the tests that have one case for each destination, with its name."""

WHOLE = (
    "tests/synth",
    "tests/unit/flow_emulator",
    "tests/unit/resources",
    "tests/unit/schema",
    "tests/unit/tools",
)
"""Tests that read the catalogue, the specs, the constructs or the pages as a whole."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> CopiedTree:
    """A copy of the project with the new destination, and with everything generated anew."""
    tree = CopiedTree(tmp_path_factory.mktemp("copy"))
    for files in FILES.values():
        for name, folder in files.items():
            shutil.copy(PIECES / name, tree.folder / folder / name)
    _add_example(tree.folder / EXAMPLE)
    _run(tree, "python", "-m", "tools.generate")
    return tree


def test_few_files_are_written_by_hand(record_property: Callable[[str, object], None]) -> None:
    """Beside the changelog, only these are written by hand."""
    counts = [(len(files), kind) for kind, files in FILES.items()] + [(1, "example")]
    record_property("by hand for a new destination", ", ".join(f"{count} {kind}" for count, kind in counts))

    assert counts == [(1, "TOML"), (2, "emulator specs"), (1, "example")]
    assert {each.name for each in PIECES.iterdir()} == {
        *(name for files in FILES.values() for name in files),
        "main.py.part",
    }


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check"),
        ("ruff", "format", "--check"),
        ("mypy",),
        ("lint-imports",),
        ("python", "-m", "tools.generate", "--check"),
        ("terraform", "fmt", "-check", "-recursive", "modules"),
    ],
    ids=" ".join,
)
def test_the_copy_has_no_lint(tree: CopiedTree, command: Sequence[str]) -> None:
    """Style, types, imports, generated files and HCL are in order as they are generated."""
    _run(tree, *command)


def test_the_demo_synthesises_the_destination(tree: CopiedTree) -> None:
    """`make demo` synthesises the example with the new destination, and has a value for each secret."""
    program = (
        "from tools.demo import Demo\n"
        "demo = Demo()\n"
        "demo.folder.mkdir()\n"
        "demo.install()\n"
        "demo.synthesise()\n"
        "print('variables', *(each for each in demo.bench.environment if each.startswith('TF_VAR_')))\n"
    )
    output = _run(tree, "python", "-c", program)
    (path,) = tree.folder.glob(".demo/cdktf.out/stacks/*/cdk.tf.json")
    stack = json.loads(path.read_text(encoding="utf-8"))
    made = [each for each in stack["resource"]["aep_target_connection"].values() if NAME in each]
    variables = output[output.index("variables ") :].split()[1:]

    assert len(made) == 2
    assert {f"TF_VAR_{each}" for each in stack["variable"]} == {*variables}


def test_the_tests_pick_the_destination_up(tree: CopiedTree) -> None:
    """The tests with a case for each destination have one for the new one, and each of its cases passes."""
    output = _run(tree, "python", "-m", "pytest", "-v", "-k", f"{NAME} or specs", "tests/unit", "tests/synth")
    passed = re.findall(rf"^\S+::(\w+)\[.*{NAME}.*\] PASSED", output, re.MULTILINE)

    assert {*passed} >= EACH_DESTINATION
    assert len(passed) > 50


def test_the_tests_of_the_whole_pass(tree: CopiedTree) -> None:
    """The tests that compare the catalogue with the constructs and the pages pass."""
    _run(tree, "python", "-m", "pytest", "-q", "-m", "not thorough", *WHOLE)


def test_terraform_exports_to_the_destination(tree: CopiedTree) -> None:
    """The module exports to the new destination on the emulator, with real Terraform, by each method."""
    test = "tests/acceptance/test_dataset_export_module.py::test_every_destination_is_exported_to"
    _run(tree, "python", "-m", "pytest", "-q", test)


def _add_example(file: Path) -> None:
    """Add the exports to the example, and the import of the credentials' class."""
    text = file.read_text(encoding="utf-8")
    for before, added in (
        ("\n    def secret(self", (PIECES / "main.py.part").read_text(encoding="utf-8")),
        ("    FileFormat,\n", "    ExampleBoxCredentials,\n"),
    ):
        assert text.count(before) == 1
        text = text.replace(before, added + before)
    file.write_text(text, encoding="utf-8")


def _run(tree: CopiedTree, program: str, *arguments: str) -> str:
    """The output of a program of the copy's environment; the test fails where it does."""
    own = tree.python.parent / program
    ran = tree.run([own if own.exists() else program, *arguments])
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
