"""The report of `flowbridge check`, as text and as JSON."""

from __future__ import annotations

import json

from provider_shim.cli.check.unknown_keys import Findings, NotChecked, UnknownKey


def as_text(findings: Findings) -> str:
    """Return the report for people: one line for each finding, and a summary."""
    lines = [
        *(
            f"{each.place}: {_where(each)} has no {'key' if each.path else 'argument'} {_quoted(each.key)}"
            f"{_advice(each)}"
            for each in findings.unknown
        ),
        *(f"{each.place}: {_where(each)}: not checked: {each.reason}" for each in findings.not_checked),
        *(f"{each.place}: not readable: {each.reason}" for each in findings.unreadable),
        _summary(findings),
    ]
    return "\n".join(lines)


def as_json(findings: Findings) -> str:
    """Return the report for programs."""
    document = {
        "blocks": findings.blocks,
        "files": findings.files,
        "unknown_keys": [
            _place(each) | {"key": each.key, "suggestion": each.suggestion} for each in findings.unknown
        ],
        "not_checked": [_place(each) | {"reason": each.reason} for each in findings.not_checked],
        "unreadable": [
            {"file": str(each.place.file), "line": each.place.line, "reason": each.reason}
            for each in findings.unreadable
        ],
    }
    return json.dumps(document, indent=2)


def _place(found: UnknownKey | NotChecked) -> dict[str, object]:
    return {
        "file": str(found.place.file),
        "line": found.place.line,
        "address": found.address,
        "path": found.path,
    }


def _where(found: UnknownKey | NotChecked) -> str:
    return f"{found.address}: {found.path}" if found.path else found.address


def _advice(found: UnknownKey) -> str:
    if found.suggestion is not None:
        return f"; did you mean {_quoted(found.suggestion)}?"
    if not found.known:
        return "; the object has no keys"
    return f"; the keys are {', '.join(found.known)}"


def _summary(findings: Findings) -> str:
    parts = [_count(len(findings.unknown), "unknown key") if findings.unknown else "no unknown keys"]
    if findings.not_checked:
        parts.append(f"{_count(len(findings.not_checked), 'value')} not checked")
    if findings.unreadable:
        parts.append(f"{_count(len(findings.unreadable), 'file')} not readable")
    checked = (
        f"Checked {_count(findings.blocks, 'block')} of the provider in {_count(findings.files, 'file')}"
    )
    return f"{checked}: {', '.join(parts)}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
