"""Encodings of values, right and wrong ones."""

from __future__ import annotations

import json
import random
from typing import Any

import msgpack  # type: ignore[import-untyped]

from provider_shim.protocol.messages import tfplugin6_pb2 as pb

GARBAGE = (
    b"",
    b"\xff",
    b"\xc1",
    b"[",
    b"{}",
    b"null",
    b"\x91" * 100_000,
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"id":1e99999999}',
    b'{"etag":' + b"9" * 10_000 + b"}",
    b'{"sandbox_name":"\\ud800"}',
    b"\xdd\xff\xff\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\xef\xbb\xbf{}",
    b"\x00" * 1_000,
)
PRIVATE = (
    b"",
    b"{}",
    b'{"etag":"\\"1\\"","method":"Access Key","imported":true}',
    b'{"sandbox_name":"stage","organization_id":"OTHER@AdobeOrg"}',
    b'{"salt":"0a","fingerprint":"0b","method":"Password"}',
    b'{"id":"11111111-1111-4111-8111-111111111111","announced":true}',
    b'{"etag":5,"method":[],"salt":"x","fingerprint":{},"imported":"yes","id":1,"announced":null}',
)


def packed(value: Any) -> bytes:
    """MessagePack of a value; what it can't have, such as a nesting beyond its limit, is null."""
    try:
        data: bytes = msgpack.packb(value)
    except (ValueError, OverflowError, TypeError):
        data = b"\xc0"
    return data


def as_json(value: Any) -> bytes:
    """JSON of a value, in which what JSON lacks is text. Numbers that are texts become numbers sometimes."""
    try:
        return json.dumps(value, default=str).encode(errors="surrogatepass")
    except (ValueError, RecursionError, TypeError):
        return b"[" * 1_000


def dynamic_value(generator: random.Random, value: Any) -> pb.DynamicValue:
    """A message of a value, sometimes in JSON, damaged or garbage."""
    chance = generator.random()
    if chance < 0.04:
        return pb.DynamicValue(json=damaged(generator, _with_numbers(generator, as_json(value)), 0.3))
    if chance < 0.05:
        return pb.DynamicValue(msgpack=generator.choice(GARBAGE))
    if chance < 0.06:
        return pb.DynamicValue(json=generator.choice(GARBAGE))
    return pb.DynamicValue(msgpack=damaged(generator, packed(value), 0.02))


def raw_state(generator: random.Random, value: Any) -> pb.RawState:
    """A stored state, mostly valid JSON."""
    if generator.random() < 0.1:
        return pb.RawState(
            json=generator.choice(GARBAGE), flatmap={"id": "x"} if generator.random() < 0.5 else {}
        )
    return pb.RawState(json=damaged(generator, _with_numbers(generator, as_json(value)), 0.05))


def private(generator: random.Random, own: bytes = b"") -> bytes:
    """Private data: those of an object, other ones, or garbage."""
    match generator.random():
        case chance if chance < 0.4:
            return own
        case chance if chance < 0.7:
            return generator.choice(PRIVATE)
        case chance if chance < 0.85:
            return damaged(generator, own or PRIVATE[2], 1.0)
    return generator.choice(GARBAGE)


def _with_numbers(generator: random.Random, data: bytes) -> bytes:
    """Replace a number of JSON by a huge one, sometimes."""
    if generator.random() < 0.2:
        return data.replace(b": 1", b": " + generator.choice((b"1e99999999", b"9" * 5_000, b"-1e-400000")))
    return data


def damaged(generator: random.Random, data: bytes, probability: float) -> bytes:
    """The bytes truncated, with a changed byte, or with others inserted."""
    if not data or generator.random() >= probability:
        return data
    index = generator.randrange(len(data))
    match generator.randrange(4):
        case 0:
            return data[:index]
        case 1:
            return data[:index] + bytes([generator.randrange(256)]) + data[index + 1 :]
        case 2:
            return data[:index] + generator.randbytes(4) + data[index:]
    return data + data[:index]
