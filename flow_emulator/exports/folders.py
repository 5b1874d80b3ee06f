"""The folders of a run's files: the bucket or host, the path, and the folder template.

No file is written outside the export folder. Layout and macros: the tutorial 'Export datasets' (2026 text)
and OpenAPI 'Flow Service - Destinations' (2024-11-13), DatasetScheduleParams. A bucket or container in the
cloud is the first folder below the export folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flow_emulator import private_files
from flow_emulator.models import landing_zone
from flow_emulator.specs.location_params import LocationParams

DEFAULT_TEMPLATE: Final = "%DATASET_ID%/%EXPORT_TIME%"
_MACRO: Final = re.compile(r"%(?:DATETIME\(([^()]+)\)|([A-Z_]+))%")
_ABFSS: Final = re.compile(r"(?:abfss?|https?)://(?P<container>[^@/]+)@")
# Java's date letters as Adobe's page writes them; D and Y are the day of the month and the year.
_DATE_LETTERS: Final = {
    "YYYY": "%Y", "yyyy": "%Y", "yy": "%y", "YY": "%y", "MM": "%m", "dd": "%d", "DD": "%d",
    "HH": "%H", "hh": "%I", "mm": "%M", "ss": "%S",
}  # fmt: skip
_DATE_PART: Final = re.compile(r"SSS|" + "|".join(_DATE_LETTERS))
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f\\]")


class OutsideFolderError(ValueError):
    """A folder is outside the export folder; the message names it."""


def place(
    names: LocationParams, params: Mapping[str, Any], account: Mapping[str, Any], sandbox: str
) -> list[str]:
    """Return the first folders below the export folder, named after the storage at the destination.

    It is the bucket or container, else the address of the account. Without any of these it is the bucket and
    folder of the landing zone.

    Args:
        names: The parameters that hold the location of files.
        params: The target connection's parameters.
        account: The base connection's parameters, without secrets.
        sandbox: The name of the sandbox.
    """
    storage = names.storage_in(params)
    address = names.address_in(account)
    if storage is None and address is not None:
        container = _ABFSS.match(address)
        storage = container["container"] if container else address
    if storage is None:
        return segments(landing_zone.bucket(sandbox), landing_zone.CONTAINER)
    return segments(_without_slashes(storage))


def render(template: str, values: Mapping[str, str], moment: datetime) -> str:
    """Expand the macros of a folder template.

    Slashes of the template are kept, those of values become underscores. An unknown macro is kept as written.
    """

    def fill(found: re.Match[str]) -> str:
        pattern, name = found[1], found[2]
        if pattern is not None:
            return _without_slashes(_date(pattern, moment))
        if name == "EXPORT_TIME":
            return moment.strftime("exportTime=%Y%m%d%H%M")
        return _without_slashes(values[name]) if name in values else found[0]

    return _MACRO.sub(fill, template)


def segments(*texts: str) -> list[str]:
    """Return the folder names of one or several paths; none is empty, and none leads upwards.

    In object storage ".." is an ordinary name, so its dots are written as %2E.
    """
    return [_safe_segment(part) for text in texts for part in text.split("/") if part]


def inside(root: Path, parts: list[str]) -> Path:
    """Create and return a folder below ``root``. Raises OutsideFolderError when a link leads out of it."""
    real = root.resolve()
    folder = root.joinpath(*parts)
    if not folder.resolve().is_relative_to(real):
        raise OutsideFolderError(f"{'/'.join(parts)} is outside the export folder.")
    private_files.create_folder(folder)
    if not folder.resolve(strict=True).is_relative_to(real):
        raise OutsideFolderError(f"{'/'.join(parts)} is outside the export folder.")
    return folder


def _date(pattern: str, moment: datetime) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[0] == "SSS":
            return f"{moment.microsecond // 1000:03}"
        return moment.strftime(_DATE_LETTERS[found[0]])

    return _DATE_PART.sub(fill, pattern)


def _without_slashes(value: str) -> str:
    return value.replace("/", "_")


def _safe_segment(part: str) -> str:
    if set(part) <= {"."}:
        return "%2E" * len(part)
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", part)
