"""Log lines as Terraform reads them from a provider's stderr: one JSON object each.

`TF_LOG_PROVIDER`, and without it `TF_LOG`, says from which level on; without either nothing is written.
Libraries are heard from WARNING on only, and of what they say only the first line: below that they print
headers and bodies, which may hold secrets.
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
    "JSON": _TRACE,  # Terraform's word for everything, in JSON
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "ERROR": logging.ERROR,
    "OFF": _SILENT,
}
_OWN_PACKAGES = ("provider_shim", "flow_emulator")
_STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def log_level(environment: Mapping[str, str]) -> int:
    """The lowest level to write; a word that Terraform doesn't know means everything, as it does for it."""
    name = environment.get("TF_LOG_PROVIDER") or environment.get("TF_LOG") or "OFF"
    return _LEVELS.get(name.upper(), _TRACE)


def configure(environment: Mapping[str, str], stream: TextIO) -> None:
    """Send the log to a stream, from the level on that the environment asks for."""
    level = log_level(environment)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.setLevel(level)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Whatever isn't named below is a library's.
    root.setLevel(max(level, logging.WARNING))
    for name in _OWN_PACKAGES:
        logging.getLogger(name).setLevel(level)


class JsonFormatter(logging.Formatter):
    """A record as one line; what was given as `extra` becomes further keys.

    An exception is told by its class and the places in the code that it passed. Its text stays out: nobody
    knows what an exception that nobody foresaw has in its text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its line break."""
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
    """The name of a level in Terraform's log."""
    names = ((logging.ERROR, "error"), (logging.WARNING, "warn"), (logging.INFO, "info"))
    for threshold, name in names:
        if level >= threshold:
            return name
    return "debug" if level >= logging.DEBUG else "trace"
