"""The provider's settings."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from provider_shim.lifecycle.configuration import ProviderSettings, resolve, validate
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.values import UNKNOWN
from tests.unit.samples import filled


def resolved(
    environment: dict[str, str] | None = None, **config: Any
) -> tuple[ProviderSettings, list[Diagnostic]]:
    """Return the settings of a configuration and an environment."""
    return resolve(filled(CATALOGUE.provider.attributes, config), environment or {})


def test_nothing_given() -> None:
    """The defaults are Adobe's endpoint, the sandbox `prod` and no credentials, which is not an error."""
    settings, problems = resolve(None, {})

    assert problems == []
    assert settings == ProviderSettings()
    assert settings.endpoint == "https://platform.adobe.io"
    assert settings.sandbox_name == "prod"


def test_every_setting_is_described() -> None:
    """The settings are those of the description, whose prose states the defaults that are used."""
    settings = ProviderSettings()
    described = {each.name: each.description.replace("`", "") for each in CATALOGUE.provider.attributes}

    assert {each.name for each in fields(settings)} == {*described, "unknown", "sandbox_is_default"}
    for name in ("endpoint", "auth_endpoint", "sandbox_name", "max_retries", "max_concurrent_requests"):
        assert f"Defaults to {getattr(settings, name)}." in described[name]
    assert f"Defaults to {settings.expiry_warning_days}." in described["expiry_warning_days"]
    assert settings.request_timeout == 60.0
    assert "Defaults to one minute." in described["request_timeout"]


def test_environment() -> None:
    """Every setting can come from its variable, in its type."""
    settings, problems = resolved(
        {
            "AEP_ENDPOINT": "https://platform-stage.adobe.io/",
            "AEP_AUTH_ENDPOINT": "https://ims.example.org",
            "AEP_ORGANIZATION_ID": "A@AdobeOrg",
            "AEP_CLIENT_ID": "id",
            "AEP_CLIENT_SECRET": "secret",
            "AEP_ACCESS_TOKEN": "token",
            "AEP_SCOPES": "openid, session,,AdobeID",
            "AEP_SANDBOX_NAME": "dev",
            "AEP_MAX_RETRIES": "0",
            "AEP_REQUEST_TIMEOUT": "1m30s",
            "AEP_MAX_CONCURRENT_REQUESTS": " 3 ",
            "AEP_DISPUTED_RULES": "warning",
        }
    )

    assert problems == []
    assert settings == ProviderSettings(
        endpoint="https://platform-stage.adobe.io",
        auth_endpoint="https://ims.example.org",
        organization_id="A@AdobeOrg",
        client_id="id",
        client_secret="secret",
        access_token="token",
        scopes=("openid", "session", "AdobeID"),
        sandbox_name="dev",
        sandbox_is_default=False,
        max_retries=0,
        request_timeout=90.0,
        max_concurrent_requests=3,
        disputed_rules="warning",
    )


def test_configuration_wins() -> None:
    """The configuration takes precedence over the environment; an empty variable counts as not set."""
    settings, _ = resolved(
        {"AEP_SANDBOX_NAME": "env", "AEP_CLIENT_ID": "", "AEP_MAX_RETRIES": "9"},
        sandbox_name="config",
        max_retries=0,
    )

    assert (settings.sandbox_name, settings.client_id, settings.max_retries) == ("config", "", 0)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("AEP_MAX_RETRIES", "many"),
        ("AEP_MAX_RETRIES", "2.5"),
        ("AEP_MAX_RETRIES", "-1"),
        ("AEP_MAX_RETRIES", "101"),
        ("AEP_MAX_RETRIES", "²"),
        ("AEP_MAX_RETRIES", "9" * 5000),
        ("AEP_MAX_CONCURRENT_REQUESTS", "0"),
        ("AEP_REQUEST_TIMEOUT", "60"),
        ("AEP_REQUEST_TIMEOUT", "0s"),
        ("AEP_DISPUTED_RULES", "ignore"),
        ("AEP_ENDPOINT", "platform.adobe.io"),
        ("AEP_ENDPOINT", "ftp://platform.adobe.io"),
        ("AEP_ENDPOINT", "https://platform.adobe.io/data"),
        ("AEP_ENDPOINT", "https://[::1"),
        ("AEP_ENDPOINT", "https://user:word@platform.adobe.io"),
        ("AEP_ENDPOINT", "emulator:"),
        ("AEP_AUTH_ENDPOINT", "ims"),
        ("AEP_SANDBOX_NAME", "Prod"),
        ("AEP_ORGANIZATION_ID", "5555"),
    ],
)
def test_malformed_environment(variable: str, text: str) -> None:
    """A malformed variable is one error on its setting, which names the variable."""
    _, problems = resolved({variable: text})

    (problem,) = problems
    assert str(problem.path) == variable.removeprefix("AEP_").lower()
    assert variable in problem.summary + problem.detail


