"""The composition root: makes the real objects and connects them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from provider_shim.protocol.plugin.serve import serve
from provider_shim.source_address import DEFAULT_ADDRESS

if TYPE_CHECKING:
    from provider_shim.client.flow_service import FlowService
    from provider_shim.client.settings import ClientSettings
    from provider_shim.lifecycle.configuration import ProviderSettings
    from provider_shim.lifecycle.provider import AepProvider, Sleep

_EMULATOR_HOST = "http://emulator.invalid"
"""A reserved host name: requests to it are handled by the emulator in this process."""


def main(arguments: list[str] | None = None) -> int:
    """Serve Terraform and return the exit code.

    With `--debug`, print how Terraform connects to this process.
    """
    given = sys.argv[1:] if arguments is None else arguments
    address = os.environ.get("FLOWBRIDGE_ADDRESS", DEFAULT_ADDRESS)
    return serve(make_provider, address=address, debug="--debug" in given)


def make_provider(environment: Mapping[str, str] = os.environ) -> AepProvider:
    """Make the provider with the real client, or with the emulator if the endpoint selects it."""
    from provider_shim.lifecycle import overrides
    from provider_shim.lifecycle.provider import AepProvider

    chosen, _ = overrides.read(environment)  # the provider reports errors when it is configured
    interval = chosen.poll_interval

    def clock() -> datetime:
        return chosen.now or datetime.now(UTC)

    if environment.get("FLOWBRIDGE_SELF_CHECK"):
        from provider_shim.lifecycle.self_check.checked_provider import CheckedProvider

        return CheckedProvider(connect, environment, interval, clock)
    return AepProvider(connect, environment, interval, clock)


def connect(settings: ProviderSettings, sleep: Sleep = asyncio.sleep) -> FlowService:
    """Make the client for these settings, which waits with `sleep`. Raises `CannotConnect`."""
    from provider_shim.client.flow_service import FlowService

    if settings.emulator_file is not None:
        return _embedded(settings, settings.emulator_file, sleep)
    return FlowService(settings, sleep=sleep)


def _embedded(settings: ClientSettings, file: str, sleep: Sleep) -> FlowService:
    """Make a client of an emulator that runs in this process, with its state in a file."""
    from dataclasses import replace

    from provider_shim.client.flow_service import FlowService
    from provider_shim.lifecycle.provider import CannotConnect

    try:
        from flow_emulator import create_app, identity
        from flow_emulator.store import Store, StoreError
        from provider_shim.embedded import EmbeddedTransport
    except ImportError as missing:
        raise CannotConnect(
            f"The emulator needs the package {missing.name}. Install it with: "
            "pip install 'aep-flowbridge[emulator]'"
        ) from missing
    client = replace(
        settings,
        endpoint=_EMULATOR_HOST,
        auth_endpoint=_EMULATOR_HOST,
        adhoc_endpoint=_EMULATOR_HOST,
        organization_id=settings.organization_id or identity.ORGANIZATION_ID,
        client_id=settings.client_id or identity.CLIENT_ID,
        client_secret=settings.client_secret or identity.CLIENT_SECRET,
    )
    try:
        # Half of the time for a request, so that the error about another program comes before the timeout.
        emulator = create_app(Store(file, busy_seconds=settings.request_timeout / 2))
    except StoreError as reason:
        raise CannotConnect(f"{reason} The provider's endpoint is emulator:{file}.") from reason
    return FlowService(client, transport=EmbeddedTransport(emulator), sleep=sleep)
