"""The sandbox of an object must be the one that the provider is configured for.

Flow Service answers a request for an object of another sandbox as if there were no such object. A wrong
setting would therefore remove live exports from the state, and create them again elsewhere.
"""

from __future__ import annotations

from provider_shim.lifecycle.session.operation_errors import Operation
from provider_shim.lifecycle.state.sandbox import Sandbox
from provider_shim.schema.diagnostics import Diagnostic, error

_ADVICE = (
    "Set sandbox_name (AEP_SANDBOX_NAME) and organization_id (AEP_ORGANIZATION_ID) of its provider block "
    "to those of the object. To export from another sandbox as well, use another state "
    "(a workspace), or a second provider block with an alias. To move an export, first destroy it with the "
    "former settings; `terraform state rm` would leave it running where it is."
)


def mismatch(
    about: Operation, recorded: Sandbox, configured: Sandbox, *, is_default: bool
) -> list[Diagnostic]:
    """Return an error if an object belongs to another sandbox or organisation than the configured one.

    What is not known is not compared: version 0.1.0 recorded no sandbox, and settings can be unknown at plan.

    Args:
        about: The operation that is refused.
        recorded: The sandbox of the object.
        configured: The sandbox of the provider's settings.
        is_default: True if the configured name is only the default, because nothing sets it.
    """
    other_organization = _differ(recorded.organization_id, configured.organization_id)
    if not other_organization and not _differ(recorded.name, configured.name):
        return []
    why = " by default, because nothing sets sandbox_name" if is_default else ""
    return [
        error(
            "Another organisation" if other_organization else "Another sandbox",
            f"Could not {about.verb} {about.noun}: it belongs to {_described(recorded)}, but the provider is "
            f"configured for {_described(configured)}{why}. Nothing was sent, and the state is unchanged."
            f"\n\n{_ADVICE}",
        )
    ]


def _differ(one: str | None, other: str | None) -> bool:
    """Return True if both values are known and differ in more than upper and lower case."""
    return one is not None and other is not None and one.casefold() != other.casefold()


def _described(sandbox: Sandbox) -> str:
    name = f'the sandbox "{sandbox.name}"' if sandbox.name else "an unknown sandbox"
    return f"{name} of the organisation {sandbox.organization_id}" if sandbox.organization_id else name
