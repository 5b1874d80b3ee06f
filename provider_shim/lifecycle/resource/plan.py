"""Planning of a managed resource. It makes no request, so a plan of new resources needs no credentials."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from provider_shim.lifecycle.checks import deletion_protection, required
from provider_shim.lifecycle.checks.validate import as_severity, check_config
from provider_shim.lifecycle.provider_api import PlanResourceChangeRequest, PlanResourceChangeResponse
from provider_shim.lifecycle.resource.requires_replace import requires_replace
from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.schema.attribute import Attribute, Nesting, Presence
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.json_mapping import selected_destination, semantically_equal
from provider_shim.schema.paths import Path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import UNKNOWN, Value


@dataclass(slots=True)
class _Plan:
    """A plan that is being computed; `state` is the planned state."""

    resource: Resource
    prior: Value
    config: Value
    private: PrivateState
    state: dict[str, Value] = field(default_factory=dict)


def plan_resource_change(
    resource: Resource, request: PlanResourceChangeRequest, disputed_rules: str
) -> PlanResourceChangeResponse:
    """Plan a create, an update, a replacement or a destroy.

    `disputed_rules` is the provider's setting: `"error"` or `"warning"`.
    """
    if request.proposed_new_state is None:
        return PlanResourceChangeResponse(
            planned_state=None,
            planned_private=request.prior_private,
            diagnostics=deletion_protection.check_destroy(resource, request.prior_state),
        )
    plan = _Plan(resource, request.prior_state, request.config, decode(request.prior_private))
    _fill(plan)
    replaced: list[Path] = []
    problems = required.missing(resource, plan.config)  # what was unknown at validate may be null now
    problems += as_severity(_disputed(plan), disputed_rules)
    if plan.prior is None:
        problems += credentials.missing_secrets(resource, plan.config)
    else:
        replaced = requires_replace(resource, plan.prior, plan.state, plan.config, plan.private)
        if replaced:
            problems += deletion_protection.check_replace(resource, plan.prior, plan.state, replaced)
        else:
            problems += credentials.unsendable_change(resource, plan.prior, plan.config)
    return PlanResourceChangeResponse(
        planned_state=plan.state,
        requires_replace=replaced,
        planned_private=_planned_private(plan, request),
        diagnostics=problems,
    )


def _disputed(plan: _Plan) -> list[Diagnostic]:
    """Return the new violations of disputed rules. Flow Service has accepted those of an existing object."""
    accepted = [] if plan.prior is None else check_config(plan.resource, plan.prior, disputed=True)
    return [each for each in check_config(plan.resource, plan.config, disputed=True) if each not in accepted]


def _planned_private(plan: _Plan, request: PlanResourceChangeRequest) -> bytes:
    """Return the private data of the plan, with the id of an existing object.

    Terraform may replace it for a reason that only Terraform knows (`-replace`), and then passes this private
    data to the plan of the new object.
    """
    return (
        request.prior_private if plan.prior is None else replace(plan.private, id=plan.prior["id"]).encode()
    )


def _fill(plan: _Plan) -> None:
    resource, prior = plan.resource, plan.prior
    for attribute in resource.attributes:
        known = None if prior is None else prior[attribute.name]
        plan.state[attribute.name] = _planned(
            attribute, plan.config[attribute.name], known, creating=prior is None
        )
    _fill_equivalents(plan)
    _fill_derived(plan)
    if credentials.REVISION in plan.state:
        plan.state[credentials.REVISION] = credentials.planned_revision(
            resource, prior, plan.config, plan.private
        )


def _planned(attribute: Attribute, config: Value, prior: Value, *, creating: bool) -> Value:
    """Return the planned value of one attribute from its configured and its prior value."""
    if attribute.write_only:
        return None
    if config is UNKNOWN:
        return UNKNOWN
    if config is not None:
        if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
            return _planned_object(attribute, config, prior)
        # Of semantically equal values the prior one is planned, which shows no change.
        return prior if prior is not None and semantically_equal(attribute, config, prior) else config
    match attribute.presence:
        case Presence.DEFAULT:
            return attribute.default
        case Presence.COMPUTED | Presence.OPTIONAL_COMPUTED:
            return UNKNOWN if creating else prior
        case Presence.OPTIONAL_OR_EMPTY if semantically_equal(attribute, prior, None):
            return prior
        case _:
            return None


def _planned_object(attribute: Attribute, config: Value, prior: Value) -> Value:
    assert attribute.nested is not None  # noqa: S101 - checked by the callers
    nested = attribute.nested.attributes
    planned = {
        each.name: _planned(
            each, config[each.name], None if prior is None else prior[each.name], creating=prior is None
        )
        for each in nested
    }
    for each in nested:
        if each.presence is Presence.OPTIONAL_COMPUTED and config[each.name] is None:
            planned[each.name] = _service_choice(each, nested, planned, prior)
    return planned


def _service_choice(
    attribute: Attribute, siblings: tuple[Attribute, ...], planned: Value, prior: Value
) -> Value:
    """Return the planned value of an attribute that the service chooses.

    The prior value if its siblings do not change, else null if `null_when` applies, else unknown.
    """
    changed = prior is None or any(
        not semantically_equal(each, planned[each.name], prior[each.name])
        for each in siblings
        if each.presence is not Presence.OPTIONAL_COMPUTED
    )
    if not changed:
        return prior[attribute.name]
    if attribute.null_when is not None:
        name, value = attribute.null_when
        if planned[name] == value:
            return None
    return UNKNOWN


def _fill_equivalents(plan: _Plan) -> None:
    """Set equivalent attributes that are not configured from one that is."""
    for group in plan.resource.equivalents:
        attributes = [plan.resource.attribute(name) for name in group]
        given = [each for each in attributes if plan.config[each.name] is not None]
        if not given:
            continue
        for each in attributes:
            if plan.config[each.name] is None:
                plan.state[each.name] = _translated(given[0], plan.state[given[0].name], each)


def _translated(source: Attribute, value: Value, target: Attribute) -> Value:
    if not is_given(value) or source.json is None or target.json is None:
        return UNKNOWN
    try:
        return target.json.codec.decode(source.json.codec.encode(value))
    except ValueError:
        return UNKNOWN  # the configured value is malformed, which its own rule reports


def _fill_derived(plan: _Plan) -> None:
    """Set the computed attributes that depend on the destination alone, so that they are known at plan."""
    names = {name for destination in plan.resource.destination_blocks for name in destination.derived}
    destination = selected_destination(plan.resource, plan.config)
    for name in names:
        plan.state[name] = UNKNOWN if destination is None else destination.derived[name]
