"""Filesystem mirrors: folders in which Terraform finds providers without a registry.

    <mirror>/<host>/<namespace>/<type>/<version>/<platform>/terraform-provider-<type>_v<version>  the launcher
    <mirror>/<host>/<namespace>/<type>/flowbridge_<version>_<platform>.python                     the pointer

Terraform records a hash of all files of the platform's folder in the lock file, so the launcher is the same
on all machines. The pointer is outside this folder; it contains the path of this machine's Python.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from provider_shim.cli.address import SourceAddress, package_version, terraform_version_of, this_platform
from provider_shim.cli.command_error import CommandError

_FOLDER_MODE = 0o755
_TEMPLATE = re.compile(r"[$%]\{")
_LAUNCHER = Path(__file__).with_name("launcher.sh")


@dataclass(frozen=True, slots=True)
class ProviderPackage:
    """A provider package in a mirror: one version for one platform."""

    mirror: Path
    address: SourceAddress
    version: str
    platform: str

    @property
    def folder(self) -> Path:
        """Folder of the provider type, with the versions and the pointers."""
        return self.mirror / self.address.host / self.address.namespace / self.address.type

    @property
    def launcher(self) -> Path:
        """File that Terraform starts."""
        name = f"terraform-provider-{self.address.type}_v{self.version}"
        return self.folder / self.version / self.platform / name

    @property
    def pointer(self) -> Path:
        """File that contains the path of the Python that runs the provider on this machine."""
        return self.folder / f"flowbridge_{self.version}_{self.platform}.python"


def default_mirror() -> Path:
    """Get the mirror that Terraform searches for this user by default."""
    return Path.home() / ".terraform.d" / "plugins"


def local_package(mirror: Path, address: SourceAddress, platform: str | None = None) -> ProviderPackage:
    """Get the package of the installed version in a mirror."""
    version = terraform_version_of(package_version())
    return ProviderPackage(mirror.absolute(), address, version, platform or this_platform())


def install_package(package: ProviderPackage, python: str | None = None) -> None:
    """Write the launcher and the pointer, each atomically, replacing existing ones.

    Args:
        package: The package to install.
        python: Path of the interpreter, by default the running one. Symbolic links are not resolved: the
            `python` of a virtual environment is a link, and finds its packages by that path only.

    Raises:
        CommandError: The platform is Windows, a path can't be used, or the mirror can't be written.
    """
    if package.platform.startswith("windows"):
        raise CommandError("The provider needs a POSIX system: on Windows install it inside WSL.")
    interpreter = python or sys.executable
    if not Path(interpreter).is_absolute() or not interpreter.isprintable():
        raise CommandError(
            f"{interpreter!r} is not an absolute path, or it contains control characters. Run `flowbridge "
            "install` with the Python of a virtual environment, by its absolute path."
        )
    if not str(package.mirror).isprintable() or _TEMPLATE.search(str(package.mirror)):
        raise CommandError(
            f"The mirror {str(package.mirror)!r} can't be named in Terraform's configuration: choose a path "
            "without control characters, `${` and `%{`."
        )
    try:
        _write(package.pointer, f"{interpreter}\n".encode(), mode=0o644)
        _write(package.launcher, _LAUNCHER.read_bytes(), mode=0o755)
    except OSError as error:
        raise CommandError(f"The mirror {package.mirror} can't be written: {error.strerror}.") from error


def _write(path: Path, content: bytes, *, mode: int) -> None:
    # A rename within one file system is atomic: Terraform sees either the old file or the new one. The
    # temporary file is outside the hashed folder.
    _make_folder(path.parent)
    folder = path.parents[2] if mode & 0o100 else path.parent
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".flowbridge-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(descriptor, mode)  # whatever the umask is
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, which everyone may read and only the owner may write.

    Existing folders are left as they are.
    """
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):  # another process made it, or it is a file: see `_write`
        folder.mkdir(mode=_FOLDER_MODE)
        folder.chmod(_FOLDER_MODE)  # the umask has taken bits away
