"""`flowbridge emulator configure`: profile, switches and seed of an emulator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provider_shim.cli.command_error import CommandError

if TYPE_CHECKING:
    from flow_emulator.behaviour.configuration import Configuration

ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", help="Profile: strict, lenient, documented-2023 or documented-2026."),
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A switch. Can be repeated.")
]
SeedOption = Annotated[
    int | None, typer.Option("--seed", help="Seed of the ids: the same seed gives the same ids.")
]


def configure(
    file: Annotated[
        Path, typer.Argument(help="State file of the emulator, as in AEP_ENDPOINT=emulator:<file>.")
    ],
    profile: ProfileOption = None,
    set_: SetOption = None,
    seed: SeedOption = None,
    show_all: Annotated[bool, typer.Option("--list", help="List profiles and switches.")] = False,
) -> None:
    """Show or set how an emulator behaves, for all processes that use its state file.

    A profile resets all switches; a switch is added to those already set.
    """
    chosen = save_configuration(file, profile, set_, seed)
    typer.echo(f"profile {chosen.profile}" + ("" if chosen.seed is None else f", seed {chosen.seed}"))
    for name, value in sorted(chosen.switches.items()):
        typer.echo(f"set {name}={value}")
    if show_all:
        _print_switches(chosen)


def save_configuration(
    file: Path, profile: str | None, set_: list[str] | None, seed: int | None
) -> Configuration:
    """Store the configuration in the state file, which is created if it does not exist.

    Raises `CommandError` for an unknown profile, switch or value.
    """
    from flow_emulator.behaviour import configuration
    from flow_emulator.store import StoreError

    try:
        return configuration.configure(file, profile, _parse_switches(set_ or []), seed)
    except StoreError as error:
        raise CommandError(f"{error}") from error
    except ValueError as error:
        raise CommandError(f"{error}", exit_code=2) from error


def _parse_switches(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"{text!r} is not a switch: write NAME=VALUE, such as secrets=echo.")
        pairs[name.strip()] = value.strip()
    return pairs


def _print_switches(chosen: Configuration) -> None:
    from flow_emulator.behaviour.profiles import PROFILES
    from flow_emulator.behaviour.switches import switches

    for profile in PROFILES.values():
        typer.echo(f"\nprofile {profile.name}: {profile.reason}")
    for switch in switches():
        value = getattr(chosen.behaviour, switch.name)
        values = ", ".join(map(str, switch.values)) or "numbers"
        typer.echo(f"\n{switch.name}={value}  ({values})\n    {switch.reason}")
