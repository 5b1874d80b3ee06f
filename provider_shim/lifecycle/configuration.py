"""The provider's settings, from its configuration, environment variables and defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from provider_shim.client import loopback
from provider_shim.client.settings import DEFAULT_SCOPES, ClientSettings
from provider_shim.lifecycle.checks.validate import check_config
from provider_shim.resources.provider import PROVIDER
from provider_shim.schema.attribute import Attribute
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import Path, path
from provider_shim.schema.rules import shorten
from provider_shim.schema.scalars import durations
from provider_shim.schema.types import NUMBER, List
from provider_shim.schema.values import Value, is_wholly_known

_WHOLE_NUMBER = re.compile(r"[0-9]{1,20}")
"""The settings that are numbers. Python converts no text of more than 4,300 digits."""

EMULATOR = "emulator:"
"""Prefix of an endpoint that runs the emulator inside the provider. The rest is the emulator's file."""

_ADDRESSES = ("endpoint", "auth_endpoint", "adhoc_endpoint")
"""The settings that are addresses of servers, to which credentials are sent."""


@dataclass(frozen=True, kw_only=True)
class ProviderSettings(ClientSettings):
    """The resolved settings of the provider: those of the client, and what only the provider looks at.

    Attributes:
        unknown: Names of the settings whose values are known only after apply.
        sandbox_is_default: True if neither the configuration nor the environment sets `sandbox_name`.

    The others are described in `provider_shim.resources.provider`.
    """

    disputed_rules: str = "error"
    existing_names: str = "error"
    expiry_warning_days: int = 30
    unknown: tuple[str, ...] = ()
    sandbox_is_default: bool = True

    @property
    def emulator_file(self) -> str | None:
        """The emulator's file if the endpoint is `emulator:<file>`, else `None`."""
        return self.endpoint.removeprefix(EMULATOR) if self.endpoint.startswith(EMULATOR) else None


def validate(config: Value) -> list[Diagnostic]:
    """Return the errors of a configuration by itself, without the environment, which `resolve` knows."""
    problems = check_config(PROVIDER, config)
    if problems or config["endpoint"] is None:  # the environment may select the emulator
        return problems
    return _unencrypted_endpoints(config)


def resolve(config: Value, environment: Mapping[str, str]) -> tuple[ProviderSettings, list[Diagnostic]]:
    """Return the settings, and the errors in them. With errors, the settings are the defaults.

    `environment` supplies the settings that `config` does not set.
    """
    given: dict[str, Value] = {}
    problems: list[Diagnostic] = []
    variables: dict[Path, str] = {}
    for attribute in PROVIDER.attributes:
        value = None if config is None else config[attribute.name]
        if value is None and environment.get(attribute.environment):
            value, invalid = _from_environment(attribute, environment[attribute.environment])
            problems += invalid
            variables[path(attribute.name)] = attribute.environment
        given[attribute.name] = value
    problems += check_config(PROVIDER, given) or _unencrypted_endpoints(given)
    if problems:
        return ProviderSettings(), [_with_source(each, variables) for each in problems]
    unknown = tuple(name for name, value in given.items() if not is_wholly_known(value))
    known = {name: value for name, value in given.items() if value is not None and name not in unknown}
    defaults = ProviderSettings(unknown=unknown, sandbox_is_default=given["sandbox_name"] is None)
    settings = replace(defaults, **_converted(known))
    names_token_server = bool({"auth_endpoint", "access_token"} & {*unknown, *filter(known.get, known)})
    if not names_token_server and (problems := _untrusted_endpoints(settings)):
        return ProviderSettings(), problems
    return settings, []


def _with_source(problem: Diagnostic, variables: Mapping[Path, str]) -> Diagnostic:
    """Add the environment variable from which a refused setting comes. `variables` has it by path."""
    variable = variables.get(problem.path)
    if variable is None or variable in problem.summary:
        return problem
    return replace(problem, detail=f"{problem.detail} It comes from the environment variable {variable}.")


def _from_environment(attribute: Attribute, text: str) -> tuple[Value, list[Diagnostic]]:
    if isinstance(attribute.type, List):
        return [part.strip() for part in text.split(",") if part.strip()], []
    if attribute.type == NUMBER:
        if not _WHOLE_NUMBER.fullmatch(text.strip()):
            detail = f"{attribute.environment} must be a whole number. It is {shorten(text)}."
            return None, [error(f"Invalid {attribute.environment}", detail, path(attribute.name))]
        return int(text), []
    return text, []


def _converted(known: Mapping[str, Value]) -> dict[str, Any]:
    settings: dict[str, Any] = dict(known)
    for name in _ADDRESSES:
        if name in settings and not settings[name].startswith(EMULATOR):
            settings[name] = settings[name].rstrip("/")
    if "request_timeout" in settings:
        settings["request_timeout"] = durations.parse(settings["request_timeout"])
    if "scopes" in settings:
        settings["scopes"] = tuple(settings["scopes"]) or DEFAULT_SCOPES
    for name in ("max_retries", "max_concurrent_requests", "expiry_warning_days"):
        if name in settings:
            settings[name] = int(settings[name])
    return settings


def _unencrypted_endpoints(given: Mapping[str, Value]) -> list[Diagnostic]:
    """Return an error for each address to which credentials would be sent over plain `http`.

    Servers on this machine are excepted.
    """
    if isinstance(given["endpoint"], str) and given["endpoint"].startswith(EMULATOR):
        return []  # no request leaves the process
    return [
        error("Unencrypted connection", loopback.unencrypted(name, address), path(name))
        for name in _ADDRESSES
        if isinstance(address := given[name], str) and loopback.is_unencrypted(address)
    ]


def _untrusted_endpoints(settings: ProviderSettings) -> list[Diagnostic]:
    """Return an error for each endpoint to which a token of Adobe's could leak.

    A client secret and the tokens for it are sent only to Adobe, unless the user sets the server for tokens.
    """
    if settings.emulator_file:
        return []
    addresses = {"endpoint": settings.endpoint, "adhoc_endpoint": settings.adhoc_endpoint}
    return [
        error(
            "Missing auth_endpoint",
            f"{name} is {address}, which is not an https address of Adobe's. Set auth_endpoint "
            "(AEP_AUTH_ENDPOINT) to the server that issues access tokens for it, or access_token "
            "(AEP_ACCESS_TOKEN), so that a client secret for Adobe never reaches another server.",
            path(name),
        )
        for name, address in addresses.items()
        if address and not _is_adobe(address)
    ]


def _is_adobe(endpoint: str) -> bool:
    try:
        address = urlsplit(endpoint)
    except ValueError:  # brackets without an IPv6 address
        return False
    host = address.hostname or ""
    return address.scheme == "https" and (host == "adobe.io" or host.endswith(".adobe.io"))
