"""Log lines in the form that Terraform reads."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from provider_shim.protocol.plugin import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Restore the loggers, which are shared by the whole process."""
    names = (None, "provider_shim", "flow_emulator")
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


def written(environment: dict[str, str], *entries: tuple[str, int, str]) -> list[dict[str, Any]]:
    """Log entries (name, level, message), and return the lines."""
    stream = io.StringIO()
    logs.configure(environment, stream)
    for name, level, message in entries:
        logging.getLogger(name).log(level, message)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


OWN_LOGGER, LIBRARY_LOGGER = "provider_shim.lifecycle", "httpx"


@pytest.mark.parametrize(
    ("environment", "level"),
    [
        ({}, logging.CRITICAL + 1),
        ({"TF_LOG": "off"}, logging.CRITICAL + 1),
        ({"TF_LOG": "debug"}, logging.DEBUG),
        ({"TF_LOG": "JSON"}, 5),
        ({"TF_LOG": "whatever"}, 5),
        ({"TF_LOG": "trace", "TF_LOG_PROVIDER": "WARN"}, logging.WARNING),
        ({"TF_LOG": "", "TF_LOG_PROVIDER": "INFO"}, logging.INFO),
    ],
)
def test_levels(environment: dict[str, str], level: int) -> None:
    """TF_LOG_PROVIDER takes precedence over TF_LOG, and without either nothing is logged."""
    assert logs.log_level(environment) == level


def test_silence() -> None:
    """Without TF_LOG not even an error is written."""
    assert written({}, (OWN_LOGGER, logging.ERROR, "x"), (LIBRARY_LOGGER, logging.CRITICAL, "x")) == []


def test_line() -> None:
    """A line has Terraform's keys."""
    (entry,) = written({"TF_LOG": "trace"}, (OWN_LOGGER, logging.INFO, "read"))

    assert entry["@level"] == "info"
    assert entry["@message"] == "read"
    assert entry["@module"] == OWN_LOGGER
    assert entry["@timestamp"].endswith("+00:00")
    assert "." in entry["@timestamp"]


def test_level_names() -> None:
    """Every level has Terraform's name."""
    levels = [5, logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL]

    entries = written({"TF_LOG": "trace"}, *((OWN_LOGGER, level, "x") for level in levels))

    assert [entry["@level"] for entry in entries] == ["trace", "debug", "info", "warn", "error", "error"]


@pytest.mark.parametrize("name", ["grpclib", "h2", "hpack", "httpx", "httpcore", "asyncio", "anything"])
def test_libraries(name: str) -> None:
    """Of libraries the first line of warnings and errors is logged, at any level."""
    entries = written(
        {"TF_LOG": "trace"}, (name, logging.INFO, "x"), (name, logging.WARNING, "first\nsecond")
    )

    assert [entry["@message"] for entry in entries] == ["first"]


def test_further_keys() -> None:
    """The keys of `extra` are added to the line."""
    stream = io.StringIO()
    logs.configure({"TF_LOG": "info"}, stream)
    logging.getLogger(OWN_LOGGER).info("read", extra={"resource": "aep_flow"})

    assert json.loads(stream.getvalue())["resource"] == "aep_flow"


def test_exceptions() -> None:
    """An exception is logged with its class and stack frames, without its text."""
    stream = io.StringIO()
    logs.configure({"TF_LOG": "error"}, stream)
    try:
        raise ValueError("SECRET")
    except ValueError:
        logging.getLogger(OWN_LOGGER).exception("it failed")
    entry = json.loads(stream.getvalue())

    assert entry["exception"] == "ValueError"
    assert len(entry["frames"]) == 1
    assert "SECRET" not in stream.getvalue()
