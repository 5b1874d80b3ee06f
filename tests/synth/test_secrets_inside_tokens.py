"""A literal secret is found wherever a stack would write it, and good references are accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cdktf import (
    App,
    Fn,
    Op,
    TerraformElement,
    TerraformHclModule,
    TerraformIterator,
    TerraformLocal,
    TerraformOutput,
    TerraformStack,
    TerraformVariable,
    Token,
)

from constructs_lib import (
    AepProvider,
    BaseConnection,
    SecretVariable,
)
from constructs_lib.construct_error import ConstructError
from tests.synth.secret_stacks import (
    AZURE,
    CANARY,
    LOGIN,
    PEM,
    SHARED,
    VAULT,
    Build,
    azure,
    files,
    later,
    password,
    provider,
    repeated,
    role,
    stack_override,
    typed,
    written,
)

pytestmark = pytest.mark.slow


def local(stack: TerraformStack, value: object) -> str:
    """A reference to a local value."""
    return TerraformLocal(stack, "hidden", value).as_string


def overridden_local(stack: TerraformStack, _: str) -> str:
    """A reference to a local value that an override adds."""
    stack.add_override("locals.hidden", CANARY)
    return "${local.hidden}"


def chained_locals(stack: TerraformStack, _: str) -> str:
    """A reference to a local value that refers to another one."""
    inner = TerraformLocal(stack, "inner", {"password": CANARY})
    return local(stack, Fn.lookup(inner.as_string_map, "password"))


def variable_with_default(stack: TerraformStack, _: str) -> str:
    """A reference to an ephemeral variable with a default."""
    variable = TerraformVariable(stack, "plain", type="string", default=CANARY)
    variable.add_override("ephemeral", True)
    return variable.string_value


def local_of_other_stack(stack: TerraformStack, _: str) -> str:
    """A reference to a local value of another stack, which CDKTF makes an output there."""
    return local(TerraformStack(App.of(stack), "other"), CANARY)


def whole_block(block: object) -> Build:
    """A connection whose block for SFTP is a token."""
    return lambda stack, _: BaseConnection(stack, "server", name="server", sftp=Token.as_any(block))


def raw_resource(stack: TerraformStack, _: SecretVariable) -> None:
    """A base connection that is added to the JSON by hand."""
    stack.add_override(
        "resource.aep_base_connection.raw", {"name": "raw", "sftp": {**LOGIN, "password": CANARY}}
    )


def listed_local(stack: TerraformStack, _: str) -> str:
    """A reference to a local value in a list of blocks."""
    stack.add_override("locals", [{"other": 1}, {"hidden": CANARY}])
    return "${local.hidden}"


def listed_variable(stack: TerraformStack, _: str) -> str:
    """A reference to a variable with a default, in lists of blocks."""
    block = {"type": "string", "ephemeral": True, "default": CANARY}
    stack.add_override("variable", [{"listed": [block]}])
    return "${var.listed}"


def listed_output(stack: TerraformStack, _: str) -> str:
    """A reference to an output of another stack whose outputs are a list of blocks."""
    other = TerraformStack(App.of(stack), "other")
    other.add_override("output", [{"login": [{"value": CANARY}]}])
    return "${data.terraform_remote_state.cross-stack-reference-input-other.outputs.login}"


def overridden_provider(stack: TerraformStack, secret: SecretVariable) -> None:
    """A provider whose secret is overridden after it was made."""
    made = AepProvider(stack, "second", alias="second", client_secret=secret.value)
    made.add_override("client_secret", CANARY)


WRITTEN: dict[str, Build] = {
    "a literal": password(lambda _, __: CANARY),
    "base64encode": password(lambda _, __: Fn.base64encode(CANARY)),
    "base64encode of a private key": password(lambda _, __: Fn.base64encode(Fn.raw_string(PEM))),
    "an expression as text": password(lambda _, __: f'${{base64encode("{CANARY}")}}'),
    "nested functions": password(lambda _, __: Fn.base64encode(Fn.upper(Fn.trimspace(CANARY)))),
    "join of a literal alone": password(lambda _, __: Fn.join("", [CANARY])),
    "join": password(lambda _, secret: Fn.join("", [CANARY, secret])),
    "join of small pieces": password(lambda _, secret: Fn.join("", [*"CANARY", secret])),
    "the separator of join": password(lambda _, secret: Fn.join(CANARY, [secret, secret])),
    "literal + secret": password(lambda _, secret: CANARY + secret),
    "secret + literal": password(lambda _, secret: secret + CANARY),
    "an f-string": password(lambda _, secret: f"{secret}{CANARY}{secret}"),
    "a literal after a reference as text": password(lambda _, __: f"${{var.elsewhere}}{CANARY}"),
    "a private key around a reference": password(lambda _, secret: f"{PEM}{secret}"),
    "an account key in a connection string": password(
        lambda _, secret: f"{AZURE.format(CANARY)};BlobEndpoint={secret}"
    ),
    "a role for a password": password(lambda _, secret: f":role/{CANARY}{secret}"),
    "an account's name for a password": password(lambda _, secret: f"AccountName={CANARY.lower()};{secret}"),
    "an account's name in front of a password": password(
        lambda _, secret: f"AccountName={CANARY.lower()}{secret}"
    ),
    "an endpoint for a password": later(
        lambda _, made, secret: made.add_override(
            "sftp.password", f"BlobEndpoint=https://{CANARY.lower()}/;{secret.value}"
        )
    ),
    "a role in a connection string": later(
        lambda stack, _, secret: stack.add_override(
            "resource.aep_base_connection.raw.azure_blob.connection_string", f":role/{CANARY}{secret.value}"
        )
    ),
    "a role for client_secret": provider("client_secret", lambda _, secret: f":role/{CANARY}{secret}"),
    "the label of a private key": password(
        lambda _, secret: f"-----BEGIN {CANARY[:12]} PRIVATE KEY-----{secret}"
    ),
    "the width of a format": password(lambda _, secret: Fn.format("%12345678901234s", [secret])),
    "a part of a signature": stack_override(
        "resource.aep_base_connection.raw.azure_blob.connection_string",
        f"{SHARED}sv=2022-11-02&sig={CANARY}${{var.secret}}",
    ),
    "a signature for a password": password(lambda _, secret: f"sv=2022-11-02&sp=rwdlac&sig={secret}"),
    "symbols": password(lambda _, secret: f"!@#$%^&*()_+-=!{secret}"),
    "emoji": password(lambda _, secret: "\N{KEY}" * 15 + secret),
    "symbols in small parts": password(lambda _, secret: f"!@#{secret}^&*{secret}()={secret}"),
    "the format of format": password(lambda _, secret: Fn.format(f"%s{CANARY}", [secret])),
    "an argument of format": password(lambda _, secret: Fn.format("%s%s", [secret, CANARY])),
    "a number": password(lambda _, secret: Fn.join("", [secret, Token.as_string(Fn.sum([12345678]))])),
    "jsonencode": password(lambda _, secret: Fn.jsonencode({"a": secret, "b": CANARY})),
    "a key of jsonencode": password(lambda _, secret: Fn.jsonencode({CANARY: secret})),
    "jsondecode": password(lambda _, __: f'${{jsondecode("{{\\"a\\": \\"{CANARY}\\"}}").a}}'),
    "a condition": password(
        lambda _, secret: Token.as_string(Fn.conditional(Op.eq(secret, ""), CANARY, secret))
    ),
    "a condition as text": password(lambda _, __: '${var.secret == "" ? "abc" : var.secret}'),
    "coalesce": password(lambda _, secret: Fn.coalesce([secret, CANARY])),
    "a short literal in coalesce": password(lambda _, secret: Fn.coalesce([secret, "abc"])),
    "try": password(lambda _, secret: Token.as_string(Fn.try_([secret, CANARY]))),
    "the default of lookup": password(lambda _, __: f'${{lookup({VAULT[2:-1]}, "password", "{CANARY}")}}'),
    "an element of a list": password(lambda _, secret: Token.as_string(Fn.element([CANARY, secret], 0))),
    "replace": password(lambda _, secret: Fn.replace(secret, "x", CANARY)),
    "a heredoc": password(lambda _, __: f"${{<<EOT\n{CANARY}${{var.secret}}\nEOT\n}}"),
    "a comment": password(lambda _, __: f"${{var.secret /* {CANARY} */}}"),
    "a directive": password(lambda _, __: f"%{{ if var.secret == null }}{CANARY}%{{ endif }}"),
    "a word that refers to nothing": password(lambda _, secret: f"${{{CANARY}}}{secret}"),
    "a function of nothing": password(lambda _, __: "${uuid()}"),
    "any value": password(lambda _, __: Token.as_any(CANARY)),
    "raw text": password(lambda _, __: Fn.raw_string(CANARY)),
    "a private key as the path of a file": password(lambda _, __: f"${{file({PEM!r})}}".replace("'", '"')),
    "a for expression": password(lambda _, __: f'${{[for each in ["{CANARY}"] : each][0]}}'),
    "a local value": password(lambda stack, __: local(stack, CANARY)),
    "a local value with a function": password(lambda stack, __: local(stack, Fn.base64encode(CANARY))),
    "a local value that an override adds": password(overridden_local),
    "a chain of local values": password(chained_locals),
    "a part from a local value": password(lambda stack, secret: secret + local(stack, CANARY)),
    "a local value of another stack": password(local_of_other_stack),
    "a default": password(variable_with_default),
    "a default in a type": typed(
        f'object({{password=optional(string,"{CANARY}")}})', "${var.login.password}"
    ),
    "a default in a map's type": typed(
        f'map(object({{\n password = optional(string, "{CANARY}")\n}}))', '${var.login["a"].password}'
    ),
    "a default of an object in a type": typed(
        f'object({{sftp = optional(object({{password = string}}), {{password = "{CANARY}"}})}})',
        "${var.login.sftp.password}",
    ),
    "a default in a type that is used as a whole": typed(
        f'object({{password = optional(string, "{CANARY}")}})', "${jsonencode(var.login)}"
    ),
    "a default by override": later(lambda _, __, secret: secret.add_override("default", CANARY)),
    "a short default": later(lambda _, __, secret: secret.add_override("default", "abc")),
    "an override of the secret": later(lambda _, made, __: made.add_override("sftp.password", CANARY)),
    "an override of the block": later(
        lambda _, made, __: made.add_override("sftp", {**LOGIN, "password": CANARY})
    ),
    "an override of the block by a list": later(
        lambda _, made, __: made.add_override("sftp", [{**LOGIN, "password": CANARY}])
    ),
    "a list in a local value": later(
        lambda stack, made, __: (
            stack.add_override("locals.login", [{**LOGIN, "password": CANARY}]),
            made.add_override("sftp", "${local.login}"),
        )
    ),
    "an override of the stack": later(
        lambda stack, __, ___: stack.add_override("resource.aep_base_connection.server.sftp.password", CANARY)
    ),
    "an override of another secret": later(
        lambda _, made, __: made.add_override("sftp.ssh_key", f'${{base64encode("{CANARY}")}}')
    ),
    "a resource by override": raw_resource,
    "a list of locals": password(listed_local),
    "a list of variables": password(listed_variable),
    "a list of outputs": password(listed_output),
    "a list of providers": stack_override("provider", [{"aep": {"client_secret": CANARY}}]),
    "a list of resource types": stack_override(
        "resource", [{"aep_base_connection": {"raw": {"sftp": {"password": CANARY}}}}]
    ),
    "a list of resources": stack_override(
        "resource.aep_base_connection", [{"raw": {"sftp": {"password": CANARY}}}]
    ),
    "a list of one resource": stack_override(
        "resource.aep_base_connection.raw", [{"sftp": {"password": CANARY}}]
    ),
    "a resource with a comment": stack_override(
        "resource.aep_base_connection.raw", {"//": "by hand", "sftp": {"password": CANARY}}
    ),
    "a block as a token": whole_block({**LOGIN, "password": CANARY}),
    "a block as an expression": whole_block(f'${{merge(var.login, {{password = "{CANARY}"}})}}'),
    "a map to repeat over": repeated(
        lambda: TerraformIterator.from_map({"a": {"password": CANARY}}),
        lambda each: each.get_string("password"),
    ),
    "a list to repeat over": repeated(lambda: TerraformIterator.from_list([CANARY]), lambda each: each.value),
    "a key to repeat over": repeated(
        lambda: TerraformIterator.from_map({CANARY: {"a": 1}}), lambda each: each.key
    ),
    "client_secret": provider("client_secret", lambda _, __: Fn.base64encode(CANARY)),
    "access_token": provider("access_token", lambda _, secret: Fn.join("", [CANARY, secret])),
    "client_secret in a local value": provider("client_secret", lambda stack, _: local(stack, CANARY)),
    "client_secret by override": overridden_provider,
}


def doubled_locals(stack: TerraformStack, secret: str) -> str:
    """A reference to the first of thirty local values, each of which has the next one twice."""
    for number in range(30):
        following = f"${{local.l{number + 1}}}" if number < 29 else secret
        stack.add_override(f"locals.l{number}", f"{following}{following}")
    return "${local.l0}"


def chained_far(stack: TerraformStack, secret: str) -> str:
    """A reference to the first of a thousand local values, each of which has the next one."""
    for number in range(1000):
        following = f"${{local.l{number + 1}}}" if number < 999 else secret
        stack.add_override(f"locals.l{number}", following)
    return "${local.l0}"


def circular_locals(stack: TerraformStack, _: str) -> str:
    """A reference to a local value that refers to itself through another one."""
    stack.add_override("locals.a", "${local.b}")
    stack.add_override("locals.b", "${local.a}")
    return "${local.a}"


@pytest.mark.parametrize("value", [doubled_locals, chained_far])
def test_each_local_value_is_read_once(
    tmp_path: Path, value: Callable[[TerraformStack, str], object]
) -> None:
    """Local values that refer to others many times, or through many others, do not delay the synthesis."""
    assert CANARY not in written(tmp_path, password(value))


def test_local_values_that_refer_to_each_other_are_rejected(tmp_path: Path) -> None:
    """Terraform rejects them too; they have no value that could be examined."""
    with pytest.raises(RuntimeError, match="can't be given as a literal"):
        written(tmp_path, password(circular_locals))


@pytest.mark.parametrize("build", WRITTEN.values(), ids=list(WRITTEN))
def test_no_literal_secret_reaches_the_synthesised_stack(tmp_path: Path, build: Build) -> None:
    """The synthesis ends in an error that does not contain the literal, and writes no such stack."""
    with pytest.raises((ConstructError, RuntimeError)) as caught:
        written(tmp_path, build)

    message = str(caught.value)
    assert (
        "can't be given as a literal" in message
        or "can be a part of the secret" in message
        or ("has a default" in message)
    )
    assert "CANARY" not in message
    assert "my-stack" not in files(tmp_path)


def plain_local(stack: TerraformStack, _: str) -> str:
    """A reference to a local value that refers to a plain variable."""
    return local(stack, TerraformVariable(stack, "plain", type="string").string_value)


STORED: dict[str, Build] = {
    "a local value of a plain variable": password(plain_local),
    "ephemeral set to false later": later(lambda _, __, secret: secret.add_override("ephemeral", False)),
    "a plain variable by override": later(
        lambda stack, made, __: (
            stack.add_override("variable.plain", {"type": "string"}),
            made.add_override("sftp.password", "${var.plain}"),
        )
    ),
}


@pytest.mark.parametrize("build", STORED.values(), ids=list(STORED))
def test_no_secret_of_a_plain_variable_reaches_a_plan_file(tmp_path: Path, build: Build) -> None:
    """A variable that is not ephemeral, or not any more, is found when the stack is synthesised."""
    with pytest.raises((ConstructError, RuntimeError), match="is not ephemeral"):
        written(tmp_path, build)


def module_output(stack: TerraformStack, _: str) -> str:
    """A reference to the output of a module."""
    return str(TerraformHclModule(stack, "login", source="example/login/aws").get_string("password"))


def generated_password(stack: TerraformStack, _: str) -> str:
    """A reference to an attribute of another resource."""
    stack.add_override("resource.random_password.sftp.length", 32)
    return "${random_password.sftp.result}"


def object_local(stack: TerraformStack, secret: str) -> str:
    """A reference to an attribute of a local object whose other attributes are literals."""
    made = TerraformLocal(stack, "login", {"username": "aep-exports-production", "password": secret})
    return str(Fn.lookup(made.as_string_map, "password"))


def optional_variable(stack: TerraformStack, _: str) -> str:
    """A reference to an ephemeral variable that is null unless it is set."""
    variable = TerraformVariable(stack, "optional", type="string", sensitive=True)
    variable.add_override("ephemeral", True)
    variable.add_override("default", None)
    return variable.string_value


def ephemeral_map(stack: TerraformStack, _: str) -> str:
    """A reference to an element of an ephemeral variable."""
    variable = TerraformVariable(stack, "logins", type="map(string)", sensitive=True)
    variable.add_override("ephemeral", True)
    return Token.as_string(Fn.lookup(variable.value, "sftp_password"))


def output_of_id(stack: TerraformStack, made: TerraformElement, _: SecretVariable) -> None:
    """An output of what is no secret."""
    TerraformOutput(stack, "id", value=f"${{{made.fqn}.id}}")


GOOD: dict[str, Build] = {
    "a secret variable": password(lambda _, secret: secret),
    "base64encode": password(lambda _, secret: Fn.base64encode(secret)),
    "a separator": password(lambda _, secret: Fn.join("\n", [secret, secret])),
    "a short prefix": password(lambda _, secret: f"v1-{secret}"),
    "format": password(lambda _, secret: Fn.format("%s:%s", [secret, secret])),
    "eight symbols": password(lambda _, secret: f'{{"a": "{secret}"}}\n-'),
    "trimspace": password(lambda _, secret: Fn.trimspace(secret)),
    "trimsuffix": password(lambda _, secret: Fn.trimsuffix(secret, "-production")),
    "replace": password(lambda _, secret: Fn.replace(secret, "\\\\n", "\n")),
    "substr": password(lambda _, secret: Fn.substr(secret, 0, 1024)),
    "split": password(lambda _, secret: Fn.element(Fn.split(" and then ", secret), 1)),
    "regex": password(lambda _, __: '${regex("password=(?P<found>[A-Za-z0-9]+)", var.secret).found}'),
    "sensitive": password(lambda _, secret: Fn.sensitive(secret)),
    "file": password(lambda _, __: Fn.base64encode(Fn.file("/etc/secrets/production/id_rsa"))),
    "filebase64": password(lambda _, __: '${filebase64("${path.module}/keys/id_rsa")}'),
    "a file of JSON": password(lambda _, __: '${jsondecode(file("login.json"))["sftp_password"]}'),
    "templatefile": password(lambda _, secret: Fn.templatefile("connection.tftpl", {"key": secret})),
    "an ephemeral resource": password(lambda _, __: "${ephemeral.vault_kv_secret_v2.sftp.data.password}"),
    "a data source with an index": password(
        lambda _, __: '${data.vault_generic_secret.a.data["sftp_password"]}'
    ),
    "a member of a JSON secret": password(
        lambda _, __: '${jsondecode(data.aws_secretsmanager_secret_version.a.secret_string)["sftp_password"]}'
    ),
    "lookup": password(ephemeral_map),
    "lookup without a default": password(lambda _, __: f'${{lookup({VAULT[2:-1]}, "password", null)}}'),
    "a splat": password(lambda _, __: "${one(data.vault_generic_secret.all[*].data.password)}"),
    "a module": password(module_output),
    "another resource": password(generated_password),
    "a local value": password(lambda stack, secret: local(stack, secret)),
    "an object in a local value": password(object_local),
    "a separator in a local value": password(lambda stack, secret: f"{secret}{local(stack, '--')}{secret}"),
    "an undeclared variable": password(lambda _, __: "${var.declared_elsewhere}"),
    "a type with a default of another attribute": typed(
        'object({username = optional(string, "aep-exports"), password = string})', "${var.login.password}"
    ),
    "a type with an optional attribute": typed(
        "object({password = optional(string)})", "${var.login.password}"
    ),
    "a type without a value": typed('object({password = optional(string, "")})', "${var.login.password}"),
    "an optional variable": password(optional_variable),
    "a condition": password(
        lambda _, __: '${var.stage == "production" ? var.secret : var.declared_elsewhere}'
    ),
    "coalesce": password(lambda stack, secret: Fn.coalesce([secret, SecretVariable(stack, "other").value])),
    "try": password(lambda _, __: '${try(var.secret, "")}'),
    "a connection string": azure(AZURE.format),
    "a connection string by format": azure(lambda secret: Fn.format(AZURE.format("%s"), [secret])),
    "a connection string by join": azure(
        lambda secret: Fn.join(
            ";", ["DefaultEndpointsProtocol=https", "AccountName=acme", f"AccountKey={secret}"]
        )
    ),
    "a connection string with a signature": azure(
        lambda secret: f"BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature={secret}"
    ),
    "a connection string with the settings of a signature": azure(
        lambda secret: f"{SHARED}sv=2022-11-02&ss=b&srt=sco&sp=rwdlac&sig={secret}"
    ),
    "a connection string with the times of a signature": azure(
        lambda secret: (
            f"{SHARED}?sp=rw&st=2026-01-01T08:00:00Z&se=2027-01-01T08%3A00%3A00Z&spr=https"
            f"&sig={secret}&sip=203.0.113.1-203.0.113.9&sr=c&si=exports-policy"
        )
    ),
    "the boundaries of a private key": password(
        lambda _, secret: Fn.base64encode(PEM.replace(CANARY, secret))
    ),
    "the parts of an ARN": role(lambda secret: f"arn:aws:iam::{secret}:role/aep-exports"),
    "a block as a token": whole_block({**LOGIN, "password": "${var.secret}"}),
    "a block in a list": later(
        lambda _, made, secret: made.add_override("sftp", [{**LOGIN, "password": secret.value}])
    ),
    "a block as an expression": whole_block("${merge(var.login, {password = var.secret})}"),
    "a block of literals and a reference": whole_block(
        '${merge({domain = "sftp.example.org", username = "aep-exports"}, {password = var.secret})}'
    ),
    "no secret yet": whole_block(LOGIN),
    "a map of secrets by key": repeated(
        lambda: TerraformIterator.from_map({"production": {"user": "a"}, "development": {"user": "b"}}),
        lambda _: "${var.passwords[each.key]}",
    ),
    "a data source to repeat over": repeated(
        lambda: TerraformIterator.from_map(Token.as_any_map("${data.vault_generic_secret.all}")),
        lambda each: each.get_string("password"),
    ),
    "a reference beside literals to repeat over": repeated(
        lambda: TerraformIterator.from_map(
            {"a": {"username": "aep-exports-production", "password": "${data.vault_generic_secret.a.data.x}"}}
        ),
        lambda each: each.get_string("password"),
    ),
    "a list of locals": stack_override("locals", [{"stage": "production"}]),
    "a list of providers": stack_override("provider", [{"aep": {"client_secret": "${var.secret}"}}]),
    "a list of resources": stack_override(
        "resource.aep_base_connection", [{"server": [{"sftp": {**LOGIN, "password": "${var.secret}"}}]}]
    ),
    "a comment on a resource": stack_override(
        "resource.aep_base_connection.raw", {"//": "by hand", "sftp": {"password": "${var.secret}"}}
    ),
    "an output of the id": later(output_of_id),
    "access_token": provider("access_token", lambda _, __: "${ephemeral.http.token.response_body}"),
    "client_secret": provider("client_secret", lambda _, secret: Fn.trimspace(secret)),
}


@pytest.mark.parametrize("build", GOOD.values(), ids=list(GOOD))
def test_good_references_are_synthesised(tmp_path: Path, build: Build) -> None:
    """A reference is accepted with the functions, names and separators that people write around one."""
    text = written(tmp_path, build)

    assert "aep_base_connection" in text or '"second"' in text
