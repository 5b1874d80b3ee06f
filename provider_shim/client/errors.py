"""Exceptions of the client, one class for each way in which a caller can react.

    FlowServiceError
    ├── InvalidSettings         nothing was sent: a setting is not usable
    │   ├── MissingCredentials  ... or is missing
    │   ├── UnusableEnvironment ... or an environment variable of the network is not usable
    │   └── UnusableEmulatorFile ... or the file of the emulator in this process is not usable
    ├── Unreachable             nothing was sent: no connection, no TLS, no token endpoint
    ├── AuthenticationFailed    the token or the client id is rejected
    ├── OrganizationRefused     the organisation is unknown, or the credential has no access to it
    ├── PermissionDenied        a permission is missing
    ├── SandboxNotFound         the sandbox doesn't exist; the requested object may still exist
    ├── NotFound                the object doesn't exist, or an access label may hide it
    ├── InUse                   the object can't be deleted while flows use it
    ├── Busy                    the object is changing state; the same request can succeed later
    ├── VersionConflict         the object was changed after it was read
    ├── NotReady                the flow is too new to be run on request
    ├── RunInProgress           a run of the flow is in progress
    ├── Invalid                 the content of the request is rejected
    │   ├── NotChangeable       ... because objects of its kind can't be changed in place
    │   └── NotFlowService      ... by a gateway or another server, with status 404
    ├── Throttled               too many requests, and all retries failed
    ├── ServiceFailed           Flow Service failed, and all retries failed
    └── OutcomeUnknown          the request may have been carried out or not
        ├── ResponseLost        it was sent, and no complete response arrived
        └── InvalidResponse     the response can't be read

No message contains a secret: texts from a server pass through `http.scrubber.Scrubber` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class FlowServiceError(Exception):
    """Base class of all errors of the client.

    `status` is the HTTP status. `code` is the middle number of a Flow Service code (`FLOW-1439-404` gives
    "1439"; Adobe's documents and its responses differ in the last part), or a gateway code such as "403010".
    `request_id` is the service's, or the one sent with the request if the service returned none. `status` and
    `code` are None without a response. `retry_after` is the wait in seconds that the service asked for.
    `advice` describes what to do next.
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
        """Whether retries have ended. An outer request does not retry after a final error of an inner one."""

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
    """A setting is not usable, so nothing was sent."""

    advice = "Correct the provider's configuration."


class MissingCredentials(InvalidSettings):
    """Settings are missing; `variables` lists the environment variables that can provide them."""

    advice = "To try things out without an account, set AEP_ENDPOINT to emulator:<file>."

    def __init__(self, message: str, *, variables: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.variables = variables


class UnusableEnvironment(InvalidSettings):
    """An environment variable that names a proxy or certificates is not usable, so nothing was sent."""

    advice = "Correct the environment variable, or remove it."


class UnusableEmulatorFile(InvalidSettings):
    """The file of the emulator in this process is locked, damaged or not writable, so nothing was done."""

    advice = "The provider's endpoint (AEP_ENDPOINT) names the file."


class Unreachable(FlowServiceError):
    """No connection could be made, so nothing was sent. `transient` is False if a retry can't help."""

    advice = "Check the endpoint, the network, the proxy and the certificates of this machine."
    transient = True


class AuthenticationFailed(FlowServiceError):
    """The token or the client id is rejected, also after the token was renewed."""

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
    """The credential lacks a permission, or an access label withholds the object or one of its datasets.

    Objects of Flow Service have labels by the page on labels (tutorials/api/labels.md); whole datasets
    have had them since August 2026 (release notes).
    """

    advice = (
        "Give the credential's role the permissions View Destinations, Manage Destinations, View Datasets, "
        "and Manage and Activate Dataset Destinations, and add the sandbox to the role. If it has them, an "
        "access label may withhold the object or a dataset: ask an administrator for access."
    )


@dataclass(slots=True)
class VisibleSandboxes:
    """The names of the sandboxes that the credential can see.

    `is_reported` is True as soon as one message has listed them: all requests of a process fail with the same
    error if its sandbox does not exist.
    """

    names: tuple[str, ...]
    is_reported: bool = False


class SandboxNotFound(FlowServiceError):
    """The sandbox doesn't exist or isn't visible to this credential. The requested object may still exist.

    `visible` has the sandboxes that are visible, which all errors of one client share; None if they could not
    be listed.
    """

    advice = "Check sandbox_name (AEP_SANDBOX_NAME; all lower case) and the role's sandboxes."
    visible: VisibleSandboxes | None = None


class NotFound(FlowServiceError):
    """The object doesn't exist.

    Adobe also responds with this if an access label hides it from the credential.
    """

    advice = (
        "Check the id, and that it belongs to the organisation and the sandbox of the provider's "
        "configuration. If it does, an access label may hide it from this credential."
    )


class InUse(FlowServiceError):
    """Flows still use the object, so it can't be deleted."""

    advice = "Delete the flows that use it first; deleting a flow takes some time."


class Busy(FlowServiceError):
    """The object is in a state that does not allow the request at the moment."""

    advice = "Try again when the object is enabled or disabled."


class NotReady(FlowServiceError):
    """The flow is too new for a run on request; it takes about ten minutes after its creation."""

    advice = "Try again ten minutes after the flow was created."


class RunInProgress(FlowServiceError):
    """A run of the flow is in progress; only one is allowed at a time."""

    advice = "Try again when the run has ended."


class VersionConflict(FlowServiceError):
    """The object was changed after its etag was read.

    `after_lost_response` is True if an earlier attempt of the same request may have succeeded. The conflict
    can then come from the client's own change.
    """

    advice = "Read the object again, and repeat the change if it is still wanted."
    after_lost_response = False


class Invalid(FlowServiceError):
    """Flow Service, or the check before sending, rejects the content of the request."""

    advice = "Correct the values that the message names."


class NotChangeable(Invalid):
    """Changing connections in place is not enabled for this organisation."""

    advice = (
        "Replace the object instead: run Terraform with -replace and its address, or set "
        'on_change = "replace" on a target connection.'
    )


class NotFlowService(Invalid):
    """A response with status 404 that isn't Flow Service's own. The requested object may exist."""

    advice = "Check the endpoint, and the gateways and proxies in front of Flow Service."


class Throttled(FlowServiceError):
    """Too many requests were made; all retries failed, or the requested wait is too long."""

    advice = "Wait, lower max_concurrent_requests, or give each tool a credential of its own."


class ServiceFailed(FlowServiceError):
    """Flow Service responded with a server error."""

    advice = "Try again later; if the error persists, give the request id to Adobe's support."


class OutcomeUnknown(FlowServiceError):
    """The request was sent, but its outcome is unknown. This is harmless for a read."""

    advice = "Check whether the change was made before you repeat it."


class ResponseLost(OutcomeUnknown):
    """No complete response arrived: a timeout, a broken connection, or a gateway timeout during a create."""


class InvalidResponse(OutcomeUnknown):
    """The response doesn't have the form that Flow Service documents."""

    advice = "Check that the endpoint is Flow Service, and that no proxy or portal responds in its place."
