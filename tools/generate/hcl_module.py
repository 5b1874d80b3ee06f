"""Writes the parts of `modules/dataset_export` that name destinations, from `provider_shim/destinations/`.

    python -m tools.generate.hcl_module           # writes them
    python -m tools.generate.hcl_module --check   # ends with 1 when the committed ones differ

The text is written in the form that `terraform fmt` would give it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from provider_shim.destinations import DESTINATIONS, Destination, Field
from tools.generate import generated_files
from tools.generate.python_text import header

FOLDER = Path("modules/dataset_export")

DESTINATION = """\
variable "destination" {{
  description = "Where the files go: exactly one of these blocks. What is secret belongs in `credentials`."
  type = object({{
{blocks}  }})

  validation {{
    condition     = length([for block in var.destination : block if block != null]) == 1
    error_message = "Set exactly one of {names}."
  }}
}}
"""
CREDENTIALS = """\
variable "credentials" {{
  description = "The secrets of the destination, and no others: {secrets}. They are sent and stored nowhere."
  type = object({{
{fields}  }})
  default   = {{}}
  ephemeral = true # so that no plan file holds them
}}
"""
BASE_CONNECTION = """\
resource "aep_base_connection" "this" {{
  name                = var.name
  description         = var.description
  credentials_version = var.credentials_version

{blocks}}}
"""
TARGET_CONNECTION = """\
resource "aep_target_connection" "this" {{
  name                  = var.name
  description           = var.description
  base_connection_id    = aep_base_connection.this.id
  file_type             = var.file_type
  compression           = var.compression
  include_file_manifest = var.include_file_manifest

{blocks}}}
"""


def variables() -> str:
    """The variables `destination` and `credentials`."""
    names = [each.name for each in DESTINATIONS]
    destination = DESTINATION.format(
        blocks="".join(map(_type, DESTINATIONS)), names=f"{', '.join(names[:-1])} and {names[-1]}"
    )
    secrets = {field.name: f"optional({field.type})" for each in DESTINATIONS for field in _secrets(each)}
    credentials = CREDENTIALS.format(
        secrets="; ".join(_methods(each) for each in DESTINATIONS if each.methods),
        fields=assignments(secrets.items(), 4),
    )
    return f"{destination}\n{credentials}"


def connections() -> str:
    """The base connection and the target connection."""
    base = BASE_CONNECTION.format(blocks="".join(map(_base_block, DESTINATIONS)))
    target = TARGET_CONNECTION.format(blocks="".join(map(_target_block, DESTINATIONS)))
    return f"{base}\n{target}"


def assignments(pairs: Iterable[tuple[str, str]], indent: int) -> str:
    """One line for each name and its value, with the equals signs in one column."""
    pairs = [*pairs]
    width = max((len(name) for name, _ in pairs), default=0)
    return "".join(f"{' ' * indent}{name:<{width}} = {value}\n" for name, value in pairs)


def _secrets(destination: Destination) -> list[Field]:
    return [each for each in destination.credentials if each.secret]


def _public(destination: Destination) -> Iterator[Field]:
    """What the block of a destination holds: the credentials that are not secret, and the location."""
    return (each for each in (*destination.credentials, *destination.location) if not each.secret)


def _type(destination: Destination) -> str:
    fields = {
        each.name: f"optional({each.type})" if each.optional else each.type for each in _public(destination)
    }
    if len(fields) < len([*_public(destination)]):
        raise ValueError(f"{destination.name}: a credential and a part of the location have the same name")
    return f"    {destination.name} = optional(object({{\n{assignments(fields.items(), 6)}    }}))\n"


def _methods(destination: Destination) -> str:
    ways = [" and ".join(method.attributes) for method in destination.methods]
    return (", or " if any(" and " in each for each in ways) else " or ").join(ways)


def _base_block(destination: Destination) -> str:
    return _block(
        destination,
        ((each.name, _value(destination, each)) for each in destination.credentials),
    )


def _target_block(destination: Destination) -> str:
    return _block(
        destination,
        ((each.name, _value(destination, each)) for each in destination.location),
    )


def _value(destination: Destination, field: Field) -> str:
    return (
        f"var.credentials.{field.name}"
        if field.secret
        else f"var.destination.{destination.name}.{field.name}"
    )


def _block(destination: Destination, pairs: Iterable[tuple[str, str]]) -> str:
    body = assignments(pairs, 4)
    inside = f"{{\n{body}  }}" if body else "{}"
    return f"  {destination.name} = var.destination.{destination.name} == null ? null : {inside}\n"


def generate() -> dict[Path, str]:
    """The files, by their paths from the project's root."""
    head = header("provider_shim/destinations/")
    return {
        FOLDER / "destination_variables.tf": f"{head}\n{variables()}",
        FOLDER / "connections.tf": f"{head}\n{connections()}",
    }


def main(arguments: Sequence[str]) -> int:
    """Write the files, or compare them."""
    return generated_files.write_or_check(generate(), (), check="--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
