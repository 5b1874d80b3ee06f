"""The provider process: its start, the clients that it accepts, and its end."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shlex
import signal
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from grpclib.exceptions import StreamTerminatedError

from provider_shim.protocol.messages import plugin_pb2
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.plugin.certificates import TlsIdentity
from tests.contract.grpc_stubs import ControllerStub, ProviderStub
from tests.contract.plugin_client import (
    BASE_ENVIRONMENT,
    TIMEOUT,
    TOY_PROVIDER,
    client_context,
    client_identity,
    open_channel,
    started_process,
    terraform_environment,
)

pytestmark = pytest.mark.slow


def read_handshake(process: subprocess.Popen[str]) -> tuple[str, bytes]:
    """Read the socket's path and the server's certificate (DER) from the handshake line."""
    assert process.stdout is not None
    core, protocol, network, path, transport, certificate = process.stdout.readline().rstrip("\n").split("|")
    assert (core, protocol, network, transport) == ("1", "6", "unix", "grpc")
    padded = certificate + "=" * (-len(certificate) % 4)
    return path, base64.b64decode(padded, validate=True)


async def get_schema(path: str, tls: ssl.SSLContext | None) -> pb.GetProviderSchema.Response:
    """Call one RPC, which succeeds if the client is accepted."""
    async with open_channel(path, tls) as channel:
        schema: pb.GetProviderSchema.Response = await ProviderStub(channel).GetProviderSchema(
            pb.GetProviderSchema.Request()
        )
        return schema


async def shut_down(path: str, tls: ssl.SSLContext | None) -> None:
    """Shut the provider down, like Terraform."""
    async with open_channel(path, tls) as channel:
        await ProviderStub(channel).GetProviderSchema(pb.GetProviderSchema.Request())
        await ControllerStub(channel).Shutdown(plugin_pb2.Empty())


def connect_as(identity: TlsIdentity | None, expected: TlsIdentity, folder: Path) -> None:
    """Get the schema with one certificate from a process that expects another."""
    certificate = expected.certificate_pem.decode()
    variables = terraform_environment(PLUGIN_CLIENT_CERT=certificate, PLUGIN_UNIX_SOCKET_DIR=str(folder))
    with started_process(variables) as process:
        path, server_certificate = read_handshake(process)
        response = asyncio.run(get_schema(path, client_context(server_certificate, identity)))
        assert "toy_thing" in response.resource_schemas


def test_the_client_that_was_named(tmp_path: Path) -> None:
    """The client whose certificate is in the environment is accepted."""
    identity = client_identity()

    connect_as(identity, identity, tmp_path)


REJECTED = (ssl.SSLError, ConnectionError, StreamTerminatedError)


def test_another_client(tmp_path: Path) -> None:
    """A client with another certificate is rejected, even if its names are the same."""
    with pytest.raises(REJECTED):
        connect_as(client_identity(), client_identity(), tmp_path)


def test_client_without_certificate(tmp_path: Path) -> None:
    """A client without a certificate is rejected."""
    with pytest.raises(REJECTED):
        connect_as(None, client_identity(), tmp_path)


def test_client_without_tls(tmp_path: Path) -> None:
    """A client that does not use TLS is rejected."""
    variables = terraform_environment(
        PLUGIN_CLIENT_CERT=client_identity().certificate_pem.decode(), PLUGIN_UNIX_SOCKET_DIR=str(tmp_path)
    )
    with started_process(variables) as process:
        path, _ = read_handshake(process)
        with pytest.raises(REJECTED):
            asyncio.run(get_schema(path, None))


def test_without_tls(tmp_path: Path) -> None:
    """Without TLS the handshake line has no certificate; only the user can enter the socket's folder."""
    with started_process(terraform_environment(PLUGIN_UNIX_SOCKET_DIR=str(tmp_path))) as process:
        path, certificate = read_handshake(process)
        response = asyncio.run(get_schema(path, None))

        assert certificate == b""
        assert "toy_thing" in response.resource_schemas
        assert stat.S_IMODE(Path(path).parent.stat().st_mode) == 0o700


def test_shutdown(tmp_path: Path) -> None:
    """Shutdown ends the process with 0, without output and without files left on disk."""
    identity = client_identity()
    variables = terraform_environment(
        PLUGIN_CLIENT_CERT=identity.certificate_pem.decode(), PLUGIN_UNIX_SOCKET_DIR=str(tmp_path)
    )
    with started_process(variables) as process:
        path, certificate = read_handshake(process)
        asyncio.run(shut_down(path, client_context(certificate, identity)))

        assert process.wait(TIMEOUT) == 0
        assert process.communicate() == ("", "")
        assert list(tmp_path.iterdir()) == []


