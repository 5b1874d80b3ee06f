"""The text of the L2 classes for destinations and their credentials, from `provider_shim/destinations/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from provider_shim.destinations import DESTINATIONS, Destination, Field
from provider_shim.schema.block import AuthenticationMethod
from tools.generate.python_text import camel, docstring, header, wrapped

HEADER = header("provider_shim/destinations/")
TYPES = {"string": "str", "number": "int"}
BY_REFERENCE = "Give it `SecretVariable(...).value`."
ACCOUNT = "Leave them out where the export uses an existing base connection (`account`)."


def modules() -> dict[str, str]:
    """The text of each module, by its name."""
    return {"credentials": credentials_module(), "destination": destination_module()}


def credentials_module() -> str:
    """The module with one class for each destination that asks for credentials."""
    return "\n\n".join(
        [
            HEADER + docstring("The credentials of the destinations.", 0),
            "from __future__ import annotations\n\nfrom typing import ClassVar, Self\n\n"
            "from constructs_lib.credentials import Credentials\n",
            *(credentials_class(each) for each in DESTINATIONS if each.credentials),
        ]
    )


def credentials_class(destination: Destination) -> str:
    """The credentials of one destination: a class with one named constructor for each method."""
    return (
        f"class {destination.credentials_class}(Credentials):\n"
        + docstring(f"Credentials for {destination.title}.", 4)
        + f'\n    __slots__ = ()\n    destination: ClassVar[str] = "{destination.name}"\n\n'
        + "\n".join(credentials_method(destination, each) for each in destination.methods)
    )


def credentials_method(destination: Destination, method: AuthenticationMethod) -> str:
    """The constructor for one authentication method."""
    fields = destination.fields_of(method)
    parameters = ", ".join(
        ["cls", *([] if method.positional else ["*"]), *(parameter(each, method) for each in fields)]
    )
    pairs = ", ".join(
        f'"{each.name}": ("{method.argument(each.name)}", {method.argument(each.name)})' for each in fields
    )
    arguments = ((method.argument(each.name), described(each)) for each in fields)
    returns = f"The credentials, for `Destination.{destination.name}`."
    return (
        f"    @classmethod\n    def {method.name}({parameters}) -> Self:\n"
        + docstring(method.description, 8, sections(arguments, returns))
        + f"        return cls._make({{{pairs}}})\n"
    )


def destination_module() -> str:
    """The module with the class `Destination`, which has one named constructor for each destination."""
    names = [camel(each.name) for each in DESTINATIONS]
    classes = ", ".join(each.credentials_class for each in DESTINATIONS if each.credentials)
    return "\n\n".join(
        [
            HEADER + docstring("The destinations of an export.", 0),
            "from __future__ import annotations\n\nfrom typing import Self\n\n"
            "from constructs_lib.destination import DestinationBase\n"
            "from constructs_lib.generated.base_connection import "
            f"({', '.join(f'BaseConnection{name}' for name in names)})\n"
            f"from constructs_lib.generated.credentials import ({classes})\n"
            "from constructs_lib.generated.target_connection import "
            f"({', '.join(f'TargetConnection{name}' for name in names)})\n",
            "class Destination(DestinationBase):\n"
            + docstring(
                "A place in one of the destinations, with the credentials for it: one named constructor for "
                "each destination.",
                4,
                "\n\n    The arguments are checked when the export is made: `DatasetExport` raises"
                " `ConstructError`.",
            )
            + "\n    __slots__ = ()\n\n"
            + "\n".join(map(destination_method, DESTINATIONS)),
        ]
    )


def destination_method(destination: Destination) -> str:
    """The constructor for one destination."""
    fields = required_first(destination.location)
    parameters = ["cls", "*", *(parameter(each) for each in fields)]
    arguments = [(each.name, described(each)) for each in fields]
    given = "None"
    if destination.credentials:
        given = "credentials"
        parameters.append(f"credentials: {destination.credentials_class} | None = None")
        arguments.append(("credentials", f"The credentials for it. {ACCOUNT}"))
    passed = ", ".join(f"{each.name}={each.name}" for each in fields)
    name = camel(destination.name)
    return (
        f"    @classmethod\n    def {destination.name}({', '.join(parameters)}) -> Self:\n"
        + docstring(
            destination.summary,
            8,
            sections(arguments, "The destination, for `DatasetExport`."),
        )
        + f'        return cls._make("{destination.name}", {given}, BaseConnection{name}, '
        f"TargetConnection{name}({passed}))\n"
    )


def parameter(field: Field, method: AuthenticationMethod | None = None) -> str:
    """A field as a parameter, with its type and default."""
    name = field.name if method is None else method.argument(field.name)
    kind = TYPES[field.type]
    return f"{name}: {kind} | None = None" if field.optional else f"{name}: {kind}"


def required_first(fields: Iterable[Field]) -> list[Field]:
    """The fields in their order, the optional ones last."""
    return sorted(fields, key=lambda each: each.optional)


def described(field: Field) -> str:
    """The field's description, and how to give a secret."""
    return f"{field.description} {BY_REFERENCE}" if field.secret else field.description


def sections(arguments: Iterable[tuple[str, str]], returns: str) -> str:
    """The sections `Args` and `Returns` of a constructor's docstring."""
    lines = "\n".join(_lines(arguments))
    return f"\n\n        Args:\n{lines}\n\n        Returns:\n{wrapped(returns, 12)}"


def _lines(arguments: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (wrapped(f"{name}: {text}", 12, 4) for name, text in arguments)
