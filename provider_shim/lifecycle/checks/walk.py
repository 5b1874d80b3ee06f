"""What this process has been asked to do since it was configured.

Terraform starts one process for a plan and another one for the apply, and says to neither which of the two it
is. In the apply it plans each changed object once more, directly before it is applied, and shows the warnings
of that plan too. Observed with Terraform 1.11.4:

- Only a plan reads objects of the state, has unknown values in a configuration, and plans objects that do not
  change or are destroyed.
- A replacement that the provider requires is planned twice: with the prior state, then without it but with
  the private data of the first plan. So is `-replace`, except that only Terraform knows that it is one.
- A tainted object is planned once, without its state and private data, after its stored state was upgraded.
- In an apply, every replacement is planned without prior state and private data.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
)
from provider_shim.lifecycle.state.private_state import decode
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import path
from provider_shim.schema.values import Value, is_wholly_known


class Walk:
    """The requests that one process has served, and what follows from them.

    Attributes:
        is_apply: True if the process has created, updated or deleted an object.
    """

    def __init__(self) -> None:
        self._is_plan = False
        self.is_apply = False
        self._flows = _Flows()

    def stored(self, resource: Resource, raw_state: Any) -> None:
        """Take note of an object in Terraform's state."""
        if resource.schedule_attribute is not None and isinstance(raw_state, dict):
            self._flows.stored[str(raw_state.get("id"))] = str(raw_state.get("name"))

    def read(self) -> None:
        """Take note of a refresh."""
        self._is_plan = True

    def applied(self, resource: Resource, request: ApplyResourceChangeRequest) -> None:
        """Take note of a create, an update or a delete."""
        self.is_apply = True
        if resource.schedule_attribute is not None and request.planned_state is None:
            announced = decode(request.planned_private).announced
            self._flows.deleted[request.prior_state["name"]] = announced

    def planned(
        self, resource: Resource, request: PlanResourceChangeRequest, response: PlanResourceChangeResponse
    ) -> None:
        """Take note of a plan."""
        # In an apply, a change that was planned with unknown values can turn out to be none, but only then.
        is_unchanged = response.planned_state == request.prior_state
        self._is_plan = self._is_plan or is_unchanged or _never_in_an_apply(request, response)
        if resource.schedule_attribute is not None:
            self._flows.planned(request, response.planned_state)

    def shows_warnings(
        self, request: PlanResourceChangeRequest, response: PlanResourceChangeResponse
    ) -> bool:
        """Return False if Terraform has shown the warnings of this plan already.

        A process in doubt, which has served nothing but plans of changes, shows the warnings of new objects:
        shown twice is better than not at all.
        """
        if _never_in_an_apply(request, response):
            return True
        return not self.is_apply and (self._is_plan or request.prior_state is None)

    def replaces(self, request: PlanResourceChangeRequest) -> bool:
        """Return True if the planned flow is new, but replaces another one."""
        if request.prior_state is not None:
            return False
        name = request.config["name"]
        return (
            decode(request.prior_private).id is not None
            or bool(self._flows.tainted(name))
            or self.is_unannounced(request)
        )

    def is_unannounced(self, request: PlanResourceChangeRequest) -> bool:
        """Return True in an apply if the planned flow replaces one without a reason that the provider knew.

        Terraform shows no warnings of the plan of such a replacement (`-replace`, `replace_triggered_by`).
        """
        if not self.is_apply or request.prior_state is not None:
            return False
        return self._flows.deleted.get(request.config["name"]) is False

    def planned_private(
        self, request: PlanResourceChangeRequest, response: PlanResourceChangeResponse
    ) -> bytes:
        """Return the planned private data, in which a replacement is marked whose warnings Terraform shows.

        Terraform passes them to the deletion of the replaced flow.
        """
        private = decode(response.planned_private)
        announced = response.requires_replace or (private.id is None and self.replaces(request))
        return replace(private, announced=True).encode() if announced else response.planned_private

    def same_names(self, request: PlanResourceChangeRequest, planned: Value) -> list[Diagnostic]:
        """Return an error if the planned flow makes two of one name, of which at least one is new.

        Only a plan is checked: all that an apply creates was in the plan.
        """
        name = (planned or request.prior_state)["name"]
        if self.is_apply or not isinstance(name, str):
            return []
        existing, new = self._flows.of_name(name)
        return [_same_name(name, existing, new)] if new and len(existing) + new > 1 else []


class _Flows:
    """The flows of a plan. Without their addresses, they are known by id, and new ones by their number.

    Attributes:
        stored: Names in the state, by id.
        deleted: Names of the flows that this process has deleted, with True if the plan has announced the
            replacement.
    """

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}
        self.deleted: dict[str, bool] = {}
        self._planned: dict[str, str | None] = {}
        self._new: Counter[str] = Counter()

    def planned(self, request: PlanResourceChangeRequest, planned: Value) -> None:
        """Take note of a plan. A flow that is destroyed has no name."""
        name = None if planned is None else planned["name"]
        known = name if isinstance(name, str) else None
        identifier = (
            decode(request.prior_private).id if request.prior_state is None else request.prior_state["id"]
        )
        if identifier is not None:
            self._planned[identifier] = known
        elif known is not None:
            self._new[known] += 1

    def tainted(self, name: Value) -> list[str]:
        """Return the ids of the flows of this name in the state that may be tainted.

        They have not been planned, so that the plan of a new flow of this name may be their replacement's.
        """
        return [
            identifier
            for identifier, stored in self.stored.items()
            if stored == name and identifier not in self._planned
        ]

    def of_name(self, name: str) -> tuple[list[str], int]:
        """Return the ids of the existing and replaced flows of this name, and the number of the new ones."""
        existing = [identifier for identifier, planned in self._planned.items() if planned == name]
        tainted = self.tainted(name)[: self._new[name]]
        return existing + tainted, self._new[name] - len(tainted)


def _never_in_an_apply(request: PlanResourceChangeRequest, response: PlanResourceChangeResponse) -> bool:
    return (
        request.proposed_new_state is None
        or not is_wholly_known(request.config)
        or bool(response.requires_replace)
        or (request.prior_state is None and decode(request.prior_private).id is not None)
    )


def _same_name(name: str, existing: list[str], new: int) -> Diagnostic:
    others = f"{new} new flow{'s' * (new > 1)}"
    if existing:
        others += f" and the existing flow{'s' * (len(existing) > 1)} {', '.join(existing)}"
    return error(
        "Several flows of one name",
        f'The plan has {others} with the name "{name}". Flow Service allows this, but after an interrupted '
        "apply it can't be determined which of them exists. Give each flow a name of its own, or set "
        'existing_names = "ignore" in the provider\'s configuration if your objects share names on purpose.',
        path("name"),
    )
