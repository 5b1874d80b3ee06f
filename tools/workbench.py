"""A folder in which Terraform and CDKTF run with this checkout's provider, and touch nothing else.

The demo, the tests and the bench work in one each. The folder holds

    mirror/               the provider, installed as `flowbridge install` does
    terraform.rc          the CLI configuration that names the mirror
    cdktf-home/           what `cdktf` would keep in the user's home
    flow-service.sqlite   the state of the embedded emulator
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.hcl import provider_installation_block
from provider_shim.cli.mirror import ProviderPackage, install_package, local_package
from provider_shim.source_address import DEFAULT_ADDRESS

_FOREIGN = ("TF_", "AEP_", "FLOWBRIDGE_", "CDKTF_", "PYTHON")


class Workbench:
    """One such folder, and how programs are run in it.

    `folder` is created when something is written to it. `repo` is the checkout whose `.venv` and
    `node_modules` come first on the PATH. `variables` are added to the environment last.
    """

    def __init__(self, folder: Path, repo: Path, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.repo = repo.resolve()
        self._variables = dict(variables or {})

    @property
    def mirror(self) -> Path:
        """The filesystem mirror that holds the provider."""
        return self.folder / "mirror"

    @property
    def cli_config(self) -> Path:
        """Terraform's CLI configuration, which takes the provider from the mirror."""
        return self.folder / "terraform.rc"

    @property
    def emulator_file(self) -> Path:
        """Where the embedded emulator keeps its state."""
        return self.folder / "flow-service.sqlite"

    @cached_property
    def environment(self) -> dict[str, str]:
        """The environment for `terraform` and `cdktf`; it may be changed.

        It is the caller's own, without variables of Terraform, the provider, CDKTF and Python.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        programs = [Path(sys.executable).parent, self.repo / "node_modules" / ".bin"]
        return {
            **kept,
            "PATH": os.pathsep.join([*map(str, programs), kept.get("PATH", os.defpath)]),
            "TF_CLI_CONFIG_FILE": str(self.cli_config),
            # `cdktf deploy` locks providers after the first `init`; without this it would ask a registry.
            "TF_CLI_ARGS_providers_lock": f"-fs-mirror={self.mirror}",
            "TF_CLI_ARGS": "-no-color",
            "TF_INPUT": "0",
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "CDKTF_HOME": str(self.folder / "cdktf-home"),
            "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "1",
            # jsii does not warn about the end of life of the versions named here.
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
            # `cdktf` then prints each line once, without a progress indicator.
            "CI": "1",
            "AEP_ENDPOINT": f"emulator:{self.emulator_file}",
            **self._variables,
        }

    def install_provider(self) -> ProviderPackage:
        """Put the provider, run by this Python, into the mirror, and write the CLI configuration."""
        address = SourceAddress.parse(DEFAULT_ADDRESS)
        package = local_package(self.mirror, address)
        install_package(package)
        self.write_cli_config()
        return package

    def write_cli_config(self) -> None:
        """Write the CLI configuration, and make the folder that `cdktf` takes for its home."""
        (self.folder / "cdktf-home").mkdir(parents=True, exist_ok=True)
        self.cli_config.write_text(
            provider_installation_block(self.mirror, SourceAddress.parse(DEFAULT_ADDRESS)), encoding="utf-8"
        )

    def terraform(
        self, arguments: Sequence[str], cwd: Path, *, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run `terraform` in a folder and return its output as text, stdout and stderr apart.

        With `check`, an exit code other than 0 raises `RuntimeError` with the whole output.
        """
        return self.run(["terraform", *arguments], cwd, check=check)

    def run(
        self, command: Sequence[str], cwd: Path, *, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in the same way as `terraform`."""
        done = subprocess.run(
            command,
            cwd=cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if check and done.returncode != 0:
            said = f"{done.stdout}\n{done.stderr}".strip()
            raise RuntimeError(f"`{' '.join(command)}` ended with {done.returncode}:\n{said}")
        return done
