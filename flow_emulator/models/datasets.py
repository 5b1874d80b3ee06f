"""The datasets that may be exported: the tutorial's five, and examples, so that a list has pages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).parent.parent / "datasets.json"
_ID: Final = re.compile(r"[0-9a-f]{24}")
Dataset = dict[str, Any]


@cache
def all_datasets() -> tuple[Dataset, ...]:
    """Return every dataset as Flow Service shows it, the same in each organisation and sandbox."""
    common = {
        "fileDescription": {"persisted": True, "containerFormat": "parquet", "format": "parquet"},
        "aspect": "production",
    }
    rows = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        {
            "id": row["id"],
            "name": row["name"],
            "description": row["description"],
            **common,
            "state": row["state"],
        }
        for row in rows
    )


def exists(dataset_id: str) -> bool:
    """Return whether a dataset with this id may be exported."""
    return any(dataset["id"] == dataset_id for dataset in all_datasets())


def id_of(text: str) -> str | None:
    """Return the id of a dataset from an id in Adobe's form or a name of the emulator's, else None."""
    if _ID.fullmatch(text):
        return text
    return next((str(dataset["id"]) for dataset in all_datasets() if dataset["name"] == text), None)


def page(start: int, limit: int, equal: Mapping[str, str]) -> dict[str, Any]:
    """Return a page by offset: ``items``, and ``pageInfo``, whose ``end`` is the index of the last item."""
    found = [
        dataset
        for dataset in all_datasets()
        if all(dataset.get(name) == value for name, value in equal.items())
    ]
    items = found[start : start + limit]
    return {
        "items": items,
        "pageInfo": {
            "start": start,
            "end": start + max(len(items) - 1, 0),
            "total": len(found),
            "hasNext": start + limit < len(found),
        },
    }
