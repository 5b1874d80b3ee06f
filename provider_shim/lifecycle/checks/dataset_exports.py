"""Checks that the datasets of a source connection are among those that the sandbox can export.

Adobe documents no check by Flow Service: a source connection with any other dataset is created, and so is the
flow, whose runs then fail.
"""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Mapping
from itertools import islice

from provider_shim.client.errors import FlowServiceError
from provider_shim.lifecycle.provider_api import PlanResourceChangeRequest
from provider_shim.lifecycle.session.cancellation import Cancelled
from provider_shim.lifecycle.session.operation_errors import Operation, to_diagnostic
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state.private_state import decode
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.paths import path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import Value

_SUGGESTIONS = 3
_REPORTED = 5
"""Number of datasets that get an error each, with similar ones; a set can have thousands."""
_SEARCHED = 1000
"""Number of names among which similar ones are looked for."""
_COMPARED = 40
"""Number of characters of two names that are compared. The time can grow with the square of it."""
_TYPING_ERRORS = 2
"""Maximum of different digits of two ids that are similar."""


async def check_in_plan(
    session: Session, resource: Resource, request: PlanResourceChangeRequest, planned: Value
) -> list[Diagnostic]:
    """Return an error for each dataset that a plan adds and that can't be exported.

    Datasets that the existing or the replaced source connection has already are not checked.
    """
    name = resource.datasets_attribute
    if name is None:
        return []
    if request.prior_state is not None:
        accepted = _ids(request.prior_state[name])
    else:
        accepted = _ids_of(session.known(resource, decode(request.prior_private).id))
    return await _unless_cancelled(_check(session, planned[name], accepted, name))


async def check_datasets_before_create(
    session: Session, resource: Resource, planned: Value
) -> list[Diagnostic]:
    """Return an error for each dataset of a planned source connection that can't be exported.

    A plan without a session with Flow Service has not checked them. In a replacement, the datasets of the
    source connection that is replaced are left out: it has the same name, or was deleted by this process.
    """
    name = resource.datasets_attribute
    return [] if name is None else await _unless_cancelled(_before_create(session, resource, planned, name))


async def _unless_cancelled(check: Awaitable[list[Diagnostic]]) -> list[Diagnostic]:
    try:
        return await check
    except Cancelled as problem:
        return [to_diagnostic(problem, Operation("list", "the datasets that the sandbox can export"))]


async def _before_create(session: Session, resource: Resource, planned: Value, name: str) -> list[Diagnostic]:
    accepted = session.replaced_datasets.get(planned["name"], frozenset())
    problems = await _check(session, planned[name], accepted, name)
    if not problems:
        return []
    return await _check(session, planned[name], accepted | await _in_use(session, resource, planned), name)


def remember_deleted(session: Session, resource: Resource, prior: Value) -> None:
    """Remember the datasets of a source connection that is deleted, because a replacement may follow."""
    if resource.datasets_attribute is not None:
        session.replaced_datasets[prior["name"]] = _ids(prior[resource.datasets_attribute])


async def _in_use(session: Session, resource: Resource, planned: Value) -> frozenset[str]:
    """Return the ids of the datasets that source connections of the planned name have."""
    try:
        existing = await session.objects.before(resource)
    except FlowServiceError:
        return frozenset()
    named = [each for each in existing.values() if each.body.get("name") == planned["name"]]
    return frozenset().union(*(_ids_of(each.body) for each in named))


async def _check(session: Session, datasets: Value, accepted: frozenset[str], name: str) -> list[Diagnostic]:
    names = _names(datasets)
    missing = sorted(await session.datasets.missing(names.keys() - accepted))
    known = session.datasets.names
    problems = [_not_exportable(each, names[each], known, name) for each in missing[:_REPORTED]]
    return problems + _others_not_exportable(missing[_REPORTED:], name)


def _names(datasets: Value) -> dict[str, str]:
    """Return the names of the datasets by id, as far as the ids are known."""
    return {
        each["id"]: each["name"] if is_given(each["name"]) else ""
        for each in (datasets if is_given(datasets) else [])
        if is_given(each) and is_given(each["id"])
    }


def _ids(datasets: Value) -> frozenset[str]:
    return frozenset(_names(datasets))


def _ids_of(body: JsonObject | None) -> frozenset[str]:
    datasets = None if body is None else json_mapping.get(body, "params.datasets")
    listed = datasets if isinstance(datasets, list) else []
    return frozenset(str(each.get("dataSetId")) for each in listed if isinstance(each, dict))


def _not_exportable(identifier: str, name: str, known: Mapping[str, str], attribute: str) -> Diagnostic:
    called = f' "{name}"' if name else ""
    near = _near(identifier, name, known)
    listed = " or ".join(f'{each} ("{known[each]}")' for each in near)
    advice = f" Did you mean {listed}?" if near else ""
    return error(
        "The dataset can't be exported",
        f"The dataset{called} with the id {identifier} is not among the {len(known)} datasets that this "
        f"sandbox can export.{advice} The data source aep_datasets lists them all. An access label on the "
        "dataset may also hide it from this credential.",
        path(attribute),
    )


def _others_not_exportable(identifiers: list[str], attribute: str) -> list[Diagnostic]:
    if not identifiers:
        return []
    shown = ", ".join(identifiers[:_REPORTED]) + (", ..." if len(identifiers) > _REPORTED else "")
    return [
        error(
            "The dataset can't be exported",
            f"{len(identifiers)} more datasets are not among those that this sandbox can export: {shown}. "
            "The data source aep_datasets lists them all.",
            path(attribute),
        )
    ]


def _near(identifier: str, name: str, known: Mapping[str, str]) -> list[str]:
    """Return the ids of exportable datasets with the same name, a similar id or a similar name."""
    folded = name.casefold()
    near = [each for each, other in known.items() if name and other.casefold() == folded]
    near += [each for each in known if _is_similar_id(each, identifier)][:1]
    names = {each[:_COMPARED] for each in islice(known.values(), _SEARCHED)}
    for similar in difflib.get_close_matches(name[:_COMPARED], names, n=2, cutoff=0.75):
        near += [each for each, other in known.items() if other[:_COMPARED] == similar]
    return [*dict.fromkeys(near)][:_SUGGESTIONS]


def _is_similar_id(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(map(str.__ne__, one, other)) <= _TYPING_ERRORS
