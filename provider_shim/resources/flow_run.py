"""A run on request: `aep_flow_run_trigger`, a resource, and `aep_flow_run`, an action."""

from provider_shim.resources import common
from provider_shim.schema.attribute import Attribute, Nested, Presence
from provider_shim.schema.block import Action, Trigger
from provider_shim.schema.rules import Duration, NotEmpty
from provider_shim.schema.types import BOOL, STRING, List, Map, Set

DEFAULT_TIMEOUT = 1800.0
"""Seconds. A new flow alone can take ten minutes until it is ready for a run."""

_SOURCE = "Python SDK aepp 0.6.0 and Adobe's Data Distiller pages; no OpenAPI document has runs of datasets"
_NOT_READY = (
    "A flow that was just made is not ready for about ten minutes, and a flow has one run at a time: both are "
    "waited for, within the time that is set."
)
_PREVIEW = "Adobe documents the request only in its Python tools, and has to allow an organisation to use it."
_DATASET_IDS = "The datasets to export; all datasets of the flow's source connection unless it is set."
_WAIT = "Whether to wait until the runs have ended. A run that fails is then an error."
_TIMEOUT = "How long it may take in all. Thirty minutes unless it is set."


def _flow_id(*, requires_replace: bool) -> Attribute:
    return Attribute(
        name="flow_id",
        description="The id of the flow, which must be enabled.",
        presence=Presence.REQUIRED,
        requires_replace=requires_replace,
        rules=(common.UUID,),
        source=_SOURCE,
    )


FLOW_RUN_TRIGGER = Trigger(
    type_name="aep_flow_run_trigger",
    title="run on request",
    description=f"Runs a flow at once, beside its schedule, when the resource is created. {_NOT_READY} "
    "Another value in `triggers` replaces the resource, and so runs the flow again; destroying it does nothing, "
    f"for a run can't be undone. {_PREVIEW} With Terraform 1.14 and later, the action `aep_flow_run` does the "
    "same without leaving anything in the state.",
    attributes=(
        Attribute(
            name="id",
            description="The id of the first run.",
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
            description="Values of your own. The flow is run again when one of them changes.",
            presence=Presence.OPTIONAL,
            type=Map(STRING),
            requires_replace=True,
        ),
        Attribute(
            name="wait_for_completion",
            description=f"{_WAIT} The resource is then tainted, and the next apply runs the flow again.",
            presence=Presence.DEFAULT,
            type=BOOL,
            default=False,
        ),
        Attribute(
            name="run_ids",
            description="The ids of the runs, in the order of their datasets' ids.",
            presence=Presence.COMPUTED,
            type=List(STRING),
        ),
        Attribute(
            name="timeouts",
            description='How long to wait, as a length of time such as `"45m"`.',
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
    description=f"Runs a flow at once, beside its schedule. {_NOT_READY} {_PREVIEW}",
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
            description=f"{_WAIT} It does not wait unless it is set.",
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
