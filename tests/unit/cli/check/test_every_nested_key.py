"""A renamed key of any nested object in the schema is reported, in HCL and in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.cli.check.configuration import check_configuration
from provider_shim.resources import CATALOGUE
from provider_shim.schema.block import Block
from provider_shim.schema.types import List, Map, Object, Set, Type
from tests.unit.cli.check.conftest import Check

KINDS = {
    "resource": ("", CATALOGUE.resources),
    "data": ("data.", CATALOGUE.data_sources),
    "ephemeral": ("ephemeral.", CATALOGUE.ephemeral_resources),
    "action": ("action.", CATALOGUE.actions),
    "list": ("list.", CATALOGUE.list_resources),
}
CONFIGURED = ("action", "list")
"""Kinds of blocks with the provider's arguments in a block `config`."""

Mistake = tuple[str, Any, str]
"""The path of an object, a value with one renamed key in it, and that key."""


def nested_mistakes(kind: Type, path: str) -> Iterator[Mistake]:
    """Yield a mistake for each key of each object in a type."""
    match kind:
        case Object(attributes):
            for name, inner in attributes.items():
                for wrong in {f"{name}x", name[:1] + name[2:], name.upper()} - {*attributes, ""}:
                    yield path, {wrong: None}, wrong
                for found, value, wrong in nested_mistakes(inner, f"{path}.{name}"):
                    yield found, {name: value}, wrong
        case List(element) | Set(element):
            for found, value, wrong in nested_mistakes(element, f"{path}[0]"):
                yield found, [value], wrong
        case Map(element):
            for found, value, wrong in nested_mistakes(element, f"{path}[key]"):
                yield found, {"key": value}, wrong


def mistakes(keyword: str, block: Block) -> list[tuple[str, Any, str]]:
    """Return the mistakes inside the nested attributes of a block, with bodies that have one each."""
    if keyword in CONFIGURED:
        return [(path, {"config": value}, key) for path, value, key in nested_mistakes(block.type, "config")]
    return [
        (path, {name: value}, key)
        for name, kind in block.type.attributes.items()
        for path, value, key in nested_mistakes(kind, name)
    ]


ALL = [
    (keyword, type_name, path, body, key)
    for keyword, (_, blocks) in KINDS.items()
    for type_name, block in blocks.items()
    for path, body, key in mistakes(keyword, block)
]


def address(number: int) -> str:
    """Return the address of the block with a mistake."""
    keyword, type_name, *_ = ALL[number]
    return f"{KINDS[keyword][0]}{type_name}.n{number}"


def hcl(number: int) -> str:
    """Return the block with a mistake as HCL."""
    keyword, type_name, _, body, _ = ALL[number]
    if keyword in CONFIGURED:
        inside = f"config {json.dumps(body['config'])[1:-1].replace(': null', ' = null').join('{}')}"
        inside = inside.replace('"', "")
    else:
        [(name, value)] = body.items()
        inside = f"{name} = {json.dumps(value)}"
    return f'{keyword} "{type_name}" "n{number}" {{\n  {inside}\n}}\n'


def test_there_are_mistakes_in_every_destination_and_kind() -> None:
    """The table has a mistake in each nested attribute of the schema."""
    assert {keyword for keyword, *_ in ALL} == {*KINDS}
    nested = {
        (type_name, attribute.name)
        for type_name, block in CATALOGUE.resources.items()
        for attribute in block.attributes
        if attribute.nested is not None and attribute.nested.attributes
    }
    assert nested <= {(type_name, path.partition(".")[0].partition("[")[0]) for _, type_name, path, *_ in ALL}


@pytest.mark.parametrize("keyword", KINDS)
def test_every_renamed_nested_key_is_reported_in_hcl(keyword: str, check: Check) -> None:
    """Each renamed key is reported once, on its address and path, and nothing else is."""
    numbers = [number for number, each in enumerate(ALL) if each[0] == keyword]

    findings = check("".join(hcl(number) for number in numbers))

    reported = [(each.address, each.path, each.key) for each in findings.unknown]
    assert sorted(reported) == sorted((address(n), ALL[n][2], ALL[n][4]) for n in numbers)
    assert (findings.not_checked, findings.unreadable) == ([], [])
    assert findings.blocks == len(numbers)


def test_every_renamed_nested_key_is_reported_in_json(check: Check) -> None:
    """The same in Terraform's JSON syntax, with the line."""
    document: dict[str, Any] = {}
    for number, (keyword, type_name, _, body, _) in enumerate(ALL):
        document.setdefault(keyword, {}).setdefault(type_name, {})[f"n{number}"] = body

    text = json.dumps(document, indent=2)
    findings = check(**{"main.tf.json": text})

    reported = [(each.address, each.path, each.key) for each in findings.unknown]
    assert sorted(reported) == sorted((address(n), ALL[n][2], ALL[n][4]) for n in range(len(ALL)))
    assert all(f'"{each.key}":' in text.splitlines()[each.place.line - 1] for each in findings.unknown)
    assert (findings.not_checked, findings.unreadable) == ([], [])


@given(
    st.sampled_from(range(len(ALL))),
    st.text(st.characters(categories=["L", "N"], include_characters="_-"), min_size=1, max_size=40),
)
def test_any_other_name_is_reported(tmp_path_factory: pytest.TempPathFactory, number: int, name: str) -> None:
    """A key of any text that the schema does not have is reported as it is written."""
    keyword, type_name, path, body, key = ALL[number]
    folder = tmp_path_factory.mktemp("configuration")
    other = f"x-{name}"
    text = json.dumps({keyword: {type_name: {"n": body}}}).replace(f'"{key}"', json.dumps(other))
    (folder / "main.tf.json").write_text(text, encoding="utf-8")

    [found] = check_configuration(folder).unknown

    assert (found.path, found.key) == (path, other)
