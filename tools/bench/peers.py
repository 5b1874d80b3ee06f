"""The two providers, each installed in a mirror and started as Terraform starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.mirror import ProviderPackage, install_package, local_package
from provider_shim.source_address import DEFAULT_ADDRESS

_HERE = Path(__file__).parent
_TOY = SourceAddress.parse("terraform.local/flowbridge/toy")
_OURS = SourceAddress.parse(DEFAULT_ADDRESS)


@dataclass(frozen=True, slots=True)
class Peer:
    """A provider: its name in the table, its executable, and a configuration of so many resources."""

    name: str
    executable: Path
    resource: str
    """One resource with `count`, `%d` standing for how many."""

    def configuration(self, count: int) -> str:
        """A Terraform configuration with that many resources."""
        kind = self.resource.split("_")[0].split('"')[1]
        return (
            f'terraform {{\n  required_providers {{\n    {kind} = {{ source = "terraform.local/flowbridge/'
            f'{kind}" }}\n  }}\n}}\n{self.resource % count}'
        )


def ours(mirror: Path) -> Peer:
    """This checkout's provider."""
    package = local_package(mirror, _OURS)
    install_package(package)
    return Peer(
        "aep-flowbridge",
        package.launcher,
        """resource "aep_source_connection" "many" {
  count    = %d
  name     = "orders ${count.index}"
  datasets = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }]
}
""",
    )


def toy(mirror: Path, folder: Path) -> Peer:
    """The toy, in a virtual environment of its own that is kept for the next run."""
    home = folder / "tf-venv"
    python = home / "bin" / "python"
    if not (home / ".installed").exists():
        venv.create(home, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "-qq", "-r", str(_HERE / "requirements.txt")]
        subprocess.run(install, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
        (home / ".installed").touch()
    package = ProviderPackage(mirror, _TOY, "1.0.0", local_package(mirror, _OURS).platform)
    package.launcher.parent.mkdir(parents=True, exist_ok=True)
    # `exec` and `-E` as in our own launcher, so that what is compared is the two providers.
    package.launcher.write_text(f'#!/bin/sh\nexec "{python}" -E "{_HERE / "toy_provider.py"}"\n')
    package.launcher.chmod(0o755)
    return Peer(
        "toy on PyPI's tf",
        package.launcher,
        """resource "toy_thing" "many" {
  count = %d
  name  = "orders ${count.index}"
}
""",
    )


def python_version() -> str:
    """The interpreter that both run on."""
    return sys.version.split()[0]
