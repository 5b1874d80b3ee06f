"""The first words between Terraform and the process: what the environment says, and the one line back.

Terraform starts a provider with a few environment variables and reads one line from its standard output.
Everything here stays cheap to import, because the line is what Terraform waits for.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import NamedTuple

COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE"
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
"""Terraform's own constant. It is no secret: it tells a start by Terraform from a start by a person."""

CORE_PROTOCOL_VERSION = 1
"""The version of go-plugin's handshake itself."""

PROTOCOL_VERSION = 6
"""The version of Terraform's plugin protocol that is served."""

STARTED_BY_HAND = (
    "This is a Terraform provider: Terraform starts it by itself, and it does nothing when started by hand. "
    "To set it up, run: flowbridge install"
)


class HandshakeError(Exception):
    """The environment isn't one in which a provider can serve; the text is a sentence for the user."""


class StartedByHandError(HandshakeError):
    """The process was started by a person instead of by Terraform."""


class PluginSettings(NamedTuple):
    """What the environment asks for.

    `client_certificate` is the PEM of the only client to be let in, or `None` where TLS is off.
    `socket_folder` is where the socket is to lie, or `None` for the system's temporary folder. The ports
    bound the choice where a TCP port is served instead; zeros leave it to the system.
    `multiplexing_asked` says that the line has a further field.
    """

    client_certificate: str | None = None
    socket_folder: str | None = None
    min_port: int = 0
    max_port: int = 0
    multiplexing_requested: bool = False


class ListenAddress(NamedTuple):
    """Where the process listens: `unix` and a path, or `tcp` and `host:port`."""

    network: str
    location: str


def from_environment(environment: Mapping[str, str]) -> PluginSettings:
    """Read Terraform's variables; raises `HandshakeError` where Terraform can't be served."""
    if environment.get(COOKIE_NAME) != COOKIE:
        raise StartedByHandError(STARTED_BY_HAND)
    offered = environment.get("PLUGIN_PROTOCOL_VERSIONS", str(PROTOCOL_VERSION))
    if str(PROTOCOL_VERSION) not in offered.split(","):
        raise HandshakeError(
            f"This provider speaks Terraform's plugin protocol {PROTOCOL_VERSION}, and the program that "
            f"started it speaks {offered} only. Use Terraform 1.11 or later."
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
    """The answer to Terraform, without its line break.

    `server_certificate` is DER, or `None` without TLS. Several services over one connection
    (multiplexing) are not offered.
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
    """The value for `TF_REATTACH_PROVIDERS`, by which Terraform uses a process that is running already."""
    import json  # only a person who debugs pays for it

    attachment = {
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION,
        "Pid": process_id,
        "Test": True,
        "Addr": {"Network": address.network, "String": address.location},
    }
    return json.dumps({source_address: attachment}, separators=(",", ":"))
