"""From a problem with Flow Service to what the user is told: what happened, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from provider_shim.client import errors
from provider_shim.lifecycle.session.cancellation import Cancelled
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, Severity, error
from provider_shim.schema.json_mapping import UnexpectedResponse
from provider_shim.schema.paths import ROOT, Path
from provider_shim.schema.values import Value

ExpectedError = errors.FlowServiceError | UnexpectedResponse | Cancelled | TimeoutError
EXPECTED_ERRORS = (errors.FlowServiceError, UnexpectedResponse, Cancelled, TimeoutError)
"""Everything that an operation can end in, apart from a fault of the provider."""

_SUMMARIES: dict[type[errors.FlowServiceError], str] = {
    errors.MissingCredentials: "Missing credentials",
    errors.InvalidSettings: "Unusable provider configuration",
    errors.Unreachable: "Flow Service can't be reached",
    errors.AuthenticationFailed: "Adobe refuses the credentials",
    errors.OrganizationRefused: "Adobe refuses the organisation",
    errors.PermissionDenied: "Missing permission",
    errors.SandboxNotFound: "The sandbox does not exist",
    errors.Throttled: "Too many requests",
    errors.ServiceFailed: "Flow Service failed",
    errors.ResponseLost: "The answer was lost",
    errors.InvalidResponse: "Flow Service gave an answer that can't be read",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation was about: "create" and "the flow \"orders\"", say. `hint` is added to the advice."""

    verb: str
    noun: str
    hint: str = ""

    @property
    def sentence(self) -> str:
        """The noun as the beginning of a sentence."""
        return self.noun[:1].upper() + self.noun[1:]


def operation_on(verb: str, resource: Resource, state: Value) -> Operation:
    """The subject of an operation on a resource in this state."""
    called = f' "{state["name"]}"' if state.get("name") else ""
    identified = f" ({state['id']})" if isinstance(state.get("id"), str) else ""
    return Operation(verb, f"the {resource.title}{called}{identified}")


def to_diagnostic(problem: ExpectedError, about: Operation, *, place: Path = ROOT) -> Diagnostic:
    """The diagnostic for a problem."""
    what = f"Could not {about.verb} {about.noun}"
    match problem:
        case UnexpectedResponse():
            inner = problem.attribute_path if problem.attribute_path.steps else place
            return error("Flow Service gave an unexpected answer", f"{what}: {problem.reason}.", inner)
        case Cancelled():
            return error("Interrupted", f"{what}: the operation was interrupted while it was waiting.", place)
        case TimeoutError():
            return error(
                "The time was up",
                f"{what}: it took longer than `timeouts` allows. What was done so far is in the state; apply "
                f"again, with a longer time if need be.{_space(about.hint)}",
                place,
            )
        case _:
            summary = next(
                (text for kind, text in _SUMMARIES.items() if isinstance(problem, kind)),
                f"{what}",
            )
            detail = f"{what}: {problem}." if not str(problem).endswith(".") else f"{what}: {problem}"
            return error(summary, f"{detail}{_space(problem.advice)}{_space(about.hint)}", place)


def _space(text: str) -> str:
    return f"\n\n{text}" if text else ""


def as_warning(diagnostic: Diagnostic, consequence: str) -> Diagnostic:
    """The same problem as a warning, with what follows from it."""
    return Diagnostic(
        Severity.WARNING, diagnostic.summary, f"{diagnostic.detail}\n\n{consequence}", diagnostic.path
    )
