"""`flowbridge doctor`: check what a first `terraform apply` needs."""

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
from provider_shim.cli.command_error import CommandError, visible
from provider_shim.cli.mirror import ProviderPackage, default_mirror, local_package
from provider_shim.cli.permissions import warnings_of
from provider_shim.protocol.plugin.handshake import (
    COOKIE,
    COOKIE_NAME,
    CORE_PROTOCOL_VERSION,
    PROTOCOL_VERSION,
)
from provider_shim.source_address import DEFAULT_ADDRESS

_START_TIMEOUT = 20.0


def doctor(
    mirror: Annotated[
        Path | None,
        typer.Option(help="Folder of the mirror. Default: Terraform's plugin folder of this user."),
    ] = None,
    address: Annotated[str, typer.Option(help="Source address of the provider.")] = DEFAULT_ADDRESS,
) -> None:
    """Check Python, Terraform, the mirror, the start of the provider and CDKTF.

    Prints one line for each check. A line that starts with -- describes how to correct the error; the exit
    code is then 1. A line that starts with !! is a warning: another user of this machine could change the
    launcher, the Python that runs the provider, or its package.
    """
    package = local_package(mirror or default_mirror(), SourceAddress.parse(address))
    checks: list[tuple[str, Callable[[], str]]] = [
        ("python", check_python),
        ("terraform", check_terraform),
        ("mirror", lambda: check_mirror(package)),
        ("provider", lambda: check_provider(package.launcher)),
        ("cdktf", check_cdktf),
    ]
    if not package.launcher.is_file():
        checks = [
            (name, check) for name, check in checks if name != "provider"
        ]  # the line of the mirror describes it
    for warning in warnings_of(package):  # before the provider is started
        typer.echo(visible(f"!!  {'files':<10} {warning}"))
    results = [_report(name, check) for name, check in checks]
    if not all(results):
        raise CommandError("A check failed: each line marked `--` above describes what to do.")


def check_python() -> str:
    """Return the version and the path of the running Python."""
    return f"{platform.python_version()} ({sys.executable})"


def check_terraform() -> str:
    """Return the version of `terraform` on the PATH, or of `tofu` if there is no `terraform`."""
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
            f"{program} does not print its version: install Terraform 1.11 or newer."
        ) from error
    if numbers < (1, 11):
        raise CommandError(f"{program} is {version}: write-only arguments need version 1.11 or newer.")
    return f"{version} ({program})"


def check_mirror(package: ProviderPackage) -> str:
    """Compare the installed launcher with the one of this package, and return its path."""
    if not package.launcher.is_file():
        raise CommandError(f"{package.launcher} does not exist: run `flowbridge install`.")
    if package.launcher.read_bytes() != Path(__file__).with_name("launcher.sh").read_bytes():
        raise CommandError(
            f"{package.launcher} is not the one of this version: run `flowbridge install` again."
        )
    return str(package.launcher)


def check_provider(launcher: Path) -> str:
    """Start the provider like Terraform, wait for its handshake line, and stop it."""
    try:
        process = subprocess.Popen(
            [launcher],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {COOKIE_NAME: COOKIE, "PLUGIN_PROTOCOL_VERSIONS": str(PROTOCOL_VERSION)},
        )
    except OSError as error:
        raise CommandError(f"{launcher} can't be started: {error.strerror}.") from error
    with process:
        line = _first_line(process)
        process.terminate()  # not killed, so that it removes its socket
    if not line.startswith(f"{CORE_PROTOCOL_VERSION}|{PROTOCOL_VERSION}|"):
        raise CommandError(f"The provider did not start: {line or 'it printed nothing'}")
    return f"starts, and offers protocol {PROTOCOL_VERSION}"


def check_cdktf() -> str:
    """Return the versions of the CDKTF library and command line. They are optional."""
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
