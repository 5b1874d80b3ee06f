"""Source address, version and platform of a provider, in the forms that Terraform uses."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from importlib.metadata import version

from provider_shim.cli.command_error import CommandError
from provider_shim.source_address import DEFAULT_ADDRESS

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", re.IGNORECASE | re.ASCII)
_PART = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?", re.IGNORECASE | re.ASCII)
_PLATFORM = re.compile(r"[a-z0-9]+_[a-z0-9]+")
_PRE_RELEASE = re.compile(r"^(\d+(?:\.\d+)*)(?:(a|b|rc)(\d+))?(?:\.dev(\d+))?$")
_PRE_RELEASE_NAMES = {"a": "alpha", "b": "beta", "rc": "rc"}
_ARCHITECTURES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i386": "386",
    "i686": "386",
    "armv6l": "arm",
    "armv7l": "arm",
}


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """A provider's source address, `<host>/<namespace>/<type>`."""

    host: str
    namespace: str
    type: str

    @classmethod
    def parse(cls, text: str) -> SourceAddress:
        """Parse a source address. Raises `CommandError` if it is invalid or incomplete."""
        parts = text.split("/")
        if len(parts) != 3 or not _HOST.fullmatch(parts[0]) or not all(map(_PART.fullmatch, parts[1:])):
            raise CommandError(
                f"{text!r} is not a source address of a provider: write <host>/<namespace>/<type>, "
                f"for example {DEFAULT_ADDRESS}.",
                exit_code=2,
            )
        host, namespace, type_name = (part.lower() for part in parts)
        return cls(host, namespace, type_name)

    def __str__(self) -> str:
        return f"{self.host}/{self.namespace}/{self.type}"


def package_version() -> str:
    """Get the installed version of aep-flowbridge in Python's form (`0.2.0rc1`)."""
    return version("aep-flowbridge")


def terraform_version_of(python_version: str) -> str:
    """Convert a version to Terraform's form: three numbers, a hyphen, a pre-release (`0.2.0-rc.1`).

    Raises `CommandError` if the version has no such form.
    """
    match = _PRE_RELEASE.match(python_version.partition("+")[0])
    if match is None:
        raise CommandError(
            f"Terraform does not support the version number {python_version}: install a released version."
        )
    numbers, stage, number, dev = match.groups()
    release = ".".join([*numbers.split("."), "0", "0"][:3])
    suffixes = [f"{_PRE_RELEASE_NAMES[stage]}.{number}"] if stage else []
    suffixes += [f"dev.{dev}"] if dev else []
    return "-".join([release, ".".join(suffixes)]) if suffixes else release


def this_platform() -> str:
    """Get Terraform's name of this machine's platform, for example `linux_amd64`."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{_ARCHITECTURES.get(machine, machine)}"


def parse_platform(text: str) -> str:
    """Check that a text has the form `<system>_<architecture>`, and return it. Raises `CommandError`."""
    if not _PLATFORM.fullmatch(text):
        raise CommandError(
            f"{text!r} is not a platform: write <system>_<architecture>, for example linux_amd64.",
            exit_code=2,
        )
    return text
