"""The committed generated constructs are those of the descriptions."""

from __future__ import annotations

import dataclasses
import inspect
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import constructs_lib
from constructs_lib.elements import AepDataSource, AepResource
from provider_shim.destinations import DESTINATIONS, Destination
from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import Block, DataSource
from tools.generate.python_text import camel

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
BLOCKS: dict[str, Block] = {
    **CATALOGUE.resources,
    **{f"data.{name}": block for name, block in CATALOGUE.data_sources.items()},
}


def generate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the tool of a project in this folder."""
    command = [sys.executable, "-m", "tools.generate.constructs", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_committed_constructs_are_up_to_date() -> None:
    """Making them again changes nothing."""
    checked = generate(ROOT, "--check")

    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_stale_construct_is_noticed(tmp_path: Path) -> None:
    """A changed, a surplus and a missing module are named; making them again mends all three."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    folder = tmp_path / "constructs_lib" / "generated"
    folder.mkdir(parents=True)
    generate(tmp_path).check_returncode()
    made = {path.name: path.read_text() for path in folder.iterdir()}
    (folder / "flow.py").write_text("changed")
    (folder / "gone.py").write_text("surplus")
    (folder / "timeouts.py").unlink()

    checked = generate(tmp_path, "--check")
    generate(tmp_path).check_returncode()

    assert checked.returncode == 1
    assert [name in checked.stderr for name in ("flow.py", "gone.py", "timeouts.py")] == [True] * 3
    assert "provider.py" not in checked.stderr
    assert {path.name: path.read_text() for path in folder.iterdir()} == made
    assert made == {
        path.name: path.read_text() for path in (ROOT / folder.relative_to(tmp_path)).glob("*.py")
    }


def construct_of(block: Block) -> type[AepResource] | type[AepDataSource]:
    """The exported construct of a type."""
    base = AepDataSource if isinstance(block, DataSource) else AepResource
    [found] = [
        each
        for each in vars(constructs_lib).values()
        if inspect.isclass(each) and issubclass(each, base) and block.type_name == each.TF_RESOURCE_TYPE
    ]
    return found


def settable(attributes: tuple[Attribute, ...]) -> dict[str, bool]:
    """What a user may give, and whether it is required."""
    return {each.name: each.required for each in attributes if each.presence is not Presence.COMPUTED}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=list(BLOCKS))
def test_each_attribute_is_an_argument_and_an_output(block: Block) -> None:
    """Every attribute that a user may give is a keyword, required where it is; every attribute an output."""
    construct = construct_of(block)
    parameters: dict[str, Any] = dict(inspect.signature(construct.__init__).parameters)
    for name in ("self", "scope", "id_", "count", "depends_on", "for_each", "lifecycle", "provider"):
        del parameters[name]

    assert {name: each.default is inspect.Parameter.empty for name, each in parameters.items()} == settable(
        block.attributes
    )
    assert {each.name for each in block.attributes} <= {
        name for name, each in vars(construct).items() if isinstance(each, property)
    }


@pytest.mark.parametrize("resource", ["base_connection", "target_connection"])
@pytest.mark.parametrize("destination", DESTINATIONS, ids=lambda each: each.name)
def test_nested_attributes_are_value_classes(destination: Destination, resource: str) -> None:
    """Each destination's blocks are frozen classes with the fields of the description."""
    made = getattr(constructs_lib, f"{camel(resource)}{camel(destination.name)}")
    nested = CATALOGUE.resources[f"aep_{resource}"].attribute(destination.name).nested

    assert nested is not None
    assert {each.name: each.default is dataclasses.MISSING for each in dataclasses.fields(made)} == settable(
        nested.attributes
    )


def test_no_output_hides_a_member_of_cdktf() -> None:
    """An attribute named like something of CDKTF's own would break the construct."""
    for block in BLOCKS.values():
        construct = construct_of(block)
        base = AepResource if issubclass(construct, AepResource) else AepDataSource
        hidden = {each.name for each in block.attributes if hasattr(base, each.name)}

        assert hidden == set(), block.type_name
