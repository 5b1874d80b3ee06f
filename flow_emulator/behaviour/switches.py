"""The switches for behaviour that Adobe's pages dispute, leave open, or that a test wants otherwise.

Each field is one switch. Its default and the reason for the default stand in its ``metadata``, which
:func:`switches` hands to the command line and the documentation.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args, get_type_hints


def _switch(default: Any, reason: str) -> Any:
    return dataclasses.field(default=default, metadata={"reason": reason})


@dataclasses.dataclass(frozen=True, slots=True)
class Behaviour:
    """How the emulator decides where Adobe's pages leave a choice. All defaults together are strict."""

    body: Literal["wrapper", "bare"] = _switch(
        "wrapper", "Both OpenAPI files wrap a single entity in items[]; the 2026 tutorial shows it bare."
    )
    secrets: Literal["masked", "omit", "echo"] = _switch(
        "masked", "No page says what a GET shows of a secret. Only 'echo' stores secrets in clear."
    )
    encryption_shown: Literal["as_sent", "renamed"] = _switch(
        "as_sent", "Requests say encryptionSpecs, 'Encryption spec', PGPGPG; shown samples say otherwise."
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
        202, "The destinations' OpenAPI says 202, the sources' one 204."
    )
    missing_token_status: Literal[403, 401] = _switch(
        403, "The troubleshooting page gives 403010 with 403; the destinations' OpenAPI says 401."
    )
    missing_sandbox: Literal["prod", "refuse"] = _switch(
        "prod", "edit-destination.md resolves a request without x-sandbox-name in prod; error 2105 exists."
    )
    not_found_status: Literal[404, 400] = _switch(
        404, "The error list prints FLOW-1439-400; the recorded answer and the OpenAPI files have 404."
    )
    error_code_type: Literal["text", "number"] = _switch(
        "text", "The gateway's error_code is text in the troubleshooting guide, a number in the OpenAPI."
    )
    trailing_slash: Literal["accept", "refuse"] = _switch(
        "accept", "The sources' OpenAPI writes PATCH and DELETE of connections with a slash at the end."
    )
    missing_spec_version: Literal["refuse", "latest"] = _switch(
        "refuse", "The destinations' OpenAPI answers 422; the sources' one takes the latest."
    )
    enum_case: Literal["exact", "any"] = _switch(
        "exact", "Specs have upper case; notebooks of 2023 sent gzip and parquet, and their runs went well."
    )
    path_characters: Literal["pattern", "page"] = _switch(
        "pattern", 'The page on S3 allows "^[]+$% in a path; the pattern of the connection spec does not.'
    )
    data_required: bool = _switch(
        False, "The sources' OpenAPI requires data of source and target; no sample of an export sends it."
    )
    unique_names: bool = _switch(False, "No page says that a name must be new.")
    json_without_compression: bool = _switch(
        False, "The 2024 text says JSON is only supported compressed; older samples show the pair."
    )
    export_mode_required: bool = _switch(
        True, "Every text since 2024 demands exportMode; the 2023 samples have none."
    )
    extra_hour_intervals: tuple[int, ...] = _switch(
        (), "The table is 3, 6, 9, 12. The 2023 samples mention 24, one page 8: name those to accept them."
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
        "enabled", "No page says which state a flow shows when its end time has passed."
    )
    dataset_id_form: bool = _switch(True, "Every dataset id in Adobe's samples is 24 hexadecimal digits.")
    datasets_must_exist: bool = _switch(
        False, "No page says that a source connection's datasets are looked up."
    )
    configs_of_destinations: bool = _switch(
        False, "The tutorial lists datasets under the data lake's spec; a client library also elsewhere."
    )
    known_folder_macros: bool = _switch(True, "A folder template with an unknown macro is most often a typo.")
    undocumented_patch_paths: bool = _switch(
        False, "No page patches /auth, /auth/specName or the encryption of a connection."
    )
    connection_patches: Literal["accept", "base_only", "refuse"] = _switch(
        "accept", "edit-destination.md patches all; one OpenAPI only base connections; error 1445 exists."
    )
    live_flow_target: Literal["follows", "stays"] = _switch(
        "follows", "edit-destination.md edits a live flow's target; the sources' page says flows ignore it."
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
        "passes", "/test is documented for sources. The emulator reaches no destination to try it."
    )
    flow_delete_cascades: bool = _switch(False, "No page says that a flow's connections go with it.")
    base_delete_with_targets: Literal["refuse", "allow"] = _switch(
        "refuse", "Documented for flows only; a target connection without its base would dangle."
    )
    create_reads: int = _switch(
        0, "How many looks a new flow stays 'initializing'. None: POST, GET suffices."
    )
    create_seconds: int = _switch(
        0, "How long a new flow stays 'initializing' by a clock that runs. 0: only looks end it."
    )
    initializing_writes: Literal["accept", "refuse"] = _switch(
        "accept", "Error 1416 counts initializing among the states of a write; 1417 refuses it to users."
    )
    update_reads: int = _switch(0, "How many looks a flow stays 'updating', 'enabling' or 'disabling'.")
    update_seconds: int = _switch(
        0, "The same in seconds of a clock that runs; a sample of the OpenAPI shows 1.3. 0: only looks."
    )
    delete_reads: int = _switch(
        1, "How many looks still show a deleted entity: deletes are asynchronous, so at least one does."
    )
    delete_seconds: int = _switch(
        0, "How long a clock that runs still shows a deleted entity. 0: only looks end it."
    )
    run_duration_seconds: int = _switch(
        0, "A clock that stands at the scheduled time shows the run finished."
    )
    run_reads: int = _switch(
        2, "How many looks show a run that takes time as in progress while the clock stands."
    )
    one_run_per: Literal["flow", "dataset"] = _switch(
        "flow", "The pages on monitoring say one per audience, and nothing about datasets."
    )
    adhoc_ready_seconds: int = _switch(
        600, "The refusal of an ad-hoc export of a new flow says to wait ten minutes."
    )
    adhoc_reads: int = _switch(
        1, "How many looks show an ad-hoc run in progress: recorded ones took 17 to 92 seconds."
    )
    adhoc_allowed: bool = _switch(True, "Adobe lets chosen organisations run dataset exports ad hoc.")
    landing_zone: Literal["azure", "aws"] = _switch(
        "azure", "Which of the two documented shapes the Data Landing Zone's answers have."
    )
    landing_zone_seconds: int = _switch(
        604_800, "How long its credentials are good. No page says; seven days is how long its files stay."
    )
    max_runs_per_move: int = _switch(
        1000, "Runs made for one flow when the clock moves; the rest come later."
    )
    default_page_size: int = _switch(100, "No page gives the default of limit; 100 is its maximum.")
    token_lifetime_seconds: int = _switch(86399, "expires_in of Adobe's token endpoint.")
    max_flows_per_sandbox: int = _switch(
        0, "Adobe allows 100 dataflows in a sandbox; its error is not published. 0: no limit."
    )
    request_log_size: int = _switch(10_000, "The oldest entries of the request log go when there are more.")


