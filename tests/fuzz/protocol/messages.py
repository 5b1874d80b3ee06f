"""Messages for every RPC of the schema, each built from a seed and a number alone."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgpack  # type: ignore[import-untyped]
from google.protobuf.message_factory import GetMessageClass

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from tests.contract.provider_schema import Attributes, ProviderSchema
from tests.fuzz.protocol import encodings, values
from tests.fuzz.protocol.provider_process import ManagedObject

RPCS = tuple(method.name for method in pb.DESCRIPTOR.services_by_name["Provider"].methods)
_WEIGHTS = {
    "ValidateResourceConfig": 12,
    "PlanResourceChange": 20,
    "ApplyResourceChange": 16,
    "ReadResource": 10,
    "UpgradeResourceState": 10,
    "ImportResourceState": 5,
    "MoveResourceState": 4,
    "UpgradeResourceIdentity": 3,
    "ValidateDataResourceConfig": 3,
    "ReadDataSource": 6,
    "CallFunction": 8,
    "ValidateProviderConfig": 4,
    "ConfigureProvider": 4,
    "ListResource": 3,
    "InvokeAction": 2,
}
_STRANGE_NAMES = ("", "aep_ghost", "aep_Flow", "x" * 10_000, "a\nb", "\U0001f600", "aep_flow ", "__class__")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `request` is bytes if it is not the encoding of a request."""

    rpc: str
    request: Any

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self.request) if isinstance(self.request, bytes) else self.request.ByteSize()

    @property
    def is_decodable(self) -> bool:
        """False if the bytes are not a request, and any gRPC status is right."""
        return not isinstance(self.request, bytes)


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds the messages of one generator of random numbers."""

    generator: random.Random
    schema: ProviderSchema
    objects: Mapping[str, ManagedObject]

    def message(self) -> Message:
        """The message."""
        rpc = self.generator.choices(RPCS, [_WEIGHTS.get(name, 1) for name in RPCS])[0]
        build = getattr(self, "_" + re.sub("(?<!^)(?=[A-Z])", "_", rpc).lower(), None)
        request = self._of_any_fields(rpc) if build is None else build(getattr(pb, rpc))
        if self.generator.random() < 0.01:
            return Message(
                rpc, encodings.damaged(self.generator, request.SerializeToString() or b"\x0a", 1.0)
            )
        return Message(rpc, request)

    def _name(self, names: Mapping[str, Any]) -> str:
        if self.generator.random() < 0.02:
            return self.generator.choice(_STRANGE_NAMES)
        return self.generator.choice([*names])

    def _value(self, value: Any) -> pb.DynamicValue:
        """A message of the value, or of a mutation of it."""
        if self.generator.random() < 0.5:
            value = values.mutated(self.generator, value)
        return encodings.dynamic_value(self.generator, value)

    def _of_any_fields(self, rpc: str) -> Any:
        """A request of which nothing is known but the types of its fields, such as that of a state store."""
        descriptor = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name[rpc].input_type
        request = GetMessageClass(descriptor)()
        for each in descriptor.fields:
            if each.type == each.TYPE_STRING and not each.is_repeated:
                setattr(request, each.name, self.generator.choice(values.TEXTS))
            elif each.type == each.TYPE_BYTES and not each.is_repeated:
                setattr(request, each.name, self.generator.choice(encodings.GARBAGE))
        return request

    # Blocks with a configuration only

    def _with_config(
        self, messages: Any, blocks: Mapping[str, Attributes], field: str = "type_name", **parts: Any
    ) -> Any:
        name = self._name(blocks)
        config = self._plausible(blocks.get(name, ()))
        return messages.Request(**{field: name}, config=self._value(config), **parts)

    def _plausible(self, attributes: Attributes) -> dict[str, Any]:
        """A configuration in which most ids are those of objects that exist."""
        config = values.plausible(self.generator, attributes)
        for name, value in config.items():
            if value is not None and name.endswith("id") and self.generator.random() < 0.8:
                type_name = f"aep_{name.removesuffix('_id')}"
                config[name] = self._id(type_name if type_name in self.objects else "aep_flow")
        return config

    def _validate_data_resource_config(self, messages: Any) -> Any:
        return self._with_config(messages, self.schema.data_sources)

    def _read_data_source(self, messages: Any) -> Any:
        return self._with_config(messages, self.schema.data_sources)

    def _validate_ephemeral_resource_config(self, messages: Any) -> Any:
        return self._with_config(messages, self.schema.ephemeral_resources)

    def _open_ephemeral_resource(self, messages: Any) -> Any:
        return self._with_config(messages, self.schema.ephemeral_resources)

    def _validate_list_resource_config(self, messages: Any) -> Any:
        return self._with_config(messages, self.schema.list_resources)

    def _list_resource(self, messages: Any) -> Any:
        limit = self.generator.choice((0, 1, -1, 2**63 - 1, -(2**63)))
        return self._with_config(
            messages, self.schema.list_resources, include_resource_object=True, limit=limit
        )

    def _validate_action_config(self, messages: Any) -> Any:
        return self._with_config(messages, self.schema.actions, "action_type")

    def _plan_action(self, messages: Any) -> Any:
        return self._with_config(messages, self.schema.actions, "action_type")

    def _invoke_action(self, messages: Any) -> Any:
        return self._with_config(messages, self.schema.actions, "action_type")

    def _validate_provider_config(self, messages: Any) -> Any:
        return messages.Request(config=self._value(self._settings()))

    def _settings(self) -> dict[str, Any]:
        """Settings of the provider, few of which are set."""
        config = values.plausible(self.generator, self.schema.provider)
        kept = self.generator.sample([*config], self.generator.choice((0, 1, 2, len(config))))
        return {name: value if name in kept else None for name, value in config.items()}

    def _configure_provider(self, messages: Any) -> Any:
        return messages.Request(
            terraform_version=self.generator.choice(values.TEXTS), config=self._value(self._settings())
        )

    # Managed resources

    def _id(self, type_name: str) -> str:
        state = msgpack.unpackb(self.objects[type_name].state.msgpack)
        return str(state["id"])

    def _resource(self) -> tuple[str, ManagedObject]:
        name = self._name(self.objects)
        return name, self.objects.get(name, self.objects["aep_flow"])

    def _config(self, name: str, existing: ManagedObject) -> Any:
        """The configuration of the object, or a plausible one."""
        if self.generator.random() < 0.8:
            return existing.config
        return values.plausible(self.generator, self.schema.resources.get(name, ()), all_of_them=True)

    def _validate_resource_config(self, messages: Any) -> Any:
        name, existing = self._resource()
        return messages.Request(type_name=name, config=self._value(self._config(name, existing)))

    def _state(self, existing: ManagedObject) -> pb.DynamicValue:
        """The object's state, an edited one, or null."""
        match self.generator.random():
            case chance if chance < 0.45:
                return existing.state
            case chance if chance < 0.7:
                return encodings.dynamic_value(self.generator, None)
        return self._value(msgpack.unpackb(existing.state.msgpack))

    def _planned(self, name: str, existing: ManagedObject) -> tuple[pb.DynamicValue, pb.DynamicValue]:
        """A state after the change, and the configuration, both null in a destroy."""
        if self.generator.random() < 0.15:
            null = encodings.dynamic_value(self.generator, None)
            return null, null
        config = self._config(name, existing)
        message = self._value(config)
        if self.generator.random() < 0.5:
            return message, message
        after = msgpack.unpackb(existing.state.msgpack) if self.generator.random() < 0.5 else config
        return self._value(after), message

    def _identity(self, existing: ManagedObject) -> pb.ResourceIdentityData | None:
        match self.generator.random():
            case chance if chance < 0.5:
                return None
            case chance if chance < 0.7:
                return existing.identity
        known = {
            "id": "11111111-1111-4111-8111-111111111111",
            "sandbox_name": "prod",
            "organization_id": None,
        }
        return pb.ResourceIdentityData(identity_data=self._value(known))

    def _plan_resource_change(self, messages: Any) -> Any:
        name, existing = self._resource()
        proposed, config = self._planned(name, existing)
        return messages.Request(
            type_name=name,
            prior_state=self._state(existing),
            proposed_new_state=proposed,
            config=config,
            prior_private=encodings.private(self.generator, existing.private),
            prior_identity=self._identity(existing),
        )

    def _apply_resource_change(self, messages: Any) -> Any:
        name, existing = self._resource()
        planned, config = self._planned(name, existing)
        return messages.Request(
            type_name=name,
            prior_state=self._state(existing),
            planned_state=planned,
            config=config,
            planned_private=encodings.private(self.generator, existing.private),
            planned_identity=self._identity(existing),
        )

    def _read_resource(self, messages: Any) -> Any:
        name, existing = self._resource()
        return messages.Request(
            type_name=name,
            current_state=self._state(existing),
            private=encodings.private(self.generator, existing.private),
            current_identity=self._identity(existing),
        )

    def _generate_resource_config(self, messages: Any) -> Any:
        name, existing = self._resource()
        return messages.Request(type_name=name, state=self._state(existing))

    def _stored(self, existing: ManagedObject) -> pb.RawState:
        state = msgpack.unpackb(existing.state.msgpack)
        if self.generator.random() < 0.8:
            state = values.mutated(self.generator, state)
        return encodings.raw_state(self.generator, state)

    def _upgrade_resource_state(self, messages: Any) -> Any:
        name, existing = self._resource()
        version = self.generator.choice((0, 0, 0, 1, -1, 2**63 - 1))
        return messages.Request(type_name=name, version=version, raw_state=self._stored(existing))

    def _upgrade_resource_identity(self, messages: Any) -> Any:
        name = self._name(self.objects)
        known = values.mutated(self.generator, {"id": "x", "sandbox_name": "prod"})
        return messages.Request(
            type_name=name,
            version=self.generator.choice((0, 0, 1, -1)),
            raw_identity=encodings.raw_state(self.generator, known),
        )

    def _import_resource_state(self, messages: Any) -> Any:
        name, existing = self._resource()
        identifier = self._id(name) if name in self.objects else "x"
        if self.generator.random() < 0.5:
            identifier = str(self.generator.choice(values.TEXTS))
        return messages.Request(type_name=name, id=identifier, identity=self._identity(existing))

    def _move_resource_state(self, messages: Any) -> Any:
        name, existing = self._resource()
        is_own = self.generator.random() < 0.6
        document = values.mutated(
            self.generator,
            {
                "id": self._id("aep_flow"),
                "path": "/data/foundation/flowservice/flows",
                "data": '{"id": 1e999999999}',
            },
        )
        return messages.Request(
            source_provider_address="a.example/b/aep"
            if is_own
            else "registry.terraform.io/mastercard/restapi",
            source_type_name=name if is_own else "restapi_object",
            source_schema_version=self.generator.choice((0, 0, 5, -1)),
            source_state=self._stored(existing) if is_own else encodings.raw_state(self.generator, document),
            target_type_name=name,
            source_private=encodings.private(self.generator, existing.private),
        )

    def _call_function(self, messages: Any) -> Any:
        name = self._name(self.schema.functions)
        kinds = self.schema.functions.get(name, ())
        arguments = [self._value(self._argument(kind)) for kind in kinds]
        if self.generator.random() < 0.05:
            arguments = arguments[1:] if self.generator.random() < 0.5 else arguments * 2
        return messages.Request(name=name, arguments=arguments)

    def _argument(self, kind: Any) -> Any:
        if kind != "dynamic" or self.generator.random() < 0.2:
            return values.of_type(self.generator, kind)
        schedule = self.objects["aep_flow"].config["schedule"]
        types = {name: "number" if name == "interval" else "string" for name in schedule}
        return [encodings.as_json(["object", types]), dict(schedule)]


def message(seed: int, number: int, schema: ProviderSchema, objects: Mapping[str, ManagedObject]) -> Message:
    """The message of a number. The same seed and number give the same message, but for the objects' ids."""
    return Builder(random.Random(f"{seed}/{number}"), schema, objects).message()
