"""Certificate authorities: those that this machine trusts, and those that the environment adds.

Terraform trusts the machine's certificate authorities, as Go's `crypto/x509` finds them: a company installs
that of its proxy there. `truststore` gives Python the same ones. `SSL_CERT_FILE` and `SSL_CERT_DIR` name
further ones. Go reads them too; on Linux it usually also reads the machine's, so here they are always an
addition.
"""

from __future__ import annotations

import os
import re
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

from provider_shim.client.errors import UnusableEnvironment

_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.\d+")
"""A file name that `openssl rehash` makes, by which OpenSSL finds a certificate when it needs it."""


def client_context(environment: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """Make a context for connections to servers, which verifies their certificates.

    Raises `UnusableEnvironment` if a variable names a file or folder that can't be read.
    """
    import truststore  # imported late: not needed for the emulator

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    file, folders = environment.get("SSL_CERT_FILE"), environment.get("SSL_CERT_DIR")
    if file or folders:
        _load_defaults(context)
    if file:
        _load_file(context, file)
    if folders:
        _load_folders(context, folders.split(os.pathsep))
    if sys.platform in ("darwin", "win32"):
        return context
    # Here truststore loads all authorities again for each connection, which takes about 50 ms. The context
    # of its first connection has them, and verifies certificates by itself.
    return context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost").context


def context_without_authorities() -> ssl.SSLContext:
    """Make a context that trusts no server, for clients without a single https address.

    Loading certificates takes longer than all else that such a client does before its first request.
    """
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _load_defaults(context: ssl.SSLContext) -> None:
    """Load the machine's authorities: for OpenSSL the two variables replace them."""
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if os.path.isfile(paths.openssl_cafile) else None
    folder = paths.openssl_capath if os.path.isdir(paths.openssl_capath) else None
    if file or folder:
        context.load_verify_locations(file, folder)


def _load_file(context: ssl.SSLContext, file: str) -> None:
    try:
        context.load_verify_locations(cafile=file)
    except ssl.SSLError:
        raise UnusableEnvironment(
            f"SSL_CERT_FILE names {file}, which has no certificate in PEM form."
        ) from None
    except OSError as error:
        raise UnusableEnvironment(
            f"SSL_CERT_FILE names {file}, which can't be read: {error.strerror}."
        ) from None


def _load_folders(context: ssl.SSLContext, folders: list[str]) -> None:
    """Load the certificates of all folders. One that is missing is ignored, unless all are: so does Go."""
    reasons = [reason for each in filter(None, folders) if (reason := _load_folder(context, each))]
    if reasons and len(reasons) == len(list(filter(None, folders))):
        raise UnusableEnvironment(f"SSL_CERT_DIR names {'; and '.join(reasons)}.")


def _load_folder(context: ssl.SSLContext, folder: str) -> str | None:
    """Load the certificates of a folder, and return why it can't be read, or None.

    OpenSSL reads files with hashed names only. Go reads all files, so without such names they are read here.
    """
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        return f"{folder}, which can't be read: {error.strerror}"
    if any(_HASHED_NAME.fullmatch(name) for name in names):
        context.load_verify_locations(capath=folder)
        return None
    for name in names:
        file = Path(folder, name)
        if file.is_file():
            try:
                context.load_verify_locations(cafile=file)
            except OSError:
                continue  # a readme, or a key
    return None
