"""Where a provider belongs: its source address, its version and its platform, in Terraform's spelling."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from importlib.metadata import version

from provider_shim.cli.command_error import CommandError
from provider_shim.source_address import DEFAULT_ADDRESS

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", re.IGNORECASE)
_PART = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?", re.IGNORECASE)
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
        """The address that the text spells; `CommandError` where it is none or is incomplete."""
        parts = text.split("/")
        if len(parts) != 3 or not _HOST.fullmatch(parts[0]) or not all(map(_PART.fullmatch, parts[1:])):
            raise CommandError(
                f"{text!r} is not a provider's address: write <host>/<namespace>/<type>, "
                f"for example {DEFAULT_ADDRESS}.",
                exit_code=2,
            )
        host, namespace, type_name = (part.lower() for part in parts)
        return cls(host, namespace, type_name)

    def __str__(self) -> str:
        return f"{self.host}/{self.namespace}/{self.type}"


def package_version() -> str:
    """The installed version of aep-flowbridge, as Python spells it (`0.2.0rc1`)."""
    return version("aep-flowbridge")


def terraform_version_of(python_version: str) -> str:
    """The same version in Terraform's spelling: three numbers, a hyphen, a pre-release (`0.2.0-rc.1`)."""
    match = _PRE_RELEASE.match(python_version.partition("+")[0])
    if match is None:
        raise CommandError(f"Terraform has no spelling for version {python_version}: install a released one.")
    numbers, stage, number, dev = match.groups()
    release = ".".join([*numbers.split("."), "0", "0"][:3])
    suffixes = [f"{_PRE_RELEASE_NAMES[stage]}.{number}"] if stage else []
    suffixes += [f"dev.{dev}"] if dev else []
    return "-".join([release, ".".join(suffixes)]) if suffixes else release


def this_platform() -> str:
    """The platform of this machine as Terraform names it, for example `linux_amd64`."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{_ARCHITECTURES.get(machine, machine)}"


def parse_platform(text: str) -> str:
    """The text itself where it has the form `<system>_<architecture>`, else `CommandError`."""
    if not _PLATFORM.fullmatch(text):
        raise CommandError(
            f"{text!r} is not a platform: write <system>_<architecture>, for example linux_amd64.",
            exit_code=2,
        )
    return text
