"""Generated rows: orders of a shop, the same on every machine for the same dataset, seed and number."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from typing import Any, Final

from flow_emulator import clock

_COUNTRIES: Final = ("AT", "CH", "DE", "DK", "FR", "GB", "IT", "NL", "SE", "US")
_PRODUCTS: Final = ("kettle", "lamp", "mug", "notebook", "pan", "rug", "shelf", "towel", "vase", "watch")
_DAY: Final = 86_400_000


def generate_rows(
    dataset: str, count: int, *, seed: int, ingested_at: int, first: int = 0
) -> Iterator[dict[str, Any]]:
    """Generate rows from number ``first`` on.

    A row depends on dataset, seed, its number and the day of ingestion. Rows have what a loader must handle:
    non-ASCII text, an integer, a decimal number, a nested object, an array, a field that is sometimes null
    and one that is sometimes missing.
    """
    for number in range(first, first + count):
        yield _row(random.Random(f"{dataset}/{seed}/{number}"), ingested_at)  # noqa: S311 # nosec B311 # example data


def _row(choice: random.Random, ingested_at: int) -> dict[str, Any]:
    products = choice.sample(_PRODUCTS, choice.randint(1, 3))
    row: dict[str, Any] = {
        "_id": str(uuid.UUID(int=choice.getrandbits(128), version=4)),
        "timestamp": clock.to_text(ingested_at - choice.randrange(_DAY)),
        "eventType": choice.choice(("commerce.purchases", "commerce.checkouts")),
        "customer": {
            "id": choice.randrange(1, 100_000),
            "name": choice.choice(("Ada Weiß", "Bo Åkesson", "Chloé Roux", "Dan Smith")),
            "country": choice.choice(_COUNTRIES),
        },
        "products": [{"sku": sku, "quantity": choice.randint(1, 5)} for sku in products],
        "total": choice.randrange(100, 50_000) / 100,
        "newsletter": choice.choice((True, False, None)),
    }
    if choice.random() < 0.2:
        row["comment"] = "Please ring twice."
    return row
