"""Conversion of the errors of an operation to diagnostics for the user."""

from __future__ import annotations

from dataclasses import dataclass

from provider_shim.client import errors
from provider_shim.lifecycle.session.cancellation import Cancelled
from provider_shim.lifecycle.session.read_deadline import READ_TIMEOUT
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, Severity, error
from provider_shim.schema.json_mapping import UnexpectedResponse
from provider_shim.schema.paths import ROOT, Path
from provider_shim.schema.values import Value

ExpectedError = errors.FlowServiceError | UnexpectedResponse | Cancelled | TimeoutError
EXPECTED_ERRORS = (errors.FlowServiceError, UnexpectedResponse, Cancelled, TimeoutError)
"""All exceptions of an operation that are not bugs in the provider."""

_SUMMARIES: dict[type[errors.FlowServiceError], str] = {
    errors.MissingCredentials: "Missing credentials",
    errors.UnusableEmulatorFile: "The emulator's file can't be used",
    errors.UnusableEnvironment: "Unusable environment variable",
    errors.InvalidSettings: "Unusable provider configuration",
    errors.Unreachable: "Flow Service can't be reached",
    errors.AuthenticationFailed: "Adobe rejects the credentials",
    errors.OrganizationRefused: "Adobe rejects the organisation",
    errors.PermissionDenied: "Missing permission",
    errors.SandboxNotFound: "The sandbox does not exist",
    errors.Throttled: "Too many requests",
    errors.ServiceFailed: "Flow Service failed",
    errors.ResponseLost: "The response was lost",
    errors.InvalidResponse: "Flow Service returned an invalid response",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, for messages.

    Attributes:
        verb: What it does, such as "create".
        noun: Its object, such as "the flow \"orders\"".
        hint: Further advice.
        time_limit: Name of the setting that limits its time; empty for a read, whose limit is fixed.
        after_timeout: What is left when that time is over, and what to do then.
    """

    verb: str
    noun: str
    hint: str = ""
    time_limit: str = "timeouts"
    after_timeout: str = "The state reached so far is saved; apply again, with a longer timeout if necessary."

    @property
    def exceeded(self) -> str:
        """The limit of its time, as the end of a sentence about what took longer."""
        return f"`{self.time_limit}` allows" if self.time_limit else f"{READ_TIMEOUT / 60:.0f} minutes"

    @property
    def sentence(self) -> str:
        """The noun in the form for the beginning of a sentence."""
        return self.noun[:1].upper() + self.noun[1:]


def reading(verb: str, noun: str) -> Operation:
    """Return an operation that only reads."""
    return Operation(
        verb,
        noun,
        time_limit="",
        after_timeout="Nothing was changed. Check the network and Flow Service, and try again.",
    )


def operation_on(verb: str, resource: Resource, state: Value) -> Operation:
    """Return the operation on the object of this state, with its name and id if they are known."""
    name = f' "{state["name"]}"' if isinstance(state.get("name"), str) and state["name"] else ""
    identifier = f" ({state['id']})" if isinstance(state.get("id"), str) else ""
    return Operation(verb, f"the {resource.title}{name}{identifier}")


def to_diagnostic(problem: ExpectedError, about: Operation, *, attribute_path: Path = ROOT) -> Diagnostic:
    """Return the error for an exception of the operation `about`, on the given attribute path."""
    failure = f"Could not {about.verb} {about.noun}"
    match problem:
        case UnexpectedResponse():
            inner = problem.attribute_path if problem.attribute_path.steps else attribute_path
            return error(
                "Flow Service returned an unexpected response", f"{failure}: {problem.reason}.", inner
            )
        case Cancelled():
            return error(
                "Interrupted",
                f"{failure}: the operation was interrupted while it was waiting.",
                attribute_path,
            )
        case TimeoutError():
            return error(
                "Timeout",
                f"{failure}: it took longer than {about.exceeded}. {about.after_timeout}"
                f"{_paragraph(about.hint)}",
                attribute_path,
            )
        case _:
            known = next((text for kind, text in _SUMMARIES.items() if isinstance(problem, kind)), None)
            summary = known or failure
            reason = str(problem).removesuffix(".") + "."
            detail = f"{failure}: {reason}" if known else reason  # no sentence appears twice
            return error(
                summary, f"{detail}{_paragraph(_advice(problem))}{_paragraph(about.hint)}", attribute_path
            )


def _advice(problem: errors.FlowServiceError) -> str:
    """Return the advice. If the sandbox does not exist, only the first one lists those that do."""
    visible = problem.visible if isinstance(problem, errors.SandboxNotFound) else None
    if visible is None:
        return problem.advice
    if visible.is_reported:
        return "The first error of this kind lists the sandboxes that exist."
    visible.is_reported = True
    return (
        f"The credential can see these sandboxes: {', '.join(visible.names)}. Set sandbox_name "
        "(AEP_SANDBOX_NAME) to one of them, or add the sandbox to the credential's role."
    )


def _paragraph(text: str) -> str:
    return f"\n\n{text}" if text else ""


def as_warning(diagnostic: Diagnostic, consequence: str) -> Diagnostic:
    """Return the diagnostic as a warning, with its consequence as a further paragraph."""
    return Diagnostic(
        Severity.WARNING, diagnostic.summary, f"{diagnostic.detail}\n\n{consequence}", diagnostic.path
    )
