"""Mutual TLS: the certificate of this process, and a context that accepts Terraform's certificate only.

Both sides make a certificate for one run and pass it to the other outside the connection: Terraform in
`PLUGIN_CLIENT_CERT`, the provider in its handshake line.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    import ssl

_LIFETIME = timedelta(days=365)  # a process lives for minutes, a debugged one for days
_CLOCK_TOLERANCE = timedelta(minutes=5)


class TlsIdentity(NamedTuple):
    """A certificate in DER and PEM form, and its private key as PEM."""

    certificate: bytes
    certificate_pem: bytes
    key_pem: bytes


def make_tls_identity(now: datetime | None = None) -> TlsIdentity:
    """Make a self-signed certificate for `localhost` on curve P-256, for use by servers and clients."""
    moment = now or datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - _CLOCK_TOLERANCE)
        .not_valid_after(moment + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .sign(key, hashes.SHA256())
    )
    return TlsIdentity(
        certificate.public_bytes(serialization.Encoding.DER),
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def normalized_certificate(pem: str) -> str:
    """Return the first certificate of a PEM text alone. Raises `ValueError` if there is none."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode(errors="surrogateescape"))
    except x509.InvalidVersion as invalid:
        raise ValueError(str(invalid)) from invalid
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def server_context(identity: TlsIdentity, client_certificate: str) -> ssl.SSLContext:
    """Make a TLS context that presents `identity` and accepts `client_certificate` (PEM) only."""
    import ssl  # imported late: the handshake line has been printed by now

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=client_certificate)
    context.set_alpn_protocols(["h2"])
    load_tls_identity(context, identity)
    return context


def load_tls_identity(context: ssl.SSLContext, identity: TlsIdentity) -> None:
    """Load a certificate and its key into a TLS context, which reads them from files only.

    Nothing is written to disk on systems where a pipe can be opened by name. On others the two files are in a
    folder with mode 0700 while they are loaded.
    """
    as_path = _as_pipe if _has_dev_fd() else _as_file
    with as_path(identity.certificate_pem) as certificate, as_path(identity.key_pem) as key:
        context.load_cert_chain(certificate, key)


def _has_dev_fd() -> bool:
    reading, writing = os.pipe()
    try:
        return os.path.exists(f"/dev/fd/{reading}")
    finally:
        os.close(reading)
        os.close(writing)


@contextlib.contextmanager
def _as_pipe(content: bytes) -> Iterator[str]:
    """Provide a path from which the content can be read once. It must fit into the buffer of a pipe."""
    reading, writing = os.pipe()
    try:
        os.write(writing, content)
        os.close(writing)
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)


@contextlib.contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:  # mode 0700
        path = os.path.join(folder, "pem")
        with open(path, "wb") as file:
            file.write(content)
        yield path
