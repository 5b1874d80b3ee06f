"""Values of attributes: plausible ones, made from the schema, and mutations of them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import msgpack  # type: ignore[import-untyped]

from tests.contract.provider_schema import Attributes, SchemaAttribute

_MAX_REPEATED = 10_000
"""Characters of a list that may be repeated a thousand times. Messages of gigabytes test only the machine."""

CANARY = "CANARY"
"""A part of every secret. It occurs nowhere else."""

SECRETS = {
    "s3_access_key": f"{CANARY}ACCESSKEYAAAAA",
    "s3_secret_key": CANARY + "b" * 34,
    "s3_role": f"arn:aws:iam::111122223333:role/{CANARY}",
    "ssh_key": CANARY * 2,
    "public_key": CANARY * 2,
}
"""Secrets with a format; any other is the canary with its attribute's name."""

TEXTS = (
    "",
    " ",
    "orders",
    "hour",
    "day",
    "PARQUET",
    "gzip",
    "amazon_s3",
    "sftp",
    "FIRST_FULL_THEN_INCREMENTAL",
    "2031-12-01T00:00:00Z",
    "2031-12-01T00:00:00+02:00",
    "0000-00-00T00:00:00Z",
    "10m",
    "99999999h",
    "11111111-1111-4111-8111-111111111111",
    "5ef3e3259ad2a1191ab7dd7d",
    "64b7e8acdd522e6190ac9567",
    "%DATASET_ID%/%DATETIME(YYYY)%",
    "%%",
    "https://127.0.0.1:1",
    "../../etc/passwd",
    "a\x00b",
    "\x1b[31m",
    "\u202e\ufeff",
    "\U0001f600" * 10,
    "'; DROP TABLE flow; --",
    "${jndi:x}",
    "x" * 5_000,
    "%" * 3_000,
    "1" * 4_500,
)
NUMBERS = (
    0,
    1,
    -1,
    22,
    3,
    2**31,
    2**63 - 1,
    2**64 - 1,
    -(2**63),
    0.5,
    1e308,
    5e-324,
    -0.0,
    float("nan"),
    float("inf"),
    "1e5000",
    "1e400000",
    "1e99999999",
    "-1e-99999999",
    "1" + "0" * 5_000,
    "1" * 400,
    "0." + "1" * 900,
    "NaN",
    "0x10",
    "1_0",
)
UNKNOWNS = (
    msgpack.ExtType(0, b"\x00"),
    msgpack.ExtType(0, b""),
    msgpack.ExtType(12, b"\x81\x01\xc2"),
    msgpack.ExtType(7, b"x"),
    msgpack.Timestamp(1),
)


def plausible(
    generator: random.Random, attributes: Attributes, *, all_of_them: bool = False
) -> dict[str, Any]:
    """A value for an object of these attributes. Computed ones are null, and so are most optional ones."""
    value: dict[str, Any] = {}
    for each in attributes:
        is_given = all_of_them or each.required or (each.optional and generator.random() < 0.3)
        value[each.name] = _plausible_part(generator, each) if is_given else None
    return value


def _plausible_part(generator: random.Random, attribute: SchemaAttribute) -> Any:
    if attribute.is_secret and attribute.type == "string":
        return secret(attribute.name)
    if attribute.nesting:
        item = plausible(generator, attribute.nested)
        return {"single": item, "map": {"a": item}}.get(attribute.nesting, [item])
    return of_type(generator, attribute.type)


def secret(name: str) -> str:
    """The canary for a secret attribute."""
    return SECRETS.get(name, f"{CANARY}-{name}")


def of_type(generator: random.Random, kind: Any) -> Any:
    """A value of a type in the protocol's JSON form."""
    match kind:
        case "string":
            return generator.choice(TEXTS)
        case "number":
            return generator.choice(NUMBERS[:7])
        case "bool":
            return generator.random() < 0.5
        case "dynamic":
            return [b'"string"', generator.choice(TEXTS)]
        case ["map", element]:
            return {generator.choice(TEXTS): of_type(generator, element) for _ in range(2)}
        case [_, dict() as attributes]:
            return {name: of_type(generator, each) for name, each in attributes.items()}
        case [_, list() as elements]:
            return [of_type(generator, each) for each in elements]
        case [_, element]:
            return [of_type(generator, element) for _ in range(generator.randrange(3))]
    return None


def mutated(generator: random.Random, value: Any) -> Any:
    """A copy of a value with one to three mutations."""
    value = copy.deepcopy(value)
    for _ in range(generator.choice((1, 1, 1, 2, 3))):
        value = _mutated_once(generator, value)
    return value


def _mutated_once(generator: random.Random, value: Any) -> Any:
    """Mutate a random part: walk down from the root, and stop at each level with some probability."""
    if isinstance(value, dict) and value and generator.random() < 0.95:
        name = generator.choice([*value])
        match generator.random():
            case chance if chance < 0.02:
                del value[name]
            case chance if chance < 0.04:
                value[generator.choice(("extra", "id", "name", ""))] = generator.choice(TEXTS)
            case _:
                value[name] = _mutated_once(generator, value[name])
        return value
    if isinstance(value, list) and value and generator.random() < 0.8:
        index = generator.randrange(len(value))
        match generator.random():
            case chance if chance < 0.1:
                del value[index]
            case chance if chance < 0.2:
                value.append(value[index])
            case chance if chance < 0.23 and len(repr(value)) < _MAX_REPEATED:
                value *= 1_000
            case _:
                value[index] = _mutated_once(generator, value[index])
        return value
    replacements = _REPLACEMENTS if generator.random() < 0.3 else _OF_THE_SAME_TYPE
    return generator.choice(replacements)(generator, value)


def _nested(generator: random.Random, value: Any) -> Any:
    for _ in range(generator.choice((1, 5, 400))):
        value = [value] if generator.random() < 0.5 else {"a": value}
    return value


def _huge(generator: random.Random, value: Any) -> Any:
    return generator.choice("aé%/") * generator.choice((100_000, 1_000_000))


def _edited(generator: random.Random, value: Any) -> Any:
    """Change a character of a text, or a number a little."""
    match value:
        case str() if value and CANARY not in value:
            index = generator.randrange(len(value))
            return (
                value[:index]
                + generator.choice(" \n\"'%/.-0aZ\x00\u20ac")
                + value[index + generator.randrange(2) :]
            )
        case bool() | None:
            return not value
        case int():
            return value + generator.choice((-1, 1, 10**6))
    return value


_REPLACEMENTS: tuple[Callable[[random.Random, Any], Any], ...] = (
    lambda *_: None,
    lambda *_: None,
    lambda generator, _: generator.choice(UNKNOWNS),
    lambda generator, _: generator.choice(UNKNOWNS[:1]),
    lambda generator, _: generator.choice(TEXTS),
    lambda generator, _: generator.choice(TEXTS),
    lambda generator, _: generator.choice(NUMBERS),
    lambda generator, _: generator.choice(NUMBERS),
    lambda generator, _: generator.choice((True, False, [], {}, [None], {"": None}, b"", b"\xff\xfe")),
    _edited,
    _edited,
    _edited,
    _nested,
    _huge,
)


def _same_type(generator: random.Random, value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return generator.choice(NUMBERS[:13])
        case list():
            return value[1:]
    return generator.choice(TEXTS)


_OF_THE_SAME_TYPE: tuple[Callable[[random.Random, Any], Any], ...] = (
    lambda *_: None,
    lambda *_: UNKNOWNS[0],
    _edited,
    _edited,
    _same_type,
    _same_type,
)
"""Mutations that the decoding accepts, so that what follows it is reached."""
