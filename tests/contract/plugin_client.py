"""Terraform's side of the plugin protocol."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from grpclib.client import Channel
from grpclib.config import Configuration

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.plugin.certificates import TlsIdentity, load_tls_identity
from provider_shim.protocol.plugin.handshake import COOKIE, COOKIE_NAME

ROOT = Path(__file__).parents[2]
TOY_PROVIDER = Path(__file__).parent / "toy_provider.py"
BASE_ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
"""The environment of a process that is started by a user, also if the project is not installed."""
TIMEOUT = 20.0
"""Seconds after which a process is considered to hang, also on a busy machine."""


def client_identity() -> TlsIdentity:
    """Make a certificate like Terraform's: self-signed, ECDSA on curve P-521, for localhost."""
    key = ec.generate_private_key(ec.SECP521R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "localhost"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "HashiCorp"),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(seconds=30))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA512())
    )
    return TlsIdentity(
        certificate.public_bytes(serialization.Encoding.DER),
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def client_context(server_certificate: bytes, identity: TlsIdentity | None) -> ssl.SSLContext:
    """Make a TLS context that trusts only this server certificate (DER) and presents an identity, if any."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=server_certificate)
    context.set_alpn_protocols(["h2"])
    if identity is not None:
        load_tls_identity(context, identity)
    return context


@contextlib.asynccontextmanager
async def open_channel(path: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Channel]:
    """Open a channel to a unix socket; grpclib connects with the first RPC."""
    channel = Channel(path=path, ssl=tls, config=Configuration(ssl_target_name_override="localhost"))
    try:
        yield channel
    finally:
        transport: Any = getattr(getattr(channel._protocol, "connection", None), "_transport", None)
        channel.close()
        if transport is not None:
            # TLS closes in the background, which the end of the event loop would interrupt.
            transport.abort()
            await asyncio.sleep(0)


def terraform_environment(**changes: str) -> dict[str, str]:
    """The environment variables that Terraform sets for a provider."""
    return BASE_ENVIRONMENT | {COOKIE_NAME: COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6"} | changes


@contextlib.contextmanager
def started_process(environ: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start the toy provider as a process, and kill it at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, str(TOY_PROVIDER), *arguments],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def packed(value: Any) -> pb.DynamicValue:
    """Encode a value like Terraform, without the codec under test."""
    return pb.DynamicValue(msgpack=msgpack.packb(value))


def unpacked(message: pb.DynamicValue) -> Any:
    """Decode a value like Terraform; an unknown value is a `msgpack.ExtType`."""
    return msgpack.unpackb(message.msgpack)


UNKNOWN = msgpack.ExtType(0, b"\x00")


def thing(**changes: Any) -> dict[str, Any]:
    """A `toy_thing` with these attributes; all others are null."""
    names = ("id", "name", "size", "on", "tags", "lines", "labels", "login", "parts")
    return dict.fromkeys(names) | changes
