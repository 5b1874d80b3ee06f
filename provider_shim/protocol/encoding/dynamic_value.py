"""Encoding and decoding of Terraform's `DynamicValue`."""

from __future__ import annotations

from provider_shim.protocol.encoding import msgpack_codec
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.schema.types import Type
from provider_shim.schema.values import Value


def to_message(value: Value, kind: Type) -> pb.DynamicValue:
    """Encode a value as MessagePack."""
    return pb.DynamicValue(msgpack=msgpack_codec.encode(value, kind))


def from_message(message: pb.DynamicValue, kind: Type) -> Value:
    """Decode a message. An empty message is null."""
    if message.msgpack:
        return msgpack_codec.decode(message.msgpack, kind)
    if message.json:
        return msgpack_codec.decode_json(message.json, kind)
    return None
