"""Runs on request: the resource `aep_flow_run_trigger` and the action `aep_flow_run`."""

from provider_shim.resources import common
from provider_shim.schema.attribute import Attribute, Nested, Presence
from provider_shim.schema.block import Action, Trigger
from provider_shim.schema.rules import Duration, NotEmpty
from provider_shim.schema.types import BOOL, STRING, List, Map, Set

DEFAULT_TIMEOUT = 1800.0
"""Seconds. It can take ten minutes until a new flow is ready for a run."""

_SOURCE = "Python SDK aepp 0.6.0 and Adobe's Data Distiller pages; no OpenAPI document has runs of datasets"
_NOT_READY = (
    "A new flow can't be run on request for about ten minutes, and a flow has only one run at a time. The provider "
    "waits for both, within the timeout."
)
_PREVIEW = "Adobe documents the request only in its Python tools, and must enable it for an organisation."
_DATASET_IDS = "IDs of the datasets to export. Defaults to all datasets of the flow's source connection."
_WAIT = "Set to `true` to wait until the runs have ended. A failed run is then an error."
_TIMEOUT = "Timeout of the whole operation. Defaults to thirty minutes."


def _flow_id(*, requires_replace: bool) -> Attribute:
    return Attribute(
        name="flow_id",
        description="ID of the flow, which must be enabled.",
        presence=Presence.REQUIRED,
        requires_replace=requires_replace,
        rules=(common.UUID,),
        source=_SOURCE,
    )


FLOW_RUN_TRIGGER = Trigger(
    type_name="aep_flow_run_trigger",
    title="run on request",
    description=f"Runs a flow immediately, in addition to its schedule, when the resource is created. {_NOT_READY} "
    "A change of `triggers` replaces the resource, which runs the flow again. Destroying it does nothing, because a "
    f"run can't be undone. {_PREVIEW} With Terraform 1.14 and later, the action `aep_flow_run` does the same "
    "without a resource in the state.",
    attributes=(
        Attribute(
            name="id",
            description="ID of the first run.",
            presence=Presence.COMPUTED,
        ),
        _flow_id(requires_replace=True),
        Attribute(
            name="dataset_ids",
            description=_DATASET_IDS,
            presence=Presence.OPTIONAL,
            type=Set(STRING),
            requires_replace=True,
            rules=(NotEmpty(requirement="name at least one dataset"),),
            source=_SOURCE,
        ),
        Attribute(
            name="triggers",
            description="Arbitrary values. The flow is run again when one of them changes.",
            presence=Presence.OPTIONAL,
            type=Map(STRING),
            requires_replace=True,
        ),
        Attribute(
            name="wait_for_completion",
            description=f"{_WAIT} It taints the resource, so that the next apply runs the flow again.",
            presence=Presence.DEFAULT,
            type=BOOL,
            default=False,
        ),
        Attribute(
            name="run_ids",
            description="IDs of the runs, sorted by the IDs of their datasets.",
            presence=Presence.COMPUTED,
            type=List(STRING),
        ),
        Attribute(
            name="sandbox_name",
            description="Sandbox of the flow: the provider's `sandbox_name` when the flow was run.",
            presence=Presence.COMPUTED,
        ),
        Attribute(
            name="timeouts",
            description='Timeouts of the operations, as durations such as `"45m"`.',
            presence=Presence.OPTIONAL,
            nested=Nested(
                (
                    Attribute(
                        name="create",
                        description=_TIMEOUT,
                        presence=Presence.OPTIONAL,
                        rules=(Duration(example="45m"),),
                        example="45m",
                    ),
                )
            ),
        ),
    ),
)

FLOW_RUN = Action(
    type_name="aep_flow_run",
    description=f"Runs a flow immediately, in addition to its schedule. {_NOT_READY} {_PREVIEW}",
    attributes=(
        _flow_id(requires_replace=False),
        Attribute(
            name="dataset_ids",
            description=_DATASET_IDS,
            presence=Presence.OPTIONAL,
            type=Set(STRING),
            rules=(NotEmpty(requirement="name at least one dataset"),),
            source=_SOURCE,
        ),
        Attribute(
            name="wait_for_completion",
            description=f"{_WAIT} Defaults to `false`.",
            presence=Presence.OPTIONAL,
            type=BOOL,
        ),
        Attribute(
            name="timeout",
            description=_TIMEOUT,
            presence=Presence.OPTIONAL,
            rules=(Duration(example="45m"),),
            example="45m",
        ),
    ),
)
