"""Folder names from a schedule's template.

The macros are all those of Adobe's tutorial 'Export datasets' (2026 text) and of the OpenAPI file 'Flow
Service - Destinations' (2024-11-13).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from provider_shim.schema.rules import shorten
from provider_shim.schema.scalars import times

DEFAULT_TEMPLATE = "%DATASET_ID%/%EXPORT_TIME%"
"""The template that Adobe uses if none is set (Export datasets, 2026 text)."""

_MAX_LENGTH = 4096
"""Maximum length of a template, and of each value: macros multiply it. Longer paths are rarely possible."""

_MACRO = re.compile(r"%(?P<name>[A-Z_]+)(?:\((?P<format>[^%()]*)\))?%")
_VALUES = (
    "DATASET_ID",
    "DATASET_NAME",
    "DESTINATION",
    "DESTINATION_INSTANCE_NAME",
    "DESTINATION_INSTANCE_ID",
    "SANDBOX_NAME",
    "ORGANIZATION_NAME",
)
_DATETIME_PARTS = {"YYYY": "year", "MM": "month", "dd": "day", "HH": "hour", "mm": "minute", "ss": "second"}


class BadTemplate(Exception):
    """The template has an unknown macro, or a `%` that belongs to none."""


class MissingValue(Exception):
    """The value of a macro is missing or invalid."""


def render_folder(template: str | None, values: Mapping[str, str]) -> str:
    """Return the folder of a template, with the macros replaced by their values.

    `template` is `DEFAULT_TEMPLATE` if it is `None`. `values` has the values by the macros' names in lower
    case, and the time of the run as `time` in RFC 3339. Raises `BadTemplate` or `MissingValue` with a text
    for the user.
    """
    text = DEFAULT_TEMPLATE if template is None else template
    if len(text) > _MAX_LENGTH:
        raise BadTemplate(f"template must have at most {_MAX_LENGTH} characters. It has {len(text)}.")
    rest = _MACRO.sub("", text)
    if "%" in rest:
        raise BadTemplate(
            f"template has a % that belongs to no macro: {shorten(text)}. A macro is written %NAME%, such as "
            "%DATASET_ID%."
        )
    return _MACRO.sub(lambda macro: _rendered(macro, values), text)


def _rendered(macro: re.Match[str], values: Mapping[str, str]) -> str:
    name, form = macro["name"], macro["format"]
    if name == "DATETIME" and form:
        return _formatted(form, _time(macro[0], values))
    if name == "EXPORT_TIME" and form is None:
        return "exportTime=" + _formatted("YYYYMMddHHmm", _time(macro[0], values))
    if name not in _VALUES or form is not None:
        known = ", ".join(f"%{each}%" for each in (*_VALUES, "DATETIME(YYYYMMdd_HHmmss)", "EXPORT_TIME"))
        raise BadTemplate(f"template has {macro[0]}, which Adobe does not document. The macros are: {known}.")
    if name.lower() not in values:
        raise MissingValue(f"values must have {name.lower()}, because the template has {macro[0]}.")
    value = values[name.lower()]
    if len(value) > _MAX_LENGTH:
        raise MissingValue(
            f"values.{name.lower()} must have at most {_MAX_LENGTH} characters. It has {len(value)}."
        )
    return value


def _time(macro: str, values: Mapping[str, str]) -> datetime:
    if "time" not in values:
        raise MissingValue(
            f"values must have time, the time of the run in RFC 3339, because the template has {macro}."
        )
    try:
        return times.parse(values["time"])
    except ValueError as invalid:
        raise MissingValue(
            f"values.time must be an RFC 3339 time in whole seconds, such as 2031-12-01T00:00:00Z. It is "
            f"{shorten(values['time'])}: {invalid}."
        ) from invalid


def _formatted(form: str, time: datetime) -> str:
    """Return a time in this format. Each run of one letter is a part; other characters are copied."""

    def part(letters: re.Match[str]) -> str:
        if letters[0] not in _DATETIME_PARTS:
            known = ", ".join(_DATETIME_PARTS)
            raise BadTemplate(
                f'The format of %DATETIME({form})% has "{letters[0]}", which is not supported. The parts '
                f"of a format are {known}; Adobe documents YYYYMMdd_HHmmss."
            )
        return f"{getattr(time, _DATETIME_PARTS[letters[0]]):0{len(letters[0])}}"

    return re.sub(r"([A-Za-z])\1*", part, form)
