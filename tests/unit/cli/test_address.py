"""Addresses, versions and platforms in Terraform's spelling."""

from __future__ import annotations

import pytest

from provider_shim.cli.address import SourceAddress, parse_platform, terraform_version_of, this_platform
from provider_shim.cli.command_error import CommandError


def test_an_address_has_three_parts() -> None:
    """A full address is taken apart, in lower case as Terraform compares it."""
    assert SourceAddress.parse("Registry.Example.com:8443/Data/AEP") == SourceAddress(
        "registry.example.com:8443", "data", "aep"
    )


@pytest.mark.parametrize(
    "text", ["aep", "flowbridge/aep", "local/flowbridge/aep", "a.b//aep", "a.b/c/d/e", "a.b/../c"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """Anything else ends in a sentence with the text and an example, as something typed wrongly."""
    with pytest.raises(CommandError, match="is not a source address") as refused:
        SourceAddress.parse(text)

    assert repr(text) in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("python", "terraform"),
    [
        ("0.1.0", "0.1.0"),
        ("1.2", "1.2.0"),
        ("0.2.0rc1", "0.2.0-rc.1"),
        ("0.2.0a1.dev3", "0.2.0-alpha.1.dev.3"),
        ("0.2.0.dev3", "0.2.0-dev.3"),
        ("0.2.0+local", "0.2.0"),
    ],
)
def test_a_version_is_spelled_as_terraform_wants_it(python: str, terraform: str) -> None:
    """Terraform reads semantic versions only, so Python's spellings are translated."""
    assert terraform_version_of(python) == terraform


def test_a_version_without_translation_is_refused() -> None:
    """Python's post-releases have no counterpart."""
    with pytest.raises(CommandError, match=r"0\.1\.0\.post1"):
        terraform_version_of("0.1.0.post1")


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ("Linux", "x86_64", "linux_amd64"),
        ("Darwin", "arm64", "darwin_arm64"),
        ("Linux", "aarch64", "linux_arm64"),
    ],
)
def test_a_platform_is_named_as_terraform_names_it(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, expected: str
) -> None:
    """The names are those of Go, which Terraform's mirrors use."""
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)

    assert this_platform() == expected


def test_what_is_no_platform_is_refused() -> None:
    """A platform that would leave the mirror's layout is refused."""
    with pytest.raises(CommandError, match="is not a platform"):
        parse_platform("../linux")
