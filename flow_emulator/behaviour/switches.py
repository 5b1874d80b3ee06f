"""The switches: behaviour on which Adobe's pages disagree or are silent, or that a test needs changed.

Each field is one switch. Its default and the reason for the default are in its ``metadata``, which
:func:`switches` returns for the command line and the documentation.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args, get_type_hints

_LARGEST: Final = 1_000_000_000
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_MAX_NUMBERS: Final = 100
_SHOWN: Final = 100


def _switch(default: Any, reason: str, *, least: int = 0, most: int = _LARGEST) -> Any:
    """Declare a switch; a number from a command line, a request or a snapshot is from least to most."""
    metadata = {"reason": reason, "least": least, "most": most}
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True, slots=True)
class Behaviour:
    """The value of every switch. The defaults together are the strict profile."""

    body: Literal["wrapper", "bare"] = _switch(
        "wrapper", "Both OpenAPI files wrap a single entity in items[]; the 2026 tutorial shows it bare."
    )
    secrets: Literal["masked", "omit", "echo"] = _switch(
        "masked", "No page documents what a GET shows of a secret. Only 'echo' stores secrets in clear."
    )
    encryption_shown: Literal["as_sent", "renamed"] = _switch(
        "as_sent", "Requests have encryptionSpecs, 'Encryption spec', PGPGPG; samples of responses differ."
    )
    sftp_key_spec_shown: Literal["as_sent", "password"] = _switch(
        "as_sent", "A migration guide shows 'SFTP with Password' beside an sshKey; all requests differ."
    )
    sftp_mode_shown: Literal["as_sent", "FTP"] = _switch(
        "as_sent", "A migration guide shows mode FTP for SFTP; the tutorial's samples Server-to-server."
    )
    pending_last_operation: Literal["shown", "absent"] = _switch(
        "shown", "Samples show lastOperation only when it is finished."
    )
    delete_status: Literal[202, 204] = _switch(
        202, "The destinations' OpenAPI has 202, the sources' one 204."
    )
    missing_token_status: Literal[403, 401] = _switch(
        403, "The troubleshooting page has 403010 with 403; the destinations' OpenAPI has 401."
    )
    missing_sandbox: Literal["prod", "refuse"] = _switch(
        "prod", "edit-destination.md resolves a request without x-sandbox-name in prod; error 2105 exists."
    )
    not_found_status: Literal[404, 400] = _switch(
        404, "The error list prints FLOW-1439-400; the recorded response and the OpenAPI files have 404."
    )
    error_code_type: Literal["text", "number"] = _switch(
        "text", "The gateway's error_code is text in the troubleshooting guide, a number in the OpenAPI."
    )
    trailing_slash: Literal["accept", "refuse"] = _switch(
        "accept", "The sources' OpenAPI writes PATCH and DELETE of connections with a slash at the end."
    )
    missing_spec_version: Literal["refuse", "latest"] = _switch(
        "refuse", "The destinations' OpenAPI responds with 422; the sources' one takes the latest."
    )
    enum_case: Literal["exact", "any"] = _switch(
        "exact", "Specs have upper case; notebooks of 2023 sent gzip and parquet, and their runs went well."
    )
    path_characters: Literal["pattern", "page"] = _switch(
        "pattern", 'The page on S3 allows "^[]+$% in a path; the pattern of the connection spec does not.'
    )
    projection_of_lists: Literal["refuse", "accept"] = _switch(
        "refuse", "Only searches have projectionFields; article ka-30528 sends it with GET /flows."
    )
    data_required: bool = _switch(
        False, "The sources' OpenAPI requires data of source and target; no sample of an export sends it."
    )
    unique_names: bool = _switch(False, "No page requires unique names.")
    json_without_compression: bool = _switch(
        False, "By the 2024 text JSON is only supported compressed; older samples have both together."
    )
    export_mode_required: bool = _switch(
        True, "Every text since 2024 requires exportMode; the 2023 samples have none."
    )
    extra_hour_intervals: tuple[int, ...] = _switch(
        (),
        "The table is 1, 3, 6, 9, 12. The 2023 samples have 24, the web page 8: name those to accept them.",
        least=1,
        most=8760,
    )
    interval_zero: Literal["accept", "refuse"] = _switch(
        "accept", "The OpenAPI's text requires 0 for a one-time export, and its enum forbids it."
    )
    folder_template_key: Literal["either", "foldernameTemplate", "folderNameTemplate"] = _switch(
        "either", "The tutorial writes foldernameTemplate, the OpenAPI folderNameTemplate."
    )
    start_time_after_start: Literal["accept", "refuse"] = _switch(
        "accept", "Only the sources' pages forbid to change a start time that has passed."
    )
    default_end_time: bool = _switch(
        True, "The 2024 text: without endTime the service sets six months after creation."
    )
    state_after_end: Literal["enabled", "disabled"] = _switch(
        "enabled",
        "Adobe's page on health checks (2026, about audience flows): a flow remains active after its end.",
    )
    dataset_id_form: bool = _switch(True, "Every dataset id in Adobe's samples is 24 hexadecimal digits.")
    datasets_must_exist: bool = _switch(
        False, "No page documents that a source connection's datasets must exist."
    )
    configs_of_destinations: bool = _switch(
        False, "The tutorial lists datasets under the data lake's spec; a client library also elsewhere."
    )
    known_folder_macros: bool = _switch(True, "An unknown macro in a folder template is usually a typo.")
    undocumented_patch_paths: bool = _switch(
        False, "No page patches /auth, /auth/specName or the encryption of a connection."
    )
    connection_patches: Literal["accept", "base_only", "refuse"] = _switch(
        "accept", "edit-destination.md patches all; one OpenAPI only base connections; error 1445 exists."
    )
    live_flow_target: Literal["follows", "stays"] = _switch(
        "follows", "edit-destination.md edits a live flow's target; by the sources' page flows ignore it."
    )
    params_replace: Literal["whole", "merge"] = _switch(
        "whole", "RFC 6902 replaces all of /params; samples of Adobe's send only what changes."
    )
    legacy_s3_keys: bool = _switch(
        False, "Samples of PATCH call the keys accessId and secretKey; the spec s3AccessKey, s3SecretKey."
    )
    patch_op_case: Literal["any", "lower", "upper"] = _switch(
        "any", "One OpenAPI file has lower case, the other upper case."
    )
    patch_body: Literal["array", "object"] = _switch(
        "array", "Both OpenAPI schemas have one object, all samples an array. 'object' takes both."
    )
    remove_needs_value: bool = _switch(
        False, "The schemas require value for remove too; RFC 6902 does not know it."
    )
    action_op_case: Literal["any", "lower", "upper"] = _switch(
        "any", "The pages have lower case, the sources' OpenAPI upper case."
    )
    action_sub_op: Literal["refuse", "ignore"] = _switch(
        "refuse", "The sources' OpenAPI marks subOp as required; no page or sample sends it."
    )
    connection_test: Literal["passes", "fails"] = _switch(
        "passes", "/test is documented for sources. The emulator reaches no destination to test."
    )
    flow_delete_cascades: bool = _switch(
        False, "No page documents that a flow's connections are deleted with it."
    )
    base_delete_with_targets: Literal["refuse", "allow"] = _switch(
        "refuse", "Documented for flows only; a target connection without its base would dangle."
    )
    create_reads: int = _switch(
        0, "How many reads show a new flow as 'initializing'. By the pages a GET after the POST suffices."
    )
    create_seconds: int = _switch(
        0, "How long a new flow stays 'initializing' while the clock runs. 0: only reads end it."
    )
    initializing_writes: Literal["accept", "refuse"] = _switch(
        "accept", "Error 1416 counts initializing among the states of a write; 1417 refuses it to users."
    )
    update_reads: int = _switch(0, "How many reads show a flow as 'updating', 'enabling' or 'disabling'.")
    update_seconds: int = _switch(
        0, "The same in seconds of a running clock; a sample of the OpenAPI has 1.3. 0: only reads end it."
    )
    delete_reads: int = _switch(
        1, "How many reads still show a deleted entity: deletes are asynchronous, so at least one does."
    )
    delete_seconds: int = _switch(
        0, "How long a deleted entity is still shown while the clock runs. 0: only reads end it."
    )
    run_duration_seconds: int = _switch(
        0, "With 0 a run is finished at its scheduled time, also when the clock is stopped then."
    )
    run_reads: int = _switch(2, "How many reads show a run as in progress while the clock is stopped.")
    one_run_per: Literal["flow", "dataset"] = _switch(
        "flow", "The pages on monitoring have one per audience, and do not mention datasets."
    )
    adhoc_ready_seconds: int = _switch(
        600, "The error of an ad-hoc export of a new flow asks to wait ten minutes."
    )
    adhoc_reads: int = _switch(
        1, "How many reads show an ad-hoc run as in progress: recorded ones took 17 to 92 seconds."
    )
    adhoc_allowed: bool = _switch(True, "Adobe lets chosen organisations run dataset exports ad hoc.")
    landing_zone: Literal["azure", "aws"] = _switch(
        "azure", "Which of the two documented shapes the Data Landing Zone's responses have."
    )
    landing_zone_seconds: int = _switch(
        604_800, "How long its credentials are valid. No page documents it; its files stay seven days."
    )
    max_runs_per_move: int = _switch(
        1000,
        "Runs created for one flow when the clock moves; the others follow at the next request.",
        least=1,
        most=10_000,
    )
    default_page_size: int = _switch(
        100, "No page gives the default of limit; 100 is its maximum.", least=1, most=100
    )
    token_lifetime_seconds: int = _switch(86399, "expires_in of Adobe's token endpoint.")
    max_flows_per_sandbox: int = _switch(
        0, "Adobe allows 100 dataflows in a sandbox; its error is not published. 0: no limit."
    )
    request_log_size: int = _switch(
        10_000, "When the request log has more entries, the oldest are deleted.", most=1_000_000
    )


def in_case(text: str, case: str) -> bool:
    """Return whether a text is in the case that a switch requires: any, lower or upper."""
    return case == "any" or text == (text.lower() if case == "lower" else text.upper())


@dataclasses.dataclass(frozen=True, slots=True)
class Switch:
    """One switch as the documentation shows it."""

    name: str
    default: Any
    values: tuple[Any, ...]
    reason: str
    least: int
    most: int


def switches() -> tuple[Switch, ...]:
    """Return all switches in the order of their declaration; ``values`` is empty for numbers."""
    hints = get_type_hints(Behaviour)
    return tuple(
        Switch(field.name, field.default, _values(hints[field.name]), **field.metadata)
        for field in dataclasses.fields(Behaviour)
    )


def behaviour_from_text(settings: Mapping[str, str], base: Behaviour | None = None) -> Behaviour:
    """Parse switches from text, such as ``{"secrets": "echo"}`` of a command line.

    Args:
        settings: The texts by the names of the switches.
        base: The values of the other switches, by default as declared.

    Raises:
        ValueError: A name or value is unknown; the message lists the allowed ones.
    """
    known = {switch.name: switch for switch in switches()}
    values: dict[str, Any] = {}
    for name, text in settings.items():
        if name not in known:
            raise ValueError(
                f"Unknown switch {_shortened(name)!r}. Known switches: {', '.join(sorted(known))}."
            )
        values[name] = _parse(known[name], text)
    return dataclasses.replace(base or Behaviour(), **values)


def _values(hint: Any) -> tuple[Any, ...]:
    if hint is bool:
        return (True, False)
    return () if hint is int or hint == tuple[int, ...] else get_args(hint)


def _parse(switch: Switch, text: str) -> Any:
    if not switch.values:
        return _parse_numbers(switch, text)
    by_text = {str(value).lower(): value for value in switch.values}
    if text.lower() not in by_text:
        raise ValueError(f"{switch.name} is one of {', '.join(by_text)}, not {_shortened(text)!r}.")
    return by_text[text.lower()]


def _parse_numbers(switch: Switch, text: str) -> Any:
    several = isinstance(switch.default, tuple)
    parts = [part for part in text.split(",") if part] if several else [text]
    if len(parts) > _MAX_NUMBERS or not all(_NUMBER.fullmatch(part.strip()) for part in parts):
        kind = "numbers joined by commas" if several else "a number"
        raise ValueError(f"{switch.name} is {kind}, not {_shortened(text)!r}.")
    numbers = tuple(int(part) for part in parts)
    if not all(switch.least <= number <= switch.most for number in numbers):
        raise ValueError(f"{switch.name} is from {switch.least} to {switch.most}, not {text!r}.")
    return numbers if several else numbers[0]


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


STRICT: Final = Behaviour()
