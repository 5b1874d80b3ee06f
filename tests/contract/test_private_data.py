"""Any private data heal: Terraform passes back whatever a state has, and a refresh completes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from tests.contract.attribute_matrix.managed_resource import (
    EmulatedProvider,
    ManagedResource,
    emulated_provider,
)
from tests.contract.attribute_matrix.variants import ConfigurationBuilder, ReferencedObjects, all_variants
from tests.contract.plugin_client import packed, unpacked
from tests.contract.provider_client import errors

NAMES = [each.name for each in fields(PrivateState)]
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(),
        st.sampled_from(["\ud800", "\x1b[31m", "a\nb", "0a", "Access Key", "x" * 10_000, 10**400]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
DOCUMENTS = st.one_of(
    JSON, st.dictionaries(st.sampled_from([*NAMES, "replaces", "replaced_id", "other"]), JSON)
).map(lambda value: json.dumps(value).encode())
PRIVATE = st.one_of(
    DOCUMENTS,
    st.binary(max_size=50),
    st.sampled_from([b"[" * 100_000, b'{"etag":1e99999999}', b'{"salt":' + b"9" * 10_000 + b"}"]),
)


@given(PRIVATE)
def test_private_data_have_the_types_of_their_fields(data: bytes) -> None:
    """Whatever the bytes are, each field is absent or usable, and can be stored again."""
    private = decode(data)

    for each in fields(PrivateState):
        value = getattr(private, each.name)
        assert isinstance(value, bool) if isinstance(each.default, bool) else isinstance(value, str | None)
        assert isinstance(value, bool) or value is None or value.isprintable()
    if private.salt is not None:
        bytes.fromhex(private.salt)
    assert decode(private.encode()) == private


@pytest.fixture(scope="module")
def managed(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, tuple[ManagedResource, dict[str, Any]]]]:
    """One object of each kind, with its configuration."""
    with emulated_provider(tmp_path_factory.mktemp("emulator")) as provider:
        referenced = ReferencedObjects(provider)
        found = {}
        for type_name in CATALOGUE.resources:
            variant = next(each for each in all_variants() if each.resource.type_name == type_name)
            resource = ManagedResource(provider, variant.resource)
            config = ConfigurationBuilder(referenced, variant).minimal_config()
            resource.apply(config)
            found[type_name] = resource, config
        yield found


def call(provider: EmulatedProvider, name: str, **parts: Any) -> Any:
    """Call an RPC, which may return errors, but none that is internal."""
    response = provider.runner.run(getattr(provider.stub, name)(getattr(pb, name).Request(**parts)))
    assert [each for each in errors(response) if "nternal error" in each or "Self-check" in each] == []
    return response


@pytest.mark.thorough
@given(private=PRIVATE, type_name=st.sampled_from([*CATALOGUE.resources]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_private_data_heal(
    managed: dict[str, tuple[ManagedResource, dict[str, Any]]], private: bytes, type_name: str
) -> None:
    """A plan, an update and a refresh with any private data end in a state that plans empty.

    An error is possible only about another sandbox or organisation, which the private data name.
    """
    resource, config = managed[type_name]
    provider, state = resource.provider, packed(resource.state)
    planned = call(
        provider,
        "PlanResourceChange",
        type_name=type_name,
        prior_state=state,
        proposed_new_state=packed(config),
        config=packed(config),
        prior_private=private,
    )
    if any("Another" in each for each in errors(planned)):
        return
    assert errors(planned) == []
    if not planned.requires_replace:
        applied = call(
            provider,
            "ApplyResourceChange",
            type_name=type_name,
            prior_state=state,
            planned_state=planned.planned_state,
            config=packed(config),
            planned_private=planned.planned_private,
        )
        assert errors(applied) == []
    else:
        assert type_name == "aep_base_connection"  # the data name another authentication method
        applied = pb.ApplyResourceChange.Response(new_state=state, private=private)
    read = call(
        provider,
        "ReadResource",
        type_name=type_name,
        current_state=applied.new_state,
        private=applied.private,
    )
    assert errors(read) == []
    assert decode(read.private).etag is not None or not CATALOGUE.resources[type_name].collection
    resource.state = unpacked(read.new_state)