def in_case(text: str, case: str) -> bool:
    """Whether a text is written in the case that a switch demands: any, lower or upper."""
    return case == "any" or text == (text.lower() if case == "lower" else text.upper())


@dataclasses.dataclass(frozen=True, slots=True)
class Switch:
    """One switch as the documentation shows it."""

    name: str
    default: Any
    values: tuple[Any, ...]
    reason: str


def switches() -> tuple[Switch, ...]:
    """All switches in the order of their declaration; ``values`` is empty where any number goes."""
    hints = get_type_hints(Behaviour)
    return tuple(
        Switch(field.name, field.default, _values(hints[field.name]), field.metadata["reason"])
        for field in dataclasses.fields(Behaviour)
    )


def behaviour_from_text(settings: Mapping[str, str], base: Behaviour | None = None) -> Behaviour:
    """Read switches from text, as a command line gives them: ``{"secrets": "echo"}``.

    What is not given is as in ``base``, by default as declared.

    Raises ``ValueError`` with the allowed names or values when a name or value is unknown.
    """
    known = {switch.name: switch for switch in switches()}
    values: dict[str, Any] = {}
    for name, text in settings.items():
        if name not in known:
            raise ValueError(f"Unknown switch {name!r}. Known switches: {', '.join(sorted(known))}.")
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
        raise ValueError(f"{switch.name} is one of {', '.join(by_text)}, not {text!r}.")
    return by_text[text.lower()]


def _parse_numbers(switch: Switch, text: str) -> Any:
    several = isinstance(switch.default, tuple)
    try:
        return tuple(int(part) for part in text.split(",") if part) if several else int(text)
    except ValueError:
        kind = "numbers joined by commas" if several else "a number"
        raise ValueError(f"{switch.name} is {kind}, not {text!r}.") from None


STRICT: Final = Behaviour()
