"""What Terraform runs a flow with: a resource or an action. Their messages about a time-out differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """What Terraform runs a flow with.

    Attributes:
        time_limit: Name of the setting that limits the time.
        not_started: What to do if no run was started in time.
        started: What is left, and what to do, if a run was started and has not ended in time.
    """

    time_limit: str
    not_started: str
    started: str


TRIGGER = Caller(
    time_limit="timeouts.create",
    not_started="Nothing is in Terraform's state; apply again, with a longer timeout if necessary.",
    started="The run goes on in Flow Service. The resource is in Terraform's state but tainted, so that the "
    "next apply runs the flow again; terraform untaint with its address prevents that.",
)

_COMMAND = "terraform apply -invoke=action.aep_flow_run.<name>"

ACTION = Caller(
    time_limit="timeout",
    not_started="An action leaves nothing in Terraform's state, so that a later apply does not repeat it. "
    f"To run it again, with a longer timeout if necessary: {_COMMAND}",
    started="The run goes on in Flow Service; the data source aep_flow_runs shows how it ends. An action "
    f"leaves nothing in Terraform's state, and this starts another run: {_COMMAND}",
)
"""Terraform 1.14 documents `-invoke` on its page "Invoke an action"."""
