"""The client in a company's network, behind a proxy."""

from __future__ import annotations

import asyncio

import pytest

from provider_shim.client import errors
from tests.contract.test_client_sockets import complete_response, create_with_server

ALL_VARIABLES = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:1")


class RecordingServer:
    """Responds to each request, and records its first line."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.lines.append(head.decode().partition("\r\n")[0])
        writer.write(b'HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{"id":"x"}')
        writer.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_requests_to_this_machine_bypass_every_proxy(host: str) -> None:
    """The server on loopback gets the request itself, although every variable names another proxy."""
    server = RecordingServer()
    create_with_server(server, variables=ALL_VARIABLES, endpoint=f"http://{host}:{{port}}")
    assert server.lines == ["POST /data/foundation/flowservice/connections HTTP/1.1"]


def test_an_unusable_proxy_does_not_matter_to_requests_to_this_machine() -> None:
    """Variables that name no usable proxy are not looked at."""
    variables = {"HTTP_PROXY": "socks5://proxy:1080", "ALL_PROXY": "http://proxy:port"}
    assert create_with_server(complete_response, variables=variables) == []


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_requests_to_other_hosts_go_through_a_tunnel_of_the_proxy(variable: str) -> None:
    """The proxy gets the host, and of the request nothing: it is sent only over TLS."""
    proxy = RecordingServer()
    with pytest.raises(errors.Unreachable):  # this proxy closes the tunnel
        create_with_server(
            proxy,
            variables={variable: "127.0.0.1:{port}"},
            endpoint="https://flow.example",
            max_retries=0,
        )
    assert proxy.lines == ["CONNECT flow.example:443 HTTP/1.1"]


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_no_proxy_gets_a_request_without_encryption(variable: str) -> None:
    """Plain http to another host is refused before the proxy is connected."""
    proxy = RecordingServer()
    with pytest.raises(errors.InvalidSettings, match="without encryption"):
        create_with_server(proxy, variables={variable: "127.0.0.1:{port}"}, endpoint="http://flow.example")
    assert proxy.lines == []


def test_a_failed_proxy_is_named_by_its_variable() -> None:
    """The error has the host and the variable, and the request is retried."""
    with pytest.raises(
        errors.Unreachable, match=r"No connection to flow\.example through the proxy of HTTPS_PROXY could"
    ) as caught:
        create_with_server(complete_response, variables=ALL_VARIABLES, endpoint="https://flow.example")
    assert caught.value.transient