def test_shutdown_of_a_stuck_process(tmp_path: Path) -> None:
    """Shutdown ends the process even while a thread of it hangs."""
    with started_process(terraform_environment(PLUGIN_UNIX_SOCKET_DIR=str(tmp_path)), "--stuck") as process:
        path, _ = read_handshake(process)
        asyncio.run(shut_down(path, None))

        assert process.wait(TIMEOUT) == 0
        assert list(tmp_path.iterdir()) == []


def test_the_next_start_removes_the_folder_of_a_killed_process(tmp_path: Path) -> None:
    """A process that was killed leaves its folder; one that starts later removes it."""
    variables = terraform_environment(PLUGIN_UNIX_SOCKET_DIR=str(tmp_path))
    with started_process(variables) as process:
        left = Path(read_handshake(process)[0]).parent
    os.utime(left, (0, 0))
    with started_process(variables) as process:
        path, _ = read_handshake(process)
        asyncio.run(get_schema(path, None))

        assert list(tmp_path.iterdir()) == [Path(path).parent]


def test_interrupt(tmp_path: Path) -> None:
    """The signal that Ctrl-C sends to the process group doesn't end the process."""
    with started_process(terraform_environment(PLUGIN_UNIX_SOCKET_DIR=str(tmp_path))) as process:
        path, _ = read_handshake(process)
        asyncio.run(get_schema(path, None))
        process.send_signal(signal.SIGINT)

        assert "toy_thing" in asyncio.run(get_schema(path, None)).resource_schemas


def test_termination(tmp_path: Path) -> None:
    """SIGTERM shuts the process down."""
    with started_process(terraform_environment(PLUGIN_UNIX_SOCKET_DIR=str(tmp_path))) as process:
        path, _ = read_handshake(process)
        asyncio.run(get_schema(path, None))
        process.terminate()

        assert process.wait(TIMEOUT) == 0
        assert list(tmp_path.iterdir()) == []


INTERMEDIATE_PROCESS = """
import os, subprocess, sys
subprocess.Popen(sys.argv[1:])
os.close(1)  # the child alone holds it now, so a child that dies early is noticed
sys.stdin.read()
"""


