"""The base class of the credentials. Every secret in them is a reference to an ephemeral variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self


class Credentials:
    """One way to log in. Use the class named after your destination, and its method for the way you log in.

    A secret argument takes `SecretVariable(...).value`. `DatasetExport` rejects a literal.
    """

    __slots__ = ("_arguments", "_fields")

    destination: ClassVar[str]
    """The destination's name in Terraform."""

    _fields: dict[str, object]
    _arguments: dict[str, str]

    def __init__(self) -> None:
        raise TypeError(f"use one of the named methods of {type(self).__name__}")

    @classmethod
    def _make(cls, fields: Mapping[str, tuple[str, object]]) -> Self:
        """The credentials with these attributes of the base connection, each as the name and the value of its
        argument.
        """
        made = cls.__new__(cls)
        made._fields = {name: value for name, (_, value) in fields.items()}
        made._arguments = {name: argument for name, (argument, _) in fields.items()}
        return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"  # a literal secret must not be shown, although it is rejected
