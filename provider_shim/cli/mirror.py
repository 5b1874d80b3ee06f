"""A filesystem mirror: the folder in which Terraform finds a provider that no registry serves.

    <mirror>/<host>/<namespace>/<type>/<version>/<platform>/terraform-provider-<type>_v<version>  the launcher
    <mirror>/<host>/<namespace>/<type>/flowbridge_<version>_<platform>.python                     the pointer

Terraform hashes every file of the platform's folder into a team's lock file, so the launcher is the same on
every machine. The pointer holds what differs, the path of one machine's Python, and lies outside.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from provider_shim.cli.address import SourceAddress, package_version, terraform_version_of, this_platform
from provider_shim.cli.command_error import CommandError

_LAUNCHER = Path(__file__).with_name("launcher.sh")


@dataclass(frozen=True, slots=True)
class ProviderPackage:
    """One version of a provider for one platform in a mirror."""

    mirror: Path
    address: SourceAddress
    version: str
    platform: str

    @property
    def folder(self) -> Path:
        """The folder of the type, which holds the versions and the pointers."""
        return self.mirror / self.address.host / self.address.namespace / self.address.type

    @property
    def launcher(self) -> Path:
        """The file that Terraform starts."""
        name = f"terraform-provider-{self.address.type}_v{self.version}"
        return self.folder / self.version / self.platform / name

    @property
    def pointer(self) -> Path:
        """The file whose one line is the path of the Python that runs the provider on this machine."""
        return self.folder / f"flowbridge_{self.version}_{self.platform}.python"


def default_mirror() -> Path:
    """The mirror that Terraform searches for this user without any configuration."""
    return Path.home() / ".terraform.d" / "plugins"


def local_package(mirror: Path, address: SourceAddress, platform: str | None = None) -> ProviderPackage:
    """Where the installed version of this package belongs in a mirror."""
    version = terraform_version_of(package_version())
    return ProviderPackage(mirror.absolute(), address, version, platform or this_platform())


def install_package(package: ProviderPackage, python: str | None = None) -> None:
    """Put the launcher and the pointer there, each whole or not at all; what was there is replaced.

    `python` is the interpreter to note down, by default the one that runs this. Its path is not resolved:
    the `python` of a virtual environment is a link, and only under its own name does it find the packages.
    """
    if package.platform.startswith("windows"):
        raise CommandError("The provider needs a POSIX system: on Windows install it inside WSL.")
    try:
        _write(package.pointer, f"{python or sys.executable}\n".encode(), mode=0o644)
        _write(package.launcher, _LAUNCHER.read_bytes(), mode=0o755)
    except OSError as error:
        raise CommandError(f"The mirror {package.mirror} can't be written: {error.strerror}.") from error


def _write(path: Path, content: bytes, *, mode: int) -> None:
    # A rename within one folder: a Terraform that starts the provider now sees the old file or the new one.
    # The temporary file has its place outside the hashed folder.
    path.parent.mkdir(parents=True, exist_ok=True)
    holder = path.parents[2] if mode & 0o100 else path.parent
    descriptor, temporary = tempfile.mkstemp(dir=holder, prefix=".flowbridge-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
