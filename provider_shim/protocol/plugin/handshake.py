"""The handshake with Terraform: environment variables in, one line on standard output back.

Terraform waits for this line, so this module imports little.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import NamedTuple

COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE"
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
"""Terraform's constant. It is not a secret: it distinguishes a start by Terraform from one by a user."""

CORE_PROTOCOL_VERSION = 1
"""Version of go-plugin's handshake."""

PROTOCOL_VERSION = 6
"""Version of Terraform's plugin protocol that is served."""

STARTED_BY_HAND = (
    "This is a Terraform provider. Terraform starts it; it does nothing when started by a user. "
    "To set it up, run: flowbridge install"
)


class HandshakeError(Exception):
    """The provider can't serve in this environment; the text is a sentence for the user."""


class StartedByHandError(HandshakeError):
    """The process was started by a user instead of by Terraform."""


class PluginSettings(NamedTuple):
    """Settings from the environment variables that Terraform sets.

    `client_certificate` is the PEM of the only client to accept, or `None` without TLS. `socket_folder` is
    the parent folder of the socket, or `None` for the system's temporary folder. `min_port` and `max_port`
    are the range of TCP ports for systems without unix sockets; with zeros the system chooses a port. If
    `multiplexing_requested` is True, the handshake line has one more field.
    """

    client_certificate: str | None = None
    socket_folder: str | None = None
    min_port: int = 0
    max_port: int = 0
    multiplexing_requested: bool = False


class ListenAddress(NamedTuple):
    """Address at which the process listens: `unix` and a path, or `tcp` and `host:port`."""

    network: str
    location: str


def from_environment(environment: Mapping[str, str]) -> PluginSettings:
    """Read Terraform's variables.

    Raises:
        StartedByHandError: The magic cookie is missing.
        HandshakeError: Terraform doesn't offer protocol 6.
    """
    if environment.get(COOKIE_NAME) != COOKIE:
        raise StartedByHandError(STARTED_BY_HAND)
    offered = environment.get("PLUGIN_PROTOCOL_VERSIONS", str(PROTOCOL_VERSION))
    if str(PROTOCOL_VERSION) not in offered.split(","):
        raise HandshakeError(
            f"This provider supports version {PROTOCOL_VERSION} of Terraform's plugin protocol, but the "
            f"program that started it supports {offered} only. Use Terraform 1.11 or later."
        )
    return PluginSettings(
        client_certificate=environment.get("PLUGIN_CLIENT_CERT") or None,
        socket_folder=environment.get("PLUGIN_UNIX_SOCKET_DIR") or None,
        min_port=_port(environment, "PLUGIN_MIN_PORT"),
        max_port=_port(environment, "PLUGIN_MAX_PORT"),
        multiplexing_requested=bool(environment.get("PLUGIN_MULTIPLEX_GRPC")),
    )


def _port(environment: Mapping[str, str], name: str) -> int:
    text = environment.get(name, "")
    return int(text) if text.isdecimal() else 0


def handshake_line(
    address: ListenAddress, server_certificate: bytes | None, *, multiplexing_requested: bool
) -> str:
    """Build the handshake line, without a line break.

    `server_certificate` is DER, or `None` without TLS. Multiplexing is not supported.
    """
    encoded = base64.b64encode(server_certificate or b"").decode().rstrip("=")
    fields = [
        str(CORE_PROTOCOL_VERSION),
        str(PROTOCOL_VERSION),
        address.network,
        address.location,
        "grpc",
        encoded,
    ]
    if multiplexing_requested:
        fields.append("false")
    return "|".join(fields)


def reattach_config(source_address: str, address: ListenAddress, process_id: int) -> str:
    """Build the value of `TF_REATTACH_PROVIDERS`, with which Terraform uses a process that already runs."""
    import json  # needed for debugging only

    attachment = {
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION,
        "Pid": process_id,
        "Test": True,
        "Addr": {"Network": address.network, "String": address.location},
    }
    return json.dumps({source_address: attachment}, separators=(",", ":"))
