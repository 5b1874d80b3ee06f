"""A certificate authority for tests, as a company has one for its proxy, with a server on loopback."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class CertificateAuthority:
    """An authority whose certificate is in the file `certificate` of a folder, which is created.

    `subject` is its name as `ssl.SSLContext.get_ca_certs` returns it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = f"example authority in {folder.name}".lower()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.subject = ((("commonName", name),),)
        self.certificate = folder / "authority.pem"
        signed = self._sign(self._name, self._key, x509.BasicConstraints(ca=True, path_length=None))
        self.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    @property
    def hashed_name(self) -> str:
        """The file name by which OpenSSL finds the certificate in a folder.

        It is made from the SHA-1 of the name in lower case, without the header of its sequence.
        """
        digest = hashlib.sha1(self._name.public_bytes()[2:], usedforsecurity=False).digest()
        return f"{int.from_bytes(digest[:4], 'little'):08x}.0"

    def server_context(self) -> ssl.SSLContext:
        """Make the TLS context of a server at `localhost`, 127.0.0.1 and `flow.example`."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "flow.example")])
        names = [
            x509.DNSName("localhost"),
            x509.DNSName("flow.example"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        ]
        signed = self._sign(name, key, x509.SubjectAlternativeName(names))
        file = self._folder / "server.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _sign(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(extension, critical=False)
            .sign(self._key, hashes.SHA256())
        )
