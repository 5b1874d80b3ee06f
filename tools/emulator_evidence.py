"""What is known of each thing that the emulator does, and from where: the source of ``COVERAGE.md``.

A new operation, refusal or rule is entered here; a test compares the tables with the code. Tests name the
rules that they prove with the marker ``rule``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["documented", "sample", "recorded", "assumed"]

KINDS: Final[dict[Kind, str]] = {
    "documented": "a page or an OpenAPI file of Adobe's says so",
    "sample": "only a sample of Adobe's, or the code of a client library, shows it",
    "recorded": "an answer that somebody got from Adobe, and published, shows it",
    "assumed": "no source says it; the emulator had to choose",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How something is known, and where a reader can look it up."""

    kind: Kind
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that the emulator does beside answering and refusing, as a sentence."""

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
_SILENT: Final = Evidence("assumed", "no page says it")

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
    "runAdHoc": Evidence("recorded", "notebooks of 2023 with their answers; the client library aepp"),
    "readLandingZone": _LANDING_ZONE,
    "readLandingZoneCredentials": _LANDING_ZONE,
    "refreshLandingZoneCredentials": _LANDING_ZONE,
    **{f"{verb}Sandbox": _SANDBOXES for verb in ("create", "read", "replace", "patch", "delete")},
    "listSandboxes": _SANDBOXES,
    "listCatalogDataSets": _CATALOG,
    "readCatalogDataSet": _CATALOG,
}

# Parts of played operations that answer 501.
UNSUPPORTED_PARTS: Final = (
    ("`mode=draft` of any create, `op=publish` of any action", "drafts"),
    ("`projectionFields`, `groupByProperty` of a search; `orderby` of a search of flow specs", "not played"),
    ("`runAdHoc` without the media type of datasets", "ad-hoc runs of audiences"),
    ("`type=user_drop_zone` of the landing zone", "the landing zone of sources"),
)

# FLOW codes come from the page on errors, unless they stand here.
FLOW_CODES: Final[dict[str, Evidence]] = {
    "FLOW-1439-404": Evidence(
        "recorded", "page on labels, whose answer says 404 where the page on errors says 400"
    ),
    "FLOW-1439-400": _ERRORS,
}
PUBLISHED_CODE: Final = _ERRORS

# Codes that the emulator has and never sends, with the reason.
NEVER_SENT: Final[dict[str, str]] = {}

# Refusals without a FLOW code: what a test sees -> when, and how that is known.
OTHER_ERRORS: Final[dict[str, Rule]] = {
    "403010": Rule("no token", _TROUBLESHOOTING),
    "401013": Rule("unknown or ended token", _TROUBLESHOOTING),
    "403000": Rule("no x-api-key", _TROUBLESHOOTING),
    "403003": Rule("another client's x-api-key", _TROUBLESHOOTING),
    "400003": Rule("no organisation", _TROUBLESHOOTING),
    "403025": Rule("an organisation that the credential is not of", _TROUBLESHOOTING),
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
        "no JSON, no content type, a malformed request of another service than Flow Service",
        Evidence("sample", "'Experience Platform troubleshooting guide', for the content type"),
    ),
    "BadRequestError 405": Rule("a method that the path does not have", _SILENT),
    "BadRequestError 413": Rule("a body of more than 4 MiB", _SILENT),
    "NotFoundError 404": Rule("a path, or a name outside Flow Service, that does not exist", _SILENT),
    "NotImplementedError 501": Rule("known and not played", Evidence("assumed", "the emulator's own")),
    "errorMessage 422": Rule(
        "a body that breaks the schema",
        Evidence(
            "documented", "OpenAPI 'Flow Service - Destinations' (2024-11-13): the status; the texts are ours"
        ),
    ),
    "errorMessage 400": Rule(
        "a body that breaks a rule of schedules, file formats or datasets",
        Evidence("assumed", "the shape is of the OpenAPI file, that it is sent for these rules is not"),
    ),
    "message 400": Rule(
        "an ad-hoc run that cannot start", Evidence("recorded", "the texts; status and shape are assumed")
    ),
}

RULES: Final[dict[str, Rule]] = {
    "etag": Rule("Every write gives a new etag, quotes inside, that no earlier write had.", _DESTINATIONS),
    "asynchronous-delete": Rule("A deleted entity is shown once more, and is then gone.", _DESTINATIONS),
    "delete-order": Rule("What a flow uses cannot be deleted.", _ERRORS),
    "no-cascade": Rule("A deleted flow leaves its connections and takes its runs along.", _SILENT),
    "datasets-immutable": Rule(
        "The datasets of a source connection do not change; the flow can take another source.", _TUTORIAL
    ),
    "paths-to-patch": Rule("Only what a page of Adobe's patches can be patched.", _SILENT),
    "unknown-fields": Rule("A field that no page has is refused.", _SILENT),
    "schedule-combinations": Rule(
        "Once in full; daily or every 3, 6, 9 or 12 hours what is new.", _DESTINATIONS
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
    "secrets-hidden": Rule("A secret is in no answer, no log and no file.", _SILENT),
    "runs-by-schedule": Rule("A flow runs at its scheduled times from its start to its end.", _DESTINATIONS),
    "not-made-up-for": Rule(
        "What came due before a flow existed, or while it was disabled, does not run.", _SILENT
    ),
    "one-time-at-once": Rule("A one-time export whose start has passed runs at once.", _SILENT),
    "first-full": Rule(
        "The first run exports everything, each later one what came since.",
        Evidence("documented", "tutorial 'Export datasets' (2024)"),
    ),
    "no-row-lost": Rule(
        "A row is in exactly one increment, also when it comes while the clock stands.", _SILENT
    ),
    "failed-run": Rule("A run that cannot write fails, and the next one has its rows too.", _SILENT),
    "export-layout": Rule(
        "Files lie under path, dataset and time of the export.",
        Evidence(
            "documented", "tutorial 'Export datasets' (2026); the names of files from a recorded export"
        ),
    ),
    "folder-template": Rule("The folder template's macros.", _DESTINATIONS),
    "file-endings": Rule(
        "Endings .json.gz, .gz.parquet, .parquet; JSON is NDJSON.",
        Evidence("documented", "tutorial 'Export datasets' (2026)"),
    ),
    "manifest": Rule(
        "Name and content of the manifest.",
        Evidence("sample", "catalogue pages of the cloud destinations; one for each folder is assumed"),
    ),
    "run-counts": Rule("Records, bytes and files of a run's metrics are those of its files.", _SILENT),
}
