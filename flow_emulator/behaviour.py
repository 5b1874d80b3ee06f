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
    delete_status: Literal[202, 204] = _switch(
        202, "The destinations' OpenAPI says 202, the sources' one 204."
    )
    missing_token_status: Literal[403, 401] = _switch(
        403, "The troubleshooting page gives 403010 with 403; the destinations' OpenAPI says 401."
    )
    missing_sandbox: Literal["prod", "refuse"] = _switch(
        "prod", "edit-destination.md resolves a request without x-sandbox-name in prod; error 2105 exists."
    )
    json_without_compression: bool = _switch(
        False, "The 2024 text says JSON is only supported compressed; older samples show the pair."
    )
    export_mode_required: bool = _switch(
        True, "Every text since 2024 demands exportMode; the 2023 samples have none."
    )
    extra_hour_intervals: tuple[int, ...] = _switch(
        (), "The table is 3, 6, 9, 12. The 2023 samples mention 24, one page 8: name those to accept them."
    )
    start_time_after_start: Literal["accept", "refuse"] = _switch(
        "accept", "Only the sources' pages forbid to change a start time that has passed."
    )
    default_end_time: bool = _switch(
        True, "The 2024 text: without endTime the service sets six months after creation."
    )
    dataset_id_form: bool = _switch(True, "Every dataset id in Adobe's samples is 24 hexadecimal digits.")
    datasets_must_exist: bool = _switch(
        False, "No page says that a source connection's datasets are looked up."
    )
    known_folder_macros: bool = _switch(True, "A folder template with an unknown macro is most often a typo.")
    undocumented_patch_paths: bool = _switch(
        False, "No page patches /auth, /auth/specName or the encryption of a connection."
    )
    base_delete_with_targets: Literal["refuse", "allow"] = _switch(
        "refuse", "Documented for flows only; a target connection without its base would dangle."
    )
    create_reads: int = _switch(
        0, "How many looks a new flow stays 'initializing'. None: POST, GET suffices."
    )
    update_reads: int = _switch(0, "How many looks a flow stays 'updating', 'enabling' or 'disabling'.")
    delete_reads: int = _switch(
        1, "How many looks still show a deleted entity: deletes are asynchronous, so at least one does."
    )
    run_duration_seconds: int = _switch(
        0, "A clock that stands at the scheduled time shows the run finished."
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


def behaviour_from_text(settings: Mapping[str, str]) -> Behaviour:
    """Read switches from text, as a command line gives them: ``{"secrets": "echo"}``.

    Raises ``ValueError`` with the allowed names or values when a name or value is unknown.
    """
    known = {switch.name: switch for switch in switches()}
    values: dict[str, Any] = {}
    for name, text in settings.items():
        if name not in known:
            raise ValueError(f"Unknown switch {name!r}. Known switches: {', '.join(sorted(known))}.")
        values[name] = _parse(known[name], text)
    return Behaviour(**values)


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
