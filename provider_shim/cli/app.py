"""The `flowbridge` command, with its subcommands and its error messages.

Each subcommand has its own module and imports large packages only when it runs, so that `flowbridge --help`
is fast.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from provider_shim.cli.command_error import CommandError

if TYPE_CHECKING:
    import typer


def main() -> None:
    """Run a command and exit with 0, 1 (the command failed) or 2 (an error in the arguments).

    `flowbridge orphans` and `flowbridge check` have their own exit codes.
    """
    if sys.argv[1:] == ["provider"]:
        _serve_provider()
    try:
        commands()()
    except CommandError as error:
        print(f"flowbridge: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception:  # a bug: Python's exit code 1 would mean that there are orphans
        sys.excepthook(*sys.exc_info())
        sys.exit(2)


def commands() -> typer.Typer:
    """Make the application with all subcommands."""
    import typer

    from provider_shim.cli.check.command import check
    from provider_shim.cli.doctor import doctor
    from provider_shim.cli.emulator.app import emulator_commands
    from provider_shim.cli.install import install
    from provider_shim.cli.objects.delete import delete
    from provider_shim.cli.objects.orphans import orphans
    from provider_shim.cli.version import version

    app = typer.Typer(
        name="flowbridge",
        help="Dataset exports from Adobe Experience Platform as code: set-up, checks, orphans, emulator.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.command()(install)
    app.add_typer(emulator_commands(), name="emulator")
    app.command()(doctor)
    app.command()(check)
    app.command()(orphans)
    app.command()(delete)
    app.command()(version)
    return app


def _serve_provider() -> None:
    # The fallback of the launcher (`launcher.sh`). Terraform waits for it several times in each run, so it is
    # not a subcommand and imports nothing of the command line.
    from provider_shim.main import main as serve

    sys.exit(serve())
