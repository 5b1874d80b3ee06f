"""`flowbridge doctor`: check what a first `terraform apply` needs, and say how to mend the rest."""

from __future__ import annotations

import json
import os
import platform
import selectors
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.command_error import CommandError
from provider_shim.cli.mirror import ProviderPackage, default_mirror, local_package
from provider_shim.source_address import DEFAULT_ADDRESS

_MAGIC_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
_START_TIMEOUT = 20.0


def doctor(
    mirror: Annotated[
        Path | None, typer.Option(help="The mirror's folder. By default Terraform's own for this user.")
    ] = None,
    address: Annotated[str, typer.Option(help="The provider's source address.")] = DEFAULT_ADDRESS,
) -> None:
    """Check Python, Terraform, the mirror, the provider's start and CDKTF."""
    package = local_package(mirror or default_mirror(), SourceAddress.parse(address))
    checks: list[tuple[str, Callable[[], str]]] = [
        ("python", check_python),
        ("terraform", check_terraform),
        ("mirror", lambda: check_mirror(package)),
        ("provider", lambda: check_provider(package.launcher)),
        ("cdktf", check_cdktf),
    ]
    if not package.launcher.is_file():
        checks = [(name, check) for name, check in checks if name != "provider"]  # the mirror's line says it
    results = [_report(name, check) for name, check in checks]
    if not all(results):
        raise CommandError("Something is missing: each line marked `--` above says what to do.")


def check_python() -> str:
    """The running Python's version and path."""
    return f"{platform.python_version()} ({sys.executable})"


def check_terraform() -> str:
    """The version of `terraform` on the PATH, or of `tofu` where there is no `terraform`."""
    program = shutil.which("terraform") or shutil.which("tofu")
    if program is None:
        raise CommandError("`terraform` is not on the PATH: install version 1.11 or newer.")
    result = subprocess.run(
        [program, "version", "-json"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"CHECKPOINT_DISABLE": "1"},
    )
    try:
        version = json.loads(result.stdout)["terraform_version"]
        numbers = tuple(int(part) for part in version.split("-")[0].split(".")[:2])
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f"{program} does not tell its version: install Terraform 1.11 or newer."
        ) from error
    if numbers < (1, 11):
        raise CommandError(f"{program} is {version}: write-only arguments need version 1.11 or newer.")
    return f"{version} ({program})"


def check_mirror(package: ProviderPackage) -> str:
    """The installed launcher, after comparing it with the one of this package."""
    if not package.launcher.is_file():
        raise CommandError(f"{package.launcher} does not exist: run `flowbridge install`.")
    if package.launcher.read_bytes() != Path(__file__).with_name("launcher.sh").read_bytes():
        raise CommandError(
            f"{package.launcher} is not the one of this version: run `flowbridge install` again."
        )
    return str(package.launcher)


def check_provider(launcher: Path) -> str:
    """Start the provider as Terraform does, wait for its handshake line, and end it."""
    try:
        process = subprocess.Popen(
            [launcher],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"TF_PLUGIN_MAGIC_COOKIE": _MAGIC_COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6"},
        )
    except OSError as error:
        raise CommandError(f"{launcher} can't be started: {error.strerror}.") from error
    with process:
        line = _first_line(process)
        process.terminate()  # not killed: it has a folder of its own to remove
    if not line.startswith("1|6|"):
        raise CommandError(f"The provider did not start: {line or 'it said nothing'}")
    return "starts, and offers protocol 6"


def check_cdktf() -> str:
    """The CDKTF library and command line; only CDKTF users need them, so their absence is no fault."""
    from importlib.metadata import PackageNotFoundError, version

    command = shutil.which("cdktf") or shutil.which("cdktf", path="node_modules/.bin")
    try:
        library = version("cdktf")
    except PackageNotFoundError:
        return "not installed (only the constructs need it: `pip install 'aep-flowbridge[constructs]'`)"
    if command is None:
        return f"library {library}, no `cdktf` command (`npm install cdktf-cli`)"
    return f"library {library}, command {command}"


def _report(name: str, check: Callable[[], str]) -> bool:
    try:
        typer.echo(f"ok  {name:<10} {check()}")
    except CommandError as error:
        typer.echo(f"--  {name:<10} {error}")
        return False
    return True


def _first_line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None  # noqa: S101 - it was started with a pipe
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(_START_TIMEOUT):
            return f"no line within {_START_TIMEOUT:.0f} seconds"
    return process.stdout.readline().decode(errors="replace").strip()
