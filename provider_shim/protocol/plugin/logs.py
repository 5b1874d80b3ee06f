"""Logging in the form that Terraform reads from a provider's stderr: one JSON object a line.

`TF_LOG_PROVIDER`, or else `TF_LOG`, sets the level; without either nothing is logged. Of libraries only the
first line of warnings and errors is logged: other messages contain headers and bodies, which can contain
secrets.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

from provider_shim.protocol.rpc.internal_errors import frames_of

_TRACE = 5
_SILENT = logging.CRITICAL + 1
_LEVELS = {
    "TRACE": _TRACE,
    "JSON": _TRACE,  # Terraform's name for TRACE with JSON output
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "ERROR": logging.ERROR,
    "OFF": _SILENT,
}
_OWN_PACKAGES = ("provider_shim", "flow_emulator")
_STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def log_level(environment: Mapping[str, str]) -> int:
    """Get the lowest level to log. An unknown level means TRACE, as in Terraform."""
    name = environment.get("TF_LOG_PROVIDER") or environment.get("TF_LOG") or "OFF"
    return _LEVELS.get(name.upper(), _TRACE)


def configure(environment: Mapping[str, str], stream: TextIO) -> None:
    """Log to a stream, at the level that the environment sets."""
    level = log_level(environment)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.setLevel(level)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # The root logger is used by libraries.
    root.setLevel(max(level, logging.WARNING))
    for name in _OWN_PACKAGES:
        logging.getLogger(name).setLevel(level)


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON. The keys of `extra` are added.

    Of an exception the class and the stack frames are logged, but not the text: the text of an unexpected
    exception can contain secrets.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Format a record, without a line break."""
        message = record.getMessage()
        entry: dict[str, object] = {
            "@level": _level_name(record.levelno),
            "@message": message if _is_own_logger(record.name) else message.partition("\n")[0],
            "@timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "@module": record.name,
        }
        entry.update((key, value) for key, value in vars(record).items() if key not in _STANDARD_ATTRIBUTES)
        if record.exc_info and record.exc_info[1]:
            entry["exception"] = type(record.exc_info[1]).__name__
            entry["frames"] = frames_of(record.exc_info[1])
        return json.dumps(entry, default=str)


def _is_own_logger(name: str) -> bool:
    return name.partition(".")[0] in _OWN_PACKAGES


def _level_name(level: int) -> str:
    """Get Terraform's name for a log level."""
    names = ((logging.ERROR, "error"), (logging.WARNING, "warn"), (logging.INFO, "info"))
    for threshold, name in names:
        if level >= threshold:
            return name
    return "debug" if level >= logging.DEBUG else "trace"
