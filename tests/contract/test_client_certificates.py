"""The client with certificates of a company's own authority."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from unittest import mock

import pytest

from provider_shim.client import errors
from provider_shim.client.http import tls
from tests.contract.certificate_authority import CertificateAuthority
from tests.contract.test_client_sockets import complete_response, create_with_server


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("form", ["plain", "hashed"])
def test_an_authority_that_the_environment_names_is_trusted(tmp_path: Path, variable: str, form: str) -> None:
    """A server whose authority is in SSL_CERT_FILE or SSL_CERT_DIR gets the request.

    The folder may be in OpenSSL's form, with hashed names, or not, as for Terraform.
    """
    authority = CertificateAuthority(tmp_path)
    folder = tmp_path / "authorities"
    folder.mkdir()
    name = authority.hashed_name if form == "hashed" else "company.crt"
    file = folder / name
    authority.certificate.rename(file)
    (folder / "README").write_text("Not a certificate.")
    value = str(file) if variable == "SSL_CERT_FILE" else f"/nonexistent{os.pathsep}{folder}"
    assert create_with_server(complete_response, authority.server_context(), {variable: value}) == []


def test_an_authority_is_trusted_in_addition_to_those_of_this_machine(tmp_path: Path) -> None:
    """With SSL_CERT_FILE the machine's authorities stay trusted."""
    authority = CertificateAuthority(tmp_path)
    machine = CertificateAuthority(tmp_path / "machine")
    paths = ssl.get_default_verify_paths()
    with mock.patch.object(ssl, "get_default_verify_paths") as defaults:
        defaults.return_value = paths._replace(
            openssl_cafile=str(machine.certificate), openssl_capath=str(tmp_path / "missing")
        )
        context = tls.client_context({"SSL_CERT_FILE": str(authority.certificate)})
    subjects = {each["subject"] for each in context.get_ca_certs()}
    assert subjects >= {authority.subject, machine.subject}


def test_the_authorities_of_this_machine_are_trusted(tmp_path: Path) -> None:
    """What OpenSSL finds as the machine's authorities is trusted, when the client reads no variable."""
    machine = CertificateAuthority(tmp_path)
    with mock.patch.dict(os.environ, {"SSL_CERT_FILE": str(machine.certificate)}):
        context = tls.client_context({})
    assert machine.subject in {each["subject"] for each in context.get_ca_certs()}
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_can_t_be_read_are_an_error_that_names_the_variable(
    tmp_path: Path, variable: str
) -> None:
    """Nothing was sent and nothing is retried, because the variable has to be corrected."""
    missing = tmp_path / "missing.pem"
    variables = {variable: str(missing)}
    with pytest.raises(errors.UnusableEnvironment, match="No such file or directory") as caught:
        create_with_server(complete_response, variables=variables, endpoint="https://127.0.0.1:{port}")
    assert caught.value.message.startswith(f"{variable} names {missing}")


def test_a_file_without_certificates_is_an_error_that_names_the_variable(tmp_path: Path) -> None:
    """A file in another form than PEM, and a folder, are not ignored."""
    file = tmp_path / "authority.der"
    file.write_bytes(b"\x30\x00")
    for path, reason in ((file, "has no certificate in PEM form"), (tmp_path, "can't be read")):
        with pytest.raises(errors.UnusableEnvironment, match=f"SSL_CERT_FILE names {path}, which {reason}"):
            tls.client_context({"SSL_CERT_FILE": str(path)})


def test_certificates_do_not_matter_without_an_https_address() -> None:
    """A client of the emulator loads no certificates."""
    variables = {"SSL_CERT_FILE": "/missing.pem"}
    assert create_with_server(complete_response, variables=variables) == []
