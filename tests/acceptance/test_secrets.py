"""Secrets are sent to Flow Service and written nowhere.

Each secret is a canary: a fake value that the tests then search for in everything that was written: the
state, unzipped plan files, the traces of Terraform and the provider, the emulator's file with its log, and
all output.
"""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from flow_emulator import identity
from provider_shim.destinations import Field
from tests.acceptance.configurations import PROVIDER, REQUIRED, SOURCE
from tests.acceptance.fake_flow_service import TOKEN, FakeFlowService
from tests.acceptance.terraform import Terraform
from tools.example_values import EXAMPLE_EXPORTS, ExampleExport, example_value

pytestmark = pytest.mark.slow

SECRETS = {
    f"{export.name}_{field.name}": field
    for export in EXAMPLE_EXPORTS
    for field in export.destination.credentials
    if field.secret and field.name in export.credentials
}
"""The secret fields of every destination and authentication method, by the names of their variables."""


def _canary(field: Field, letter: str) -> str:
    """A well-formed fake secret; another letter gives another secret."""
    if field.base64:
        return base64.b64encode(f"canary {letter} of {field.name}".encode()).decode()
    return f"{example_value(field)}"[:-4] + letter * 4


CANARIES = {name: _canary(field, "A") for name, field in SECRETS.items()}
ROTATED = {name: _canary(field, "B") for name, field in SECRETS.items()}
MALFORMED = {
    name: f"malformed canary of {field.name}"
    for name, field in SECRETS.items()
    if field.base64 or field.pattern is not None
}
"""No pattern and no base64 accepts the spaces in these."""

VARIABLES = "".join(
    f'variable "{name}" {{\n  type      = string\n  ephemeral = true\n}}\n\n' for name in SECRETS
)


def _connection(export: ExampleExport) -> str:
    """The base connection of an export, with its secrets from variables."""
    lines = "".join(
        f"    {name} = var.{export.name}_{name}\n"
        if f"{export.name}_{name}" in SECRETS
        else f"    {name} = {json.dumps(value)}\n"
        for name, value in export.credentials.items()
    )
    return f"""
resource "aep_base_connection" "{export.name}" {{
  name = "account of {export.name}"
  {export.destination.name} = {{
{lines}  }}
}}
"""


WITH_SECRETS = [
    each for each in EXAMPLE_EXPORTS if any(f"{each.name}_{name}" in SECRETS for name in each.credentials)
]
CONNECTIONS = "".join(_connection(each) for each in WITH_SECRETS)


def _enable_trace(terraform: Terraform) -> None:
    terraform.environment |= {"TF_LOG": "trace", "TF_LOG_PATH": str(terraform.folder / "trace.log")}


def _files_containing(root: Path, canary: str) -> list[str]:
    """Return the files, and the members of zip files, that contain the canary in any form."""
    forms = _forms(canary)
    return [name for name, content in _contents(root) if any(form in content for form in forms)]


def _forms(canary: str) -> set[bytes]:
    """Return the canary as text, in JSON, URL-encoded and inside base64, the encoding of private state."""
    inside = {base64.b64encode(b"\0" * shift + canary.encode())[4:-4] for shift in range(3)}
    texts = {canary, json.dumps(canary)[1:-1], quote(canary), quote_plus(canary)}
    return {text.encode() for text in texts} | inside


def test_every_form_of_a_canary_is_searched_for() -> None:
    """The forms of a canary match all its encodings, including base64 at any offset."""
    canary = "canary of\tthe provider/+"
    texts = [canary, json.dumps([canary]), f"a={quote(canary)}", f"a={quote_plus(canary)}"]
    encoded = [base64.b64encode(("x" * shift + canary + "yz").encode()).decode() for shift in range(4)]

    forms = _forms(canary)

    assert [text for text in texts + encoded if not any(form in text.encode() for form in forms)] == []


def _contents(root: Path) -> list[tuple[str, bytes]]:
    contents = []
    for path in root.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        contents.append((path.name, path.read_bytes()))
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                contents += [(f"{path.name}/{each}", archive.read(each)) for each in archive.namelist()]
    return contents


def _save_output(terraform: Terraform, text: str) -> None:
    """Save output in a file beside the others, so that it is searched with them."""
    with (terraform.folder / "output.txt").open("a", encoding="utf-8") as output:
        output.write(text)


def _assert_not_written(root: Path, canaries: list[str]) -> None:
    names = {name for name, _ in _contents(root)}
    assert {"trace.log", "output.txt"} <= names, names
    for canary in canaries:
        assert _files_containing(root, canary) == [], canary


def test_secrets_of_connections_reach_flow_service_only(
    terraform: Terraform, flow_service: FakeFlowService, tmp_path: Path
) -> None:
    """Every secret is sent when it is created or rotated, and no file and no output contains it."""
    terraform.write(PROVIDER + VARIABLES + CONNECTIONS)
    _enable_trace(terraform)

    for round_, values in enumerate((CANARIES, ROTATED)):
        terraform.variables(**values)
        plan = f"round-{round_}.plan"
        _save_output(terraform, terraform.plan(f"-out={plan}").output)
        output = terraform.run("apply", "-no-color", "-input=false", plan, expected=(0,)).output
        _save_output(terraform, output)
        _save_output(terraform, terraform.run("show", "-json", plan, expected=(0,)).output)
        _save_output(terraform, terraform.run("show", "-json", expected=(0,)).output)
    _save_output(terraform, terraform.destroy().output)

    sent = "".join(each.body.decode() for each in flow_service.writes)
    canaries = [*CANARIES.values(), *ROTATED.values()]
    assert [canary for canary in canaries if canary not in sent] == []
    names = {name for name, _ in _contents(tmp_path)}
    assert {"terraform.tfstate", "round-0.plan", "round-0.plan/tfplan", "recorded.sqlite"} <= names
    _assert_not_written(tmp_path, canaries)


