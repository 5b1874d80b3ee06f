"""The `flowbridge` command: joins the commands, and turns what goes wrong into one sentence.

Each command has a file of its own and imports what is heavy when it runs: `flowbridge --help` stays quick.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from provider_shim.cli.command_error import CommandError

if TYPE_CHECKING:
    import typer


def main() -> None:
    """Run the command that was typed, and leave with 0, 1 (something is wrong) or 2 (typed wrongly)."""
    if sys.argv[1:] == ["provider"]:
        _serve_provider()
    try:
        commands()()
    except CommandError as error:
        print(f"flowbridge: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def commands() -> typer.Typer:
    """All commands as one application."""
    import typer

    from provider_shim.cli.doctor import doctor
    from provider_shim.cli.emulator.app import emulator_commands
    from provider_shim.cli.install import install
    from provider_shim.cli.version import version

    app = typer.Typer(
        name="flowbridge",
        help="Dataset exports from Adobe Experience Platform as code: set-up, emulator, help.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.command()(install)
    app.add_typer(emulator_commands(), name="emulator")
    app.command()(doctor)
    app.command()(version)
    return app


def _serve_provider() -> None:
    # The launcher's last resort (`launcher.sh`). It is not a command like the others: Terraform waits for
    # it several times in each run, so nothing of the command line is imported.
    from provider_shim.main import main as serve

    sys.exit(serve())
