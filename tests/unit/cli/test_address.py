"""Source addresses, versions and platforms in Terraform's form."""

from __future__ import annotations

import pytest

from provider_shim.cli.address import SourceAddress, parse_platform, terraform_version_of, this_platform
from provider_shim.cli.command_error import CommandError


def test_an_address_has_three_parts() -> None:
    """A complete address is parsed, in lower case as Terraform compares it."""
    assert SourceAddress.parse("Registry.Example.com:8443/Data/AEP") == SourceAddress(
        "registry.example.com:8443", "data", "aep"
    )


@pytest.mark.parametrize(
    "text",
    [
        "aep",
        "flowbridge/aep",
        "local/flowbridge/aep",
        "a.b//aep",
        "a.b/c/d/e",
        "a.b/../c",
        'a.b/c/d"\n}\nprovider "x" {',
        "a.b/c/d\n",
        "a.b/c/${d}",
        "a.b/c/\u017ft\u212a",
        "a.b:\u0661/c/d",
    ],
)
def test_an_invalid_address_is_an_error(text: str) -> None:
    """Anything else is an error with the text, an example and exit code 2."""
    with pytest.raises(CommandError, match="is not a source address") as caught:
        SourceAddress.parse(text)

    assert repr(text) in str(caught.value)
    assert caught.value.exit_code == 2


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
def test_a_version_is_converted_for_terraform(python: str, terraform: str) -> None:
    """Terraform supports semantic versions only, so Python's versions are converted."""
    assert terraform_version_of(python) == terraform


def test_a_post_release_is_an_error() -> None:
    """Python's post-releases can't be converted."""
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


def test_an_invalid_platform_is_an_error() -> None:
    """A platform that would lead out of the mirror is rejected."""
    with pytest.raises(CommandError, match="is not a platform"):
        parse_platform("../linux")
