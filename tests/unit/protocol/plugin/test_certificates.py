"""The certificate of the provider process."""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from provider_shim.protocol.plugin import certificates
from provider_shim.protocol.plugin.certificates import (
    TlsIdentity,
    load_tls_identity,
    make_tls_identity,
    server_context,
)

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def identity() -> TlsIdentity:
    """One certificate for all tests."""
    return make_tls_identity(NOW)


def test_certificate(identity: TlsIdentity) -> None:
    """The certificate has the properties that Terraform's client expects of a server."""
    certificate = x509.load_der_x509_certificate(identity.certificate)
    key = certificate.public_key()
    extensions = certificate.extensions

    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    assert certificate.issuer == certificate.subject
    assert certificate.not_valid_before_utc < NOW < certificate.not_valid_after_utc - timedelta(days=30)
    assert extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == {
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CLIENT_AUTH,
    }


def test_forms(identity: TlsIdentity) -> None:
    """DER and PEM are the same certificate."""
    assert ssl.PEM_cert_to_DER_cert(identity.certificate_pem.decode()) == identity.certificate


def test_every_start_has_its_own(identity: TlsIdentity) -> None:
    """Each certificate has its own key."""
    assert make_tls_identity(NOW).key_pem != identity.key_pem


def test_context(identity: TlsIdentity) -> None:
    """The server requires a certificate and trusts the client's only."""
    client = make_tls_identity(NOW)

    context = server_context(identity, client.certificate_pem.decode())

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.get_ca_certs(binary_form=True) == [client.certificate]
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("named", [True, False])
def test_nothing_stays_on_disk(
    identity: TlsIdentity, named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading leaves no file and no open descriptor, by pipe and by file."""
    monkeypatch.setattr(certificates, "_has_dev_fd", lambda: named)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = os.listdir("/dev/fd")

    load_tls_identity(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), identity)

    assert list(tmp_path.iterdir()) == []
    assert os.listdir("/dev/fd") == before
