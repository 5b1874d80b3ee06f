"""The handshake with Terraform."""

from __future__ import annotations

import json

import pytest

from provider_shim.protocol.plugin.handshake import (
    COOKIE,
    HandshakeError,
    ListenAddress,
    PluginSettings,
    StartedByHandError,
    from_environment,
    handshake_line,
    reattach_config,
)

TERRAFORM = {"TF_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5,6"}
UNIX = ListenAddress("unix", "/run/x/s")


def test_least() -> None:
    """Without optional variables there is no TLS and no folder for the socket."""
    assert from_environment(TERRAFORM) == PluginSettings()


def test_most() -> None:
    """All variables that Terraform may set are read."""
    environment = TERRAFORM | {
        "PLUGIN_CLIENT_CERT": "PEM",
        "PLUGIN_UNIX_SOCKET_DIR": "/run/x",
        "PLUGIN_MIN_PORT": "10000",
        "PLUGIN_MAX_PORT": "25000",
        "PLUGIN_MULTIPLEX_GRPC": "true",
    }

    assert from_environment(environment) == PluginSettings(
        "PEM", "/run/x", 10000, 25000, multiplexing_requested=True
    )


@pytest.mark.parametrize("cookie", [None, "", "something else"])
def test_by_hand(cookie: str | None) -> None:
    """Without Terraform's cookie the process was started by a user."""
    environment = {} if cookie is None else {"TF_PLUGIN_MAGIC_COOKIE": cookie}

    with pytest.raises(StartedByHandError, match="flowbridge install") as caught:
        from_environment(environment)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("versions", ["5", "16", "4,5"])
def test_other_versions(versions: str) -> None:
    """A client without protocol 6 is an error."""
    with pytest.raises(HandshakeError, match=f"supports {versions} only"):
        from_environment(TERRAFORM | {"PLUGIN_PROTOCOL_VERSIONS": versions})


def test_line() -> None:
    """The line has the certificate in base64 without padding."""
    assert (
        handshake_line(UNIX, b"\xff\xfe\xfd\xfc", multiplexing_requested=False)
        == "1|6|unix|/run/x/s|grpc|//79/A"
    )


def test_line_without_certificate() -> None:
    """Without TLS the field of the certificate is empty."""
    tcp = ListenAddress("tcp", "127.0.0.1:10000")

    assert handshake_line(tcp, None, multiplexing_requested=False) == "1|6|tcp|127.0.0.1:10000|grpc|"


def test_line_with_multiplexing() -> None:
    """A request for multiplexing is declined with `false`."""
    assert handshake_line(UNIX, b"abc", multiplexing_requested=True) == "1|6|unix|/run/x/s|grpc|YWJj|false"


def test_reattach() -> None:
    """The variable's value is the JSON that Terraform reads."""
    assert json.loads(reattach_config("host/name/toy", UNIX, 7)) == {
        "host/name/toy": {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": 7,
            "Test": True,
            "Addr": {"Network": "unix", "String": "/run/x/s"},
        }
    }
