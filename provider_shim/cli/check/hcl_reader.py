"""Reading HCL with python-hcl2.

The parser rejects some files that Terraform accepts: non-ASCII identifiers, an escaped `$${` without its
closing brace, the strip markers of `${~ x ~}` (python-hcl2 8.1.4). These are replaced by text of the same
length that it accepts, so that positions stay true; names are taken from the original text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from provider_shim.cli.check.model import Mapping, Place, UnreadableConfiguration, Value
from provider_shim.cli.command_error import CommandError

_UNSUPPORTED = re.compile(r"\$\$\{|%%\{|[$%]\{~|~\}|[^\x00-\x7f]")
_REPLACEMENTS = {"$${": "___", "%%{": "___", "${~": "${ ", "%{~": "%{ ", "~}": " }"}


def read_hcl(text: str, file: Path) -> Mapping:
    """Return the body of a file.

    Raises:
        UnreadableConfiguration: The text is not valid HCL, or too deep.
        CommandError: python-hcl2 is not installed.
    """
    tree = _parse(text, Place(file, 1))
    from provider_shim.cli.check.hcl_values import Converter

    return Converter(text, file).body(tree.children[0])


def read_expression(text: str, place: Place) -> Value:
    """Return the value of an expression in Terraform's JSON syntax. All of it has the given place.

    Raises as `read_hcl` does.
    """
    source = f"_ = ({text}\n)"
    tree = _parse(source, place)
    from provider_shim.cli.check.hcl_values import Converter

    attribute = next(tree.find_data("attribute"))
    return Converter(source, place.file, place.line).value(attribute.children[-1])


def _parse(text: str, start: Place) -> Any:
    parse = _parser()
    from lark.exceptions import LarkError

    simplified = _UNSUPPORTED.sub(lambda found: _REPLACEMENTS.get(found[0], "_"), text)
    try:
        return parse(simplified)
    except LarkError as error:
        line = getattr(error, "line", None)
        last = text.rstrip().count("\n") + 1
        number = line if isinstance(line, int) and 0 < line <= last else last
        raise UnreadableConfiguration(
            Place(start.file, start.line + number - 1),
            "python-hcl2 can't read this. `terraform validate` describes the error, if it is one.",
        ) from error
    except RecursionError as error:
        raise UnreadableConfiguration(start, "The file has too many levels.") from error


@functools.cache
def _parser() -> Callable[[str], Any]:
    try:
        from hcl2 import parses_to_tree
    except ImportError as error:
        raise CommandError(
            "Reading *.tf files needs python-hcl2: run `pip install 'aep-flowbridge[check]'`.", exit_code=2
        ) from error
    return parses_to_tree
