"""A new destination is one TOML file, two emulator specs and one example; everything else follows.

The test adds the destination of `new_destination/` to a copy of the project, generates, and runs on the copy
what a contributor would run.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
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

PICKS_UP = (
    "tests/synth/test_dataset_export_synth.py",
    "tests/synth/test_generated_constructs.py",
    "tests/unit/lifecycle/test_credentials_plan.py",
    "tests/unit/lifecycle/test_every_rule.py",
    "tests/unit/lifecycle/test_journeys.py",
    "tests/unit/lifecycle/test_lookups.py",
    "tests/unit/lifecycle/test_validate.py",
    "tests/unit/resources/test_descriptions.py",
    "tests/unit/resources/test_published_patterns.py",
    "tests/unit/schema/test_wire_answers.py",
    "tests/unit/tools/test_example_values.py",
    "tests/unit/tools/test_page_sections.py",
)
"""Files with tests that have one case for each destination, by its name."""

OTHERS = (
    "tests/synth",
    "tests/unit/resources",
    "tests/unit/tools",
    "tests/unit/emulator/test_emulated_specs.py",
)
"""Tests whose cases name no destination; they read the catalogue, the pages or the specs as a whole."""


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


def test_few_files_are_written_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the changelog, only these are written by hand."""
    counts = [(len(files), kind) for kind, files in FILES.items()] + [(1, "example")]
    with capsys.disabled():
        print("\nby hand for a new destination:", ", ".join(f"{count} {kind}" for count, kind in counts))

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
    """The tests with a case for each destination have one for the new one, and all of them pass."""
    output = _run(tree, "python", "-m", "pytest", "-v", "--no-header", *PICKS_UP, *OTHERS)
    passed = re.findall(r"^(\S+)::\S.* PASSED", output, re.MULTILINE)
    with_name = re.findall(rf"^(\S+)::\S*\[.*{NAME}.*\] PASSED", output, re.MULTILINE)

    assert len(passed) > len(with_name) > len(PICKS_UP)
    assert {*PICKS_UP} - {*with_name} == set()


def test_terraform_exports_to_the_destination(tree: CopiedTree) -> None:
    """The module exports to the new destination on the emulator, with real Terraform, by each method."""
    test = "tests/acceptance/test_module.py::test_every_destination_is_exported_to"
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
