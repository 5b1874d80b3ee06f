"""The documents of entities in a snapshot: which fields each collection stores, and what is in them.

The shapes are wider than the checks of requests, as switches decide about those, and narrower than JSON: they
hold what showing, exporting and changing an entity relies on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flow_emulator.snapshots.shapes import (
    MAX_TIME,
    Shape,
    at_least,
    having,
    integer,
    is_count,
    is_flag,
    is_name,
    is_object,
    is_text,
    is_time,
    list_of,
    map_of,
    matching,
    one_of,
    optional,
)

_SPEC: Final = having({"id": is_text, "version": is_text})
_PARAMS: Final = having({"specName": is_text, "params": is_object})
_SECONDS: Final = integer(1, MAX_TIME // 1000)
_DATASETS: Final = list_of(having({"dataSetId": is_text, "name": is_text}), least=1)
_IDS: Final = list_of(is_text, least=1, most=1)
_SCHEDULE: Final = having(
    {"timeUnit": one_of("hour", "day"), "interval": integer(0, 8760), "startTime": _SECONDS},
    {
        "endTime": _SECONDS,
        "exportMode": is_text,
        "foldernameTemplate": is_text,
        "folderNameTemplate": is_text,
    },
)
_METRICS: Final = at_least(
    {
        "durationSummary": at_least({"startedAtUTC": is_time, "completedAtUTC": is_time}),
        "recordSummary": at_least({"outputRecordCount": is_count}),
        "fileSummary": at_least({"outputFileCount": is_count}),
        "statusSummary": at_least({"status": is_text, "errors": list_of(is_object)}),
    }
)


def _is_auth(value: object) -> bool:
    return value == {} or _PARAMS(value)


TARGET: Final[Mapping[str, Shape]] = {
    "name": is_name,
    "connectionSpec": _SPEC,
    "baseConnectionId": is_text,
    "params": at_least(
        {
            "datasetFileType": matching("(?i)json|parquet"),
            "compression": matching("(?i)none|gzip"),
        }
    ),
}
TARGET_OTHERS: Final[Mapping[str, Shape]] = {"description": is_text, "data": is_object}

# The fields of documents: those that each has, and those that some have.
DOCUMENTS: Final[Mapping[str, tuple[Mapping[str, Shape], Mapping[str, Shape]]]] = {
    "connections": (
        {"name": is_name, "connectionSpec": _SPEC},
        {"description": is_text, "auth": _is_auth, "encryptionSpecs": _PARAMS, "encryption": _PARAMS},
    ),
    "sourceConnections": (
        {"name": is_name, "connectionSpec": _SPEC, "params": having({"datasets": _DATASETS})},
        {"description": is_text, "data": is_object},
    ),
    "targetConnections": (TARGET, TARGET_OTHERS),
    "flows": (
        {
            "name": is_name,
            "flowSpec": _SPEC,
            "sourceConnectionIds": _IDS,
            "targetConnectionIds": _IDS,
            "scheduleParams": _SCHEDULE,
        },
        {
            "description": is_text,
            "transformations": list_of(is_object, most=0),
            "labels": list_of(is_text),
            "policy": is_object,
        },
    ),
    "runs": (
        {"flowSpec": _SPEC, "providerRefId": is_text, "metrics": _METRICS, "activities": list_of(is_object)},
        {},
    ),
}

_COMMON: Final[Mapping[str, Shape]] = {
    "createdAt": is_time,
    "updatedAt": is_time,
    "createdBy": is_text,
    "updatedBy": is_text,
}
_PENDING: Final = having(
    {"looks": integer(0, 10**9), "then": optional(one_of("enabled", "disabled", "success", "failed"))}
)
_LAST_RUN: Final = having(
    {"id": is_text, "state": is_text, "startedAtUTC": is_time, "completedAtUTC": is_time}
)
_EXPORTED: Final = map_of(list_of(is_count, least=2, most=2))
_INHERITED: Final = having(
    {
        "properties": is_object,
        "sourceConnections": list_of(is_object, least=1, most=1),
        "targetConnections": list_of(is_object, least=1, most=1),
    }
)
# The fields of ``meta``, likewise.
METAS: Final[Mapping[str, tuple[Mapping[str, Shape], Mapping[str, Shape]]]] = {
    "connections": (_COMMON, {"pending": _PENDING, "fingerprints": map_of(optional(is_text))}),
    "sourceConnections": (_COMMON, {"pending": _PENDING}),
    "targetConnections": (_COMMON, {"pending": _PENDING}),
    "flows": (
        {
            **_COMMON,
            "ranUntil": integer(-1, MAX_TIME),
            "inherited": _INHERITED,
            "operation": having({"name": is_text, "started": is_time}),
        },
        {
            "pending": _PENDING,
            "ranOnce": is_flag,
            "runCount": is_count,
            "lastRun": _LAST_RUN,
            "exported": _EXPORTED,
            "target": having(TARGET, TARGET_OTHERS),
        },
    ),
    "runs": (_COMMON, {"pending": _PENDING}),
}

# The states in which an entity stays, and those of transitions.
STATES: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "connections": (frozenset({"enabled"}), frozenset({"delete-finalizing"})),
    "sourceConnections": (frozenset({"enabled"}), frozenset({"delete-finalizing"})),
    "targetConnections": (frozenset({"enabled"}), frozenset({"delete-finalizing"})),
    "flows": (
        frozenset({"enabled", "disabled"}),
        frozenset({"initializing", "updating", "enabling", "disabling", "delete-finalizing"}),
    ),
    "runs": (frozenset({"success", "failed"}), frozenset({"inProgress"})),
}