def test_orphan(tmp_path: Path) -> None:
    """The process ends when its parent has exited."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERMEDIATE_PROCESS, sys.executable, str(TOY_PROVIDER)],
        env=terraform_environment(PLUGIN_UNIX_SOCKET_DIR=str(tmp_path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        path, _ = read_handshake(parent)
        asyncio.run(get_schema(path, None))
        # Ends the parent; stderr, which its child shares, ends with the child.
        last_output = parent.communicate("", timeout=TIMEOUT)

        assert last_output == ("", "")
        assert list(tmp_path.iterdir()) == []


def test_started_by_hand() -> None:
    """A start by a user prints one line and exits with 1."""
    with started_process(BASE_ENVIRONMENT) as process:
        output, error_output = process.communicate(timeout=TIMEOUT)

        assert process.returncode == 1
        assert output == ""
        assert error_output.startswith("This is a Terraform provider. ")
        assert error_output.count("\n") == 1


def test_terraform_too_old() -> None:
    """The error for a client without protocol 6 is on stdout, the only stream that Terraform shows."""
    with started_process(terraform_environment(PLUGIN_PROTOCOL_VERSIONS="4,5")) as process:
        output, _ = process.communicate(timeout=TIMEOUT)

        assert process.returncode == 1
        assert "supports 4,5 only" in output


CERTIFICATE = client_identity().certificate_pem.decode()
GARBAGE_CERTIFICATES = {
    "text": "garbage",
    "empty PEM": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    "no certificate in it": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "half": CERTIFICATE[: len(CERTIFICATE) // 2],
    "a key": client_identity().key_pem.decode(),
    "not ASCII": "\u20ac\udcff",
}


@pytest.mark.parametrize("certificate", GARBAGE_CERTIFICATES.values(), ids=GARBAGE_CERTIFICATES)
def test_a_garbage_certificate_ends_in_one_sentence_on_stdout(tmp_path: Path, certificate: str) -> None:
    """Terraform shows the sentence as it is: there is no handshake line, no traceback and no folder."""
    variables = terraform_environment(PLUGIN_CLIENT_CERT=certificate, PLUGIN_UNIX_SOCKET_DIR=str(tmp_path))
    with started_process(variables) as process:
        output, error_output = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 1
    assert output.startswith("The provider can't read the certificate in the environment variable")
    assert "PLUGIN_CLIENT_CERT" in output
    assert output.count("\n") == 1
    assert error_output == ""
    assert list(tmp_path.iterdir()) == []


def test_a_certificate_with_other_texts_around_it(tmp_path: Path) -> None:
    """The client whose certificate is the first of several is accepted, and no other."""
    identity, second = client_identity(), client_identity()
    text = "a comment\n" + identity.certificate_pem.decode() + second.certificate_pem.decode() + "garbage"

    connect_as(identity, identity._replace(certificate_pem=text.encode()), tmp_path)
    with pytest.raises(REJECTED):
        connect_as(second, identity._replace(certificate_pem=text.encode()), tmp_path)


def test_debug_mode(tmp_path: Path) -> None:
    """With --debug the process prints the variable with which Terraform connects to it."""
    with started_process(BASE_ENVIRONMENT | {"TMPDIR": str(tmp_path)}, "--debug") as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        command = next(line for line in lines if line.startswith("export "))
        name, _, value = shlex.split(command)[1].partition("=")
        ((address, attachment),) = json.loads(value).items()
        path = attachment["Addr"].pop("String")
        response = asyncio.run(get_schema(path, None))
        process.send_signal(signal.SIGINT)

        assert name == "TF_REATTACH_PROVIDERS"
        assert address == "terraform.local/flowbridge/toy"
        assert attachment == {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": process.pid,
            "Test": True,
            "Addr": {"Network": "unix"},
        }
        assert "toy_thing" in response.resource_schemas
        assert process.wait(TIMEOUT) == 0
        assert list(tmp_path.iterdir()) == []


def test_log(tmp_path: Path) -> None:
    """With TF_LOG the process logs lines of JSON, and of libraries warnings and errors only."""
    with started_process(
        terraform_environment(PLUGIN_UNIX_SOCKET_DIR=str(tmp_path), TF_LOG="trace")
    ) as process:
        path, _ = read_handshake(process)
        asyncio.run(shut_down(path, None))
        _, log = process.communicate(timeout=TIMEOUT)
        entries = [json.loads(line) for line in log.splitlines()]

        assert "serving" in [entry["@message"] for entry in entries]
        assert {entry["@module"].partition(".")[0] for entry in entries} == {"provider_shim"}


def warnings_in_the_log(process: subprocess.Popen[str]) -> list[str]:
    """End a process that logs, and return its warnings."""
    process.terminate()
    _, log = process.communicate(timeout=TIMEOUT)
    entries = [json.loads(line) for line in log.splitlines()]
    return [entry["@message"] for entry in entries if entry["@level"] == "warn"]


def test_serving_without_tls_leaves_one_warning_in_the_log(tmp_path: Path) -> None:
    """The log has a line about it if no certificate was given, also with `--debug`; with TLS it has none."""
    without = terraform_environment(PLUGIN_UNIX_SOCKET_DIR=str(tmp_path), TF_LOG="warn")
    identity = client_identity()
    certificate = identity.certificate_pem.decode()
    with started_process(without) as process:
        path, _ = read_handshake(process)
        asyncio.run(get_schema(path, None))
        plain = warnings_in_the_log(process)
    with started_process(without | {"PLUGIN_CLIENT_CERT": certificate}) as process:
        path, server_certificate = read_handshake(process)
        asyncio.run(get_schema(path, client_context(server_certificate, identity)))
        secured = warnings_in_the_log(process)
    debugging = BASE_ENVIRONMENT | {"TMPDIR": str(tmp_path), "TF_LOG": "warn"}
    with started_process(debugging, "--debug") as process:
        assert process.stdout is not None
        next(line for line in iter(process.stdout.readline, "") if line.startswith("export "))
        asyncio.run(get_schema(str(next(tmp_path.glob("flowbridge-*/s"))), None))
        debugged = warnings_in_the_log(process)

    assert (
        plain
        == debugged
        == ["serving without TLS: every process that can reach the socket can send requests"]
    )
    assert secured == []


IMPORT_PROBE = """
import sys
from provider_shim.protocol.plugin import serve
late = {"asyncio", "cryptography", "google.protobuf", "grpclib", "logging", "ssl"}
never = {"httpx", "pydantic"}
assert not (late | never) & set(sys.modules), sorted((late | never) & set(sys.modules))
import provider_shim.protocol.plugin.logs, provider_shim.protocol.plugin.server
assert not never & set(sys.modules), sorted(never & set(sys.modules))
"""


def test_what_is_imported() -> None:
    """Before the handshake line little is imported, and the protocol never imports the HTTP client."""
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_PROBE],
        env=BASE_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")
