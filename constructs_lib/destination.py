"""The base class of `Destination`: an export's place with its credentials, and the checks of both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from constructs_lib.construct_error import Problem
from constructs_lib.credentials import Credentials
from constructs_lib.elements import AepResource
from provider_shim.destinations import BY_NAME, DESTINATIONS
from provider_shim.schema.paths import AttributeName, Path, path


class DestinationBase:
    """A place in one of the destinations. Use the named methods of `Destination`."""

    __slots__ = ("_base", "_credentials", "_name", "_target")

    _name: str
    _credentials: Credentials | None
    _base: Callable[..., object]
    _target: object

    def __init__(self) -> None:
        raise TypeError(f"use one of the named methods, such as Destination.{DESTINATIONS[0].name}(...)")

    @classmethod
    def _make(
        cls, name: str, credentials: Credentials | None, base: Callable[..., object], target: object
    ) -> Self:
        """A destination by its name in Terraform.

        `base` makes the block of the base connection from the credentials' attributes, `target` is the
        block of the target connection.
        """
        made = cls.__new__(cls)
        made._name, made._credentials, made._base, made._target = name, credentials, base, target
        return made

    @property
    def name(self) -> str:
        """The destination's name in Terraform."""
        return self._name

    @property
    def _fits_credentials(self) -> bool:
        credentials: object = self._credentials
        return credentials is None or (
            isinstance(credentials, Credentials) and credentials.destination == self._name
        )

    def _credentials_problems(self) -> list[Problem]:
        """The problems of the credentials as a whole, where the export makes its own base connection."""
        if self._credentials is None and BY_NAME[self._name].credentials:
            return [
                Problem(
                    "destination.credentials",
                    f"credentials for {self._name} are missing. Give them, or an `account` to the export.",
                )
            ]
        if not self._fits_credentials:
            given = type(self._credentials).__name__
            return [Problem("destination.credentials", f"{given} can't be used for {self._name}.")]
        return []

    def _account_problems(self, account: AepResource | str) -> list[Problem]:
        """The problems of an existing base connection that are visible before the plan."""
        if self._credentials is not None:
            return [Problem("account", "it has credentials already: leave out the destination's.")]
        names = (each.name for each in DESTINATIONS)
        made_for = [name for name in names if isinstance(account, AepResource) and account._gives(name)]
        if made_for and self._name not in made_for:
            return [Problem("account", f"it is for {made_for[0]}, and the destination is {self._name}.")]
        return []

    def _to_target(self) -> dict[str, Any]:
        """The block of an `aep_target_connection`."""
        return {self._name: self._target}

    def _to_base(self) -> dict[str, Any]:
        """The block of an `aep_base_connection`."""
        fields = {} if self._credentials is None else self._credentials._fields
        return {self._name: self._base(**fields)}

    def _argument(self, place: Path) -> Path:
        """The argument that an attribute of one of the two blocks comes from."""
        match place.steps:
            case (AttributeName(self._name), AttributeName(field)) if hasattr(self._target, field):
                return path("destination", field)
            case (AttributeName(self._name), AttributeName(field)) if self._credentials is not None:
                return path("destination", "credentials", self._credentials._arguments.get(field, field))
        return path("destination")
