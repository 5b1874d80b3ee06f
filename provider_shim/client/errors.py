"""What can go wrong with Flow Service, by what a caller can do about it.

    FlowServiceError
    ├── InvalidSettings         nothing was sent: a setting can't be used
    │   └── MissingCredentials  ... or is absent
    ├── Unreachable             nothing was sent: no connection, no TLS, no token endpoint
    ├── AuthenticationFailed    the token or the client id is refused
    ├── OrganizationRefused     the organisation is unknown, or the credential isn't entitled for it
    ├── PermissionDenied        a permission is missing
    ├── SandboxNotFound         the sandbox doesn't exist; it says nothing about the object asked for
    ├── NotFound                the object doesn't exist, or is hidden from this credential by a label
    ├── InUse                   it can't be deleted while flows use it
    ├── Busy                    it is changing just now; the same request can work later
    ├── VersionConflict         somebody changed it since it was read
    ├── NotReady                the flow is too new to be run on request
    ├── RunInProgress           a run of the flow is under way
    ├── Invalid                 the request is refused for what it says
    │   └── NotChangeable       ... because nothing of its kind can be changed in place
    ├── Throttled               too many requests, and the retries are used up
    ├── ServiceFailed           Flow Service failed, and the retries are used up
    └── OutcomeUnknown          it may have been done or not
        ├── ResponseLost        it was sent, and no complete response came
        └── InvalidResponse     a response came that cannot be read

No message has a secret in it: what a server said goes through `secrets.Scrubber` first.
"""

from __future__ import annotations

from typing import ClassVar


class FlowServiceError(Exception):
    """Something went wrong with Flow Service or on the way to it.

    `status` is the HTTP status. `code` is the middle number of a Flow Service code (`FLOW-1439-404` gives
    "1439"; Adobe's documents and its answers differ in the last part), or a gateway code such as "403010".
    `request_id` is the service's, or the one that we sent where it gave none. All are None where no answer
    came. `retry_after` is the seconds that the service asked to wait. `advice` says what to do next.
    """

    advice: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        method: str | None = None,
        path: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id
        self.method = method
        self.path = path
        self.retry_after = retry_after
        self.final = False
        """True once no retry will follow; a request around another one doesn't begin retries of its own."""

    def __str__(self) -> str:
        facts = [
            f"{label} {value}"
            for label, value in (
                ("status", self.status),
                ("code", self.code),
                ("request id", self.request_id),
            )
            if value is not None
        ]
        subject = f"{self.method} {self.path}: " if self.method and self.path else ""
        appendix = f" ({', '.join(facts)})" if facts else ""
        return f"{subject}{self.message}{appendix}"


class InvalidSettings(FlowServiceError):
    """A setting can't be used, so nothing was sent."""

    advice = "Correct the provider's configuration."


class MissingCredentials(InvalidSettings):
    """Settings are absent; `variables` names the environment variables that would give them."""

    advice = "To try things out without an account, set AEP_ENDPOINT to emulator:<file>."

    def __init__(self, message: str, *, variables: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.variables = variables


class Unreachable(FlowServiceError):
    """No connection came about, so nothing was sent. `transient` is False where waiting can't help."""

    advice = "Check the endpoint, the network, the proxy and the certificates of this machine."
    transient = True


class AuthenticationFailed(FlowServiceError):
    """The token or the client id is refused, also after the token was renewed."""

    advice = (
        "Check client id (AEP_CLIENT_ID), client secret (AEP_CLIENT_SECRET) or access token "
        "(AEP_ACCESS_TOKEN), and scopes (AEP_SCOPES) in Adobe's Developer Console."
    )


class OrganizationRefused(FlowServiceError):
    """The organisation is unknown, or the credential has no product profile there."""

    advice = (
        "Check the organisation id (AEP_ORGANIZATION_ID, ends in @AdobeOrg), and that the credential has an "
        "Experience Platform product profile in that organisation."
    )


class PermissionDenied(FlowServiceError):
    """The credential may not do that."""

    advice = (
        "Give the credential's role the permissions View Destinations, Manage Destinations, View Datasets, "
        "and Manage and Activate Dataset Destinations, and add the sandbox to the role."
    )


class SandboxNotFound(FlowServiceError):
    """The sandbox doesn't exist, or isn't visible to this credential. No object is gone because of it."""

    advice = "Check sandbox_name (AEP_SANDBOX_NAME; all lower case) and the role's sandboxes."


class NotFound(FlowServiceError):
    """The object doesn't exist. Adobe also answers so where an access label hides it from the credential."""

    advice = (
        "Check the id, and that it belongs to the organisation and the sandbox of the provider's "
        "configuration. If it does, an access label may hide it from this credential."
    )


class InUse(FlowServiceError):
    """Flows still use the object, so it can't be deleted."""

    advice = "Delete the flows that use it first; a deleted flow takes a while to be gone."


class Busy(FlowServiceError):
    """The object is in a state that forbids the request for now."""

    advice = "Try again when the object is enabled or disabled."


class NotReady(FlowServiceError):
    """The flow is too new for a run on request, which takes about ten minutes after its creation."""

    advice = "Try again ten minutes after the flow was created."


class RunInProgress(FlowServiceError):
    """A run of the flow is under way, and there is one at a time."""

    advice = "Try again when the run has ended."


class VersionConflict(FlowServiceError):
    """The object was changed since its etag was read.

    `after_lost_response` is True where an earlier attempt of the same request may have got through: then the
    change that is in the way can be our own.
    """

    advice = "Read the object again, and repeat the change if it is still wanted."
    after_lost_response = False


class Invalid(FlowServiceError):
    """Flow Service, or our own check before sending, refuses what the request says."""

    advice = "Correct the values that the message names."


class NotChangeable(Invalid):
    """Changes of connections in place aren't enabled for this organisation."""

    advice = (
        "Replace the object instead: run Terraform with -replace and its address, or set "
        'on_change = "replace" on a target connection.'
    )


class Throttled(FlowServiceError):
    """Too many requests were made; retries didn't help, or the wait that is asked for is too long."""

    advice = "Wait, lower max_concurrent_requests, or give each tool a credential of its own."


class ServiceFailed(FlowServiceError):
    """Flow Service answered that it failed."""

    advice = "Try again later; give Adobe's support the request id if it stays so."


class OutcomeUnknown(FlowServiceError):
    """The request was sent, and what became of it isn't known. For a read this is harmless."""

    advice = "Look whether the change was made before making it again."


class ResponseLost(OutcomeUnknown):
    """No whole answer came: a timeout, a broken connection, or a gateway that gave up on a create."""


class InvalidResponse(OutcomeUnknown):
    """An answer came that isn't what Flow Service documents."""

    advice = "Check that the endpoint is Flow Service and no proxy or portal answers in its place."
