"""Import rules that import-linter can't express: standard library only, and modules loaded at start."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]


def imported(file: Path) -> Iterator[str]:
    """Return the top-level names of all modules that a file imports, at any level."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                yield from (alias.name.partition(".")[0] for alias in node.names)
            case ast.ImportFrom(level=0, module=str(module)):
                yield module.partition(".")[0]


@pytest.mark.parametrize("room", ["schema", "destinations", "resources"])
def test_the_descriptions_need_the_standard_library_only(room: str) -> None:
    """`schema`, `destinations` and `resources` import only the standard library."""
    files = list((REPO / "provider_shim" / room).rglob("*.py"))
    foreign = {
        f"{file.name}: {name}"
        for file in files
        for name in imported(file)
        if name != "provider_shim" and name not in sys.stdlib_module_names
    }

    assert len(files) > 1
    assert foreign == set()


def loaded_by(program: str) -> set[str]:
    """Return the top-level modules that a Python process has loaded after running the program."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint(*sorted(sys.modules))"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in ended.stdout.splitlines()[-1].split()}


VALIDATE = """
import asyncio
from provider_shim.main import make_provider
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.provider_service import ProviderService
from provider_shim.protocol.encoding.dynamic_value import to_message

async def validate():
    provider = make_provider()
    service = ProviderService(lambda: provider)
    schema = await service.get_provider_schema(pb.GetProviderSchema.Request())
    assert len(schema.resource_schemas) >= 4
    found = []
    for name, resource in provider.catalogue.resources.items():
        empty = {attribute.name: None for attribute in resource.attributes}
        config = to_message(empty, resource.type)
        request = pb.ValidateResourceConfig.Request(type_name=name, config=config)
        found += (await service.validate_resource_config(request)).diagnostics
    for name, block in provider.catalogue.ephemeral_resources.items():
        config = {each.name: None for each in block.attributes}
        await provider.validate_ephemeral_resource_config(name, config)
    for name, block in provider.catalogue.list_resources.items():
        await provider.validate_list_resource_config(name, {each.name: None for each in block.attributes})
    for name, block in provider.catalogue.actions.items():
        await provider.validate_action_config(name, {each.name: None for each in block.attributes})
    assert (await provider.call_function("flow_spec_id", ["amazon_s3"])).error is None
    assert found

asyncio.run(validate())
"""


def test_validating_needs_neither_http_nor_models() -> None:
    """`validate` loads schema, rules and functions, but no HTTP, models or emulator."""
    loaded = loaded_by(VALIDATE)

    assert {"provider_shim", "google"} <= loaded
    heavy = {"httpx", "pydantic", "truststore", "flow_emulator", "starlette", "jsonschema", "rich", "typer"}
    heavy |= {"hcl2", "lark"}
    assert loaded & heavy == set()


def test_requests_to_the_emulator_need_no_certificates() -> None:
    """A client with the emulator in its own process doesn't load the machine's trust store."""
    loaded = loaded_by(
        "import asyncio, httpx\n"
        "from provider_shim.client.flow_service import FlowService\n"
        "from provider_shim.client.settings import ClientSettings\n"
        "transport = httpx.MockTransport(lambda request: httpx.Response(200, json={'name': 'prod'}))\n"
        "settings = ClientSettings(organization_id='o', client_id='c', access_token='t')\n"
        "assert asyncio.run(FlowService(settings, transport=transport).sandbox()) == {'name': 'prod'}\n"
    )

    assert "httpx" in loaded
    assert "truststore" not in loaded


def test_the_help_needs_no_provider() -> None:
    """`flowbridge version` loads neither the plugin protocol nor HTTP nor the emulator."""
    loaded = loaded_by(
        "import sys\nfrom provider_shim.cli.app import main\nsys.argv = ['flowbridge', 'version']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )

    assert "typer" in loaded
    assert loaded & {"grpclib", "cryptography", "httpx", "flow_emulator", "cdktf", "hcl2", "lark"} == set()
