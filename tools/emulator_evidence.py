"""The source of each fact about the emulator, from which ``COVERAGE.md`` is made.

A new operation, error or rule is added here; a test compares the tables with the code. A test that proves a
rule has the marker ``rule``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["documented", "sample", "recorded", "assumed"]

KINDS: Final[dict[Kind, str]] = {
    "documented": "a page or an OpenAPI file of Adobe's states it",
    "sample": "only a sample of Adobe's, or the code of a client library, shows it",
    "recorded": "a published recording of a response from Adobe shows it",
    "assumed": "no source states it; the emulator had to choose",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The kind of evidence, and the source in which to find it."""

    kind: Kind
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the emulator, or the condition of an error, as a sentence."""

    sentence: str
    evidence: Evidence


_DESTINATIONS: Final = Evidence("documented", "OpenAPI 'Flow Service - Destinations' (2024-11-13)")
_SOURCES: Final = Evidence("documented", "OpenAPI 'Flow Service API - Sources' (2025-04-08)")
_EDIT: Final = Evidence("sample", "tutorial 'Edit destination connections' (edit-destination.md)")
_TUTORIAL: Final = Evidence("sample", "tutorial 'Export datasets'")
_LANDING_ZONE: Final = Evidence(
    "sample", "page 'Data Landing Zone'; the client library aepp for the AWS form"
)
_SANDBOXES: Final = Evidence("documented", "Sandbox API reference")
_CATALOG: Final = Evidence("documented", "Catalog Service API reference")
_TROUBLESHOOTING: Final = Evidence("documented", "'Experience Platform troubleshooting guide'")
_ERRORS: Final = Evidence("documented", "page 'Flow Service errors'")
_SILENT: Final = Evidence("assumed", "no page states it")

# By the names in flow_emulator/service/routes.py.
OPERATIONS: Final[dict[str, Evidence]] = {
    "issueToken": Evidence("documented", "'Server to Server authentication' (developer.adobe.com)"),
    **{
        f"{verb}{noun}": _DESTINATIONS
        for noun in ("Connection", "SourceConnection", "TargetConnection", "Flow")
        for verb in ("create", "read", "delete")
    },
    **{
        f"list{noun}s": _DESTINATIONS
        for noun in ("Connection", "SourceConnection", "TargetConnection", "Flow")
    },
    "patchConnection": _DESTINATIONS,
    "patchSourceConnection": _SOURCES,
    "patchTargetConnection": _EDIT,
    "patchFlow": _DESTINATIONS,
    **{f"actOn{noun}": _SOURCES for noun in ("Connection", "SourceConnection", "TargetConnection", "Flow")},
    **{
        f"search{nouns}": Evidence(
            "assumed",
            "fields: OpenAPI 'Flow Service API - Sources' (2025-04-08); its query language: no page",
        )
        for nouns in ("Connections", "Flows", "FlowSpecs")
    },
    "testConnection": _SOURCES,
    "exploreConnection": _SOURCES,
    "listConnectionConfigs": _SOURCES,
    "listRuns": _DESTINATIONS,
    "readRun": _SOURCES,
    "createRun": _SOURCES,
    "replaceRun": _SOURCES,
    "actOnRun": _SOURCES,
    "listConnectionSpecs": _DESTINATIONS,
    "readConnectionSpec": _DESTINATIONS,
    "createConnectionSpec": _SOURCES,
    "replaceConnectionSpec": _SOURCES,
    "listDatasets": _DESTINATIONS,
    "listFlowSpecs": _DESTINATIONS,
    "readFlowSpec": _DESTINATIONS,
    "runAdHoc": Evidence("recorded", "notebooks of 2023 with their responses; the client library aepp"),
    "readLandingZone": _LANDING_ZONE,
    "readLandingZoneCredentials": _LANDING_ZONE,
    "refreshLandingZoneCredentials": _LANDING_ZONE,
    **{f"{verb}Sandbox": _SANDBOXES for verb in ("create", "read", "replace", "patch", "delete")},
    "listSandboxes": _SANDBOXES,
    "listCatalogDataSets": _CATALOG,
    "readCatalogDataSet": _CATALOG,
}

# Parts of supported operations that respond with 501.
UNSUPPORTED_PARTS: Final = (
    ("`mode=draft` of any create, `op=publish` of any action", "drafts"),
    (
        "`projectionFields`, `groupByProperty` of a search; `orderby` of a search of flow specs",
        "not supported",
    ),
    ("`runAdHoc` without the media type of datasets", "ad-hoc runs of audiences"),
    ("`type=user_drop_zone` of the landing zone", "the landing zone of sources"),
)

# FLOW codes are from the page on errors, unless they are listed here.
FLOW_CODES: Final[dict[str, Evidence]] = {
    "FLOW-1439-404": Evidence(
        "recorded", "page on labels, whose response has 404 where the page on errors has 400"
    ),
    "FLOW-1439-400": _ERRORS,
}
PUBLISHED_CODE: Final = _ERRORS

# Codes that the emulator never sends, with the reason.
NEVER_SENT: Final[dict[str, str]] = {}

# Errors without a FLOW code: the key of a test -> the condition, and its source.
OTHER_ERRORS: Final[dict[str, Rule]] = {
    "403010": Rule("no token", _TROUBLESHOOTING),
    "401013": Rule("unknown or expired token", _TROUBLESHOOTING),
    "403000": Rule("no x-api-key", _TROUBLESHOOTING),
    "403003": Rule("another client's x-api-key", _TROUBLESHOOTING),
    "400003": Rule("no organisation", _TROUBLESHOOTING),
    "403025": Rule("an organisation of another credential", _TROUBLESHOOTING),
    "403027": Rule("a malformed organisation", _TROUBLESHOOTING),
    "unsupported_grant_type": Rule(
        "another grant type than client_credentials",
        Evidence("assumed", "RFC 6749; Adobe's is not published"),
    ),
    "invalid_client": Rule(
        "wrong client id or secret", Evidence("assumed", "RFC 6749; Adobe's is not published")
    ),
    "invalid_scope": Rule(
        "missing or unknown scope", Evidence("assumed", "RFC 6749; Adobe's is not published")
    ),
    "BadRequestError 400": Rule(
        "invalid JSON, no content type, a malformed request to another service than Flow Service",
        Evidence("sample", "'Experience Platform troubleshooting guide', for the content type"),
    ),
    "BadRequestError 405": Rule("a method that the path does not have", _SILENT),
    "BadRequestError 413": Rule("a body of more than 4 MiB", _SILENT),
    "NotFoundError 404": Rule("a path, or a name outside Flow Service, that does not exist", _SILENT),
    "NotImplementedError 501": Rule("known and not supported", Evidence("assumed", "the emulator's own")),
    "errorMessage 422": Rule(
        "a body that violates the schema",
        Evidence(
            "documented",
            "OpenAPI 'Flow Service - Destinations' (2024-11-13): the status; the texts are the emulator's",
        ),
    ),
    "errorMessage 400": Rule(
        "a body that violates a rule of schedules, file formats or datasets",
        Evidence("assumed", "the shape is of the OpenAPI file; that it is sent for these rules is assumed"),
    ),
    "message 400": Rule(
        "an ad-hoc run that cannot start", Evidence("recorded", "the texts; status and shape are assumed")
    ),
}

RULES: Final[dict[str, Rule]] = {
    "etag": Rule(
        "Every write returns a new etag, quotes included, that no earlier write had.", _DESTINATIONS
    ),
    "asynchronous-delete": Rule("A deleted entity is shown once more.", _DESTINATIONS),
    "delete-order": Rule("What a flow uses cannot be deleted.", _ERRORS),
    "no-cascade": Rule("Deleting a flow deletes its runs and keeps its connections.", _SILENT),
    "datasets-immutable": Rule(
        "The datasets of a source connection do not change; the flow can take another source.", _TUTORIAL
    ),
    "paths-to-patch": Rule("Only what a page of Adobe's patches can be patched.", _SILENT),
    "unknown-fields": Rule("A field that no page has is an error.", _SILENT),
    "schedule-combinations": Rule(
        "A full export once; an incremental one daily or every 1, 3, 6, 9 or 12 hours.",
        Evidence("documented", f"{_DESTINATIONS.source}; every hour: release notes of 28 July 2026"),
    ),
    "default-end": Rule(
        "Without an end the flow ends after six months.",
        Evidence("documented", "tutorial 'Export datasets' (2024)"),
    ),
    "json-compressed": Rule(
        "JSON files are compressed.", Evidence("documented", "tutorial 'Export datasets' (2024)")
    ),
    "base-of-source": Rule("The service makes the base connection of a source connection.", _DESTINATIONS),
    "paging": Rule("Lists are paged by a token, datasets by an offset.", _DESTINATIONS),
    "filters": Rule(
        "property filters by ==, <, >, <=, >=; several are joined by AND.",
        Evidence("documented", "page on filtering and sorting responses"),
    ),
    "sandboxes-apart": Rule("Nothing is visible across sandboxes or organisations.", _DESTINATIONS),
    "secrets-hidden": Rule("No response, log or file has a secret.", _SILENT),
    "runs-by-schedule": Rule("A flow runs at its scheduled times from its start to its end.", _DESTINATIONS),
    "no-runs-later": Rule(
        "A flow has no runs for times before its creation, or while it was disabled.", _SILENT
    ),
    "one-time-at-once": Rule("A one-time export whose start has passed runs at once.", _SILENT),
    "first-full": Rule(
        "The first run exports everything, each later one what was ingested since.",
        Evidence("documented", "tutorial 'Export datasets' (2024)"),
    ),
    "no-row-lost": Rule(
        "A row is in exactly one increment, even when it is added while the clock is stopped.", _SILENT
    ),
    "failed-run": Rule("A run that cannot write fails, and the next one exports its rows too.", _SILENT),
    "export-layout": Rule(
        "Files are under path, dataset and time of the export.",
        Evidence(
            "documented", "tutorial 'Export datasets' (2026); the names of files from a recorded export"
        ),
    ),
    "folder-template": Rule("The folder template's macros.", _DESTINATIONS),
    "file-endings": Rule(
        "Endings .json.gz, .gz.parquet, .parquet; JSON is NDJSON.",
        Evidence("documented", "tutorial 'Export datasets' (2026)"),
    ),
    "one-file": Rule(
        "A dataset of at most 50,000 records is exported as one file.",
        Evidence("documented", "release notes (June 2026)"),
    ),
    "manifest": Rule(
        "Name and content of the manifest.",
        Evidence("sample", "catalogue pages of the cloud destinations; one for each folder is assumed"),
    ),
    "run-counts": Rule("Records, bytes and files of a run's metrics are those of its files.", _SILENT),
}
