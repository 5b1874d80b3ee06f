"""Taking times: each peer in turn, again and again, so that a noisy moment hits all of them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provider_shim.protocol.plugin.handshake import COOKIE, COOKIE_NAME


def in_turns(subjects: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """The seconds that each subject took in each round, after one round that is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for counted in [False] + [True] * rounds:
        for name, subject in subjects.items():
            seconds = subject()
            if counted:
                taken[name].append(seconds)
    return taken


def handshake(executable: Path, environment: Mapping[str, str], certificate: str) -> float:
    """Seconds from the start of the process to its handshake line; the process is ended then."""
    variables = {
        **environment,
        COOKIE_NAME: COOKIE,
        "PLUGIN_PROTOCOL_VERSIONS": "6",
        "PLUGIN_CLIENT_CERT": certificate,
    }
    begun = time.perf_counter()
    with subprocess.Popen(
        [executable], env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        line = process.stdout.readline() if process.stdout else b""
        seconds = time.perf_counter() - begun
        process.terminate()  # not killed: it has a socket's folder to remove
    if not line.startswith(b"1|6|"):
        raise RuntimeError(f"{executable} did not shake hands: {line!r}")
    return seconds


def command(arguments: list[str], cwd: Path, environment: Mapping[str, str], expected: int = 0) -> float:
    """Seconds that a command took; an unexpected exit code raises with what it said."""
    begun = time.perf_counter()
    done = subprocess.run(
        arguments, cwd=cwd, env=dict(environment), capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - begun
    if done.returncode != expected:
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return seconds


def client_certificate() -> str:
    """A certificate like the one that Terraform makes for itself: ECDSA on P-521, self-signed, PEM."""
    key = ec.generate_private_key(ec.SECP521R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA512())
        .public_bytes(serialization.Encoding.PEM)
        .decode()
    )