def test_secrets_stay_out_of_the_embedded_emulator(
    terraform: Terraform, embedded_environment: dict[str, str], emulator_file: Path, tmp_path: Path
) -> None:
    """With the emulator inside the provider, neither its file nor the trace contains a secret."""
    terraform.environment = embedded_environment
    terraform.write(PROVIDER + VARIABLES + CONNECTIONS)
    terraform.variables(**CANARIES)
    _enable_trace(terraform)

    _save_output(terraform, terraform.apply().output)
    _save_output(terraform, terraform.plan().output)

    assert _files_containing(tmp_path, f"account of {WITH_SECRETS[0].name}") != []
    assert emulator_file.exists()
    _assert_not_written(tmp_path, list(CANARIES.values()))


def test_the_search_finds_an_ordinary_value(terraform: Terraform, tmp_path: Path) -> None:
    """The search finds a value that is not secret in the state, the plan file and the emulator's file."""
    terraform.write(PROVIDER + SOURCE.replace('"orders"', '"canary-in-the-open"'))
    _enable_trace(terraform)

    terraform.plan("-out=saved.plan")
    terraform.apply()

    found = _files_containing(tmp_path, "canary-in-the-open")
    assert {"terraform.tfstate", "saved.plan/tfplan"} <= set(found)
    assert any(name.startswith("recorded.sqlite") for name in found)  # the file, or its journal beside it


@pytest.mark.parametrize("variable", MALFORMED)
def test_a_malformed_secret_is_reported_without_its_value(
    variable: str, terraform: Terraform, flow_service: FakeFlowService, tmp_path: Path
) -> None:
    """The message contains the attribute and not the value, and nothing is sent."""
    terraform.write(PROVIDER + VARIABLES + CONNECTIONS)
    terraform.variables(**CANARIES | {variable: MALFORMED[variable]})
    _enable_trace(terraform)

    errors = terraform.failing_apply()

    _save_output(terraform, "".join(each.text for each in errors))
    assert [SECRETS[variable].name in each.text for each in errors] == [True]
    assert flow_service.writes == []
    _assert_not_written(tmp_path, [*CANARIES.values(), MALFORMED[variable]])


def test_secrets_in_an_error_response_are_masked(
    terraform: Terraform, flow_service: FakeFlowService, tmp_path: Path
) -> None:
    """An error response that repeats the secrets is shown without them."""
    terraform.write(PROVIDER + VARIABLES + CONNECTIONS)
    terraform.variables(**CANARIES)
    _enable_trace(terraform)
    flow_service.inject_error(
        "POST",
        "/connections$",
        400,
        times=len(WITH_SECRETS),
        message="You sent " + " and ".join(CANARIES.values()),
    )

    errors = terraform.failing_apply()

    _save_output(terraform, "".join(each.text for each in errors))
    assert len(errors) == len(WITH_SECRETS)
    assert "You sent" in errors[0].text
    _assert_not_written(tmp_path, list(CANARIES.values()))


@pytest.mark.parametrize("source", ["environment", "configuration"])
def test_the_client_secret_and_the_token_stay_with_the_client(
    source: str, terraform: Terraform, flow_service: FakeFlowService, tmp_path: Path
) -> None:
    """A correct client secret and the access token are written nowhere."""
    provider = PROVIDER
    if source == "configuration":
        del terraform.environment["AEP_CLIENT_SECRET"]
        provider = _provider("client_secret")
        terraform.variables(client_secret=identity.CLIENT_SECRET)
    terraform.write(provider + SOURCE)
    _enable_trace(terraform)

    _save_output(terraform, terraform.plan("-out=saved.plan").output)
    _save_output(terraform, terraform.apply().output)

    asked = [each for each in flow_service.requests if each.path == TOKEN]
    tokens = [each.response_json["access_token"] for each in asked]
    assert tokens
    assert all(identity.CLIENT_SECRET in each.body.decode() for each in asked)
    _assert_not_written(tmp_path, [identity.CLIENT_SECRET, *tokens])


@pytest.mark.parametrize("name", ["client_secret", "access_token"])
@pytest.mark.parametrize("canary", ["canary-of-the-provider", "canary of\tthe provider"])
@pytest.mark.parametrize("source", ["environment", "configuration"])
def test_a_rejected_secret_of_the_provider_is_reported_without_its_value(
    name: str, canary: str, source: str, terraform: Terraform, tmp_path: Path
) -> None:
    """No message and no log contains a wrong or malformed client secret or access token."""
    del terraform.environment["AEP_CLIENT_SECRET"]
    if source == "configuration":
        terraform.write(_provider(name) + SOURCE)
        terraform.variables(**{name: canary})
    else:
        terraform.write(PROVIDER + SOURCE)
        terraform.environment[f"AEP_{name.upper()}"] = canary
    _enable_trace(terraform)

    errors = terraform.failing_apply()

    _save_output(terraform, "".join(each.text for each in errors))
    assert name.replace("_", " ") in errors[0].text.replace("_", " ")
    _assert_not_written(tmp_path, [canary])


def _provider(secret: str) -> str:
    return f"""{REQUIRED}
variable "{secret}" {{
  type      = string
  ephemeral = true
}}

provider "aep" {{
  {secret} = var.{secret}
}}
"""