def test_malformed_configuration() -> None:
    """The error for a malformed attribute does not mention variables that are not set."""
    _, (problem,) = resolved(max_retries=101)

    assert "AEP_" not in problem.summary + problem.detail


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://platform.adobe.io",
        "https://platform-stage.adobe.io/",
        "https://adobe.io",
        "https://a.b.adobe.io:443",
    ],
)
def test_adobe(endpoint: str) -> None:
    """Adobe's hosts receive Adobe's credentials."""
    assert resolved(endpoint=endpoint)[1] == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil-adobe.io",
        "https://adobe.io.evil.com",
        "https://platform.adobe.io.evil.com",
        "https://platformadobe.io",
        "https://adobe.io.",
        "https://adobe.com",
        "http://127.0.0.1:8000",
        "https://evil.com:443",
    ],
)
def test_other_servers(endpoint: str) -> None:
    """Another server needs `auth_endpoint` or `access_token`."""
    (problem,) = resolved(endpoint=endpoint, client_secret="s3cr3t")[1]

    assert str(problem.path) == "endpoint"
    assert "auth_endpoint" in problem.detail
    assert "s3cr3t" not in problem.detail
    assert resolved(endpoint=endpoint, auth_endpoint="https://ims.example.org")[1] == []
    assert resolved({"AEP_ACCESS_TOKEN": "t"}, endpoint=endpoint)[1] == []


def test_another_server_for_runs() -> None:
    """The server for runs on request receives the token too, so it is checked like the endpoint."""
    (problem,) = resolved(adhoc_endpoint="https://evil.com", client_secret="s3cr3t")[1]

    assert str(problem.path) == "adhoc_endpoint"
    assert resolved(adhoc_endpoint="https://platform-stage.adobe.io/")[1] == []
    settings, problems = resolved(adhoc_endpoint="https://evil.com/", access_token="t")
    assert (settings.adhoc_endpoint, problems) == ("https://evil.com", [])


PLAIN = ["http://platform.adobe.io", "http://flow.example:8080/", "http://[::2]", "http://10.0.0.1"]
THIS_MACHINE = ["http://127.0.0.1:8421", "http://127.8.7.6", "http://[::1]:8421", "http://localhost/"]


@pytest.mark.parametrize("address", PLAIN)
@pytest.mark.parametrize("name", ["endpoint", "auth_endpoint", "adhoc_endpoint"])
def test_credentials_are_not_sent_without_encryption(name: str, address: str) -> None:
    """Plain http to another host is an error on its argument, which names the remedies."""
    given: dict[str, Any] = {"access_token": "t0k3n", name: address}
    settings, problems = resolved(**given)

    (problem,) = problems
    assert problem.summary == "Unencrypted connection"
    assert str(problem.path) == name
    assert problem.detail.startswith(f"{name} is {address}. ")
    for remedy in ("https", "localhost, 127.0.0.0/8 and ::1"):
        assert remedy in problem.detail
    assert "AEP_" not in problem.detail
    assert settings == ProviderSettings()


@pytest.mark.parametrize("name", ["endpoint", "auth_endpoint", "adhoc_endpoint"])
def test_an_unencrypted_address_of_the_environment_names_its_variable(name: str) -> None:
    """The error of a variable is on the argument, and names the variable."""
    (problem,) = resolved({f"AEP_{name.upper()}": "http://flow.example", "AEP_ACCESS_TOKEN": "t0k3n"})[1]

    assert (problem.summary, str(problem.path)) == ("Unencrypted connection", name)
    assert f"AEP_{name.upper()}" in problem.detail


def test_validate_reports_plain_http_of_the_configuration() -> None:
    """`terraform validate` finds it too, unless the environment may select the emulator."""
    found = validate(
        filled(
            CATALOGUE.provider.attributes,
            {"endpoint": "http://flow.example", "auth_endpoint": "http://ims.example"},
        )
    )
    assert [(each.summary, str(each.path)) for each in found] == [
        ("Unencrypted connection", "endpoint"),
        ("Unencrypted connection", "auth_endpoint"),
    ]
    assert validate(filled(CATALOGUE.provider.attributes, {"endpoint": "http://127.0.0.1:1"})) == []
    assert validate(filled(CATALOGUE.provider.attributes, {"auth_endpoint": "http://ims.example"})) == []


@pytest.mark.parametrize("address", THIS_MACHINE)
def test_this_machine_needs_no_encryption(address: str) -> None:
    """A server of this machine, such as an emulator, is reached by http."""
    settings, problems = resolved(
        endpoint=address, auth_endpoint=address, adhoc_endpoint=address, client_secret="s3cr3t"
    )

    assert problems == []
    assert settings.endpoint == address.rstrip("/")


def test_refused_settings_are_not_kept() -> None:
    """With an error, the settings are the defaults: no later request uses what was refused."""
    settings, problems = resolved(endpoint="https://evil.com", client_secret="s3cr3t")

    assert problems
    assert settings == ProviderSettings()


@pytest.mark.parametrize(
    "given", [{"endpoint": UNKNOWN}, {"client_secret": UNKNOWN}, {"scopes": ["openid", UNKNOWN]}]
)
def test_unknown(given: dict[str, Any]) -> None:
    """Settings that are unknown, as a whole or in part, are recorded and are not errors."""
    settings, problems = resolved(**given)

    assert problems == []
    assert settings.unknown == tuple(given)


def test_emulator() -> None:
    """An emulator needs a file and no credentials."""
    settings, problems = resolved({"AEP_ENDPOINT": "emulator:./a/b.sqlite"})

    assert problems == []
    assert settings.emulator_file == "./a/b.sqlite"
    assert ProviderSettings().emulator_file is None


def test_secrets_stay_out_of_repr() -> None:
    """Settings can be logged."""
    settings = ProviderSettings(client_secret="s3cr3t", access_token="t0k3n")

    assert "s3cr3t" not in repr(settings)
    assert "t0k3n" not in repr(settings)
