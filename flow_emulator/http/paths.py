"""The paths of Adobe's services and of the emulator itself; each is written here once."""

from __future__ import annotations

from typing import Final

TOKEN: Final = "/ims/token/v3"  # noqa: S105 - a path
FLOW_SERVICE: Final = "/data/foundation/flowservice"
ADHOC_RUN: Final = "/data/core/activation/disflowprovider/adhocrun"
LANDING_ZONE: Final = "/data/foundation/connectors/landingzone"
SANDBOXES: Final = "/data/foundation/sandbox-management/sandboxes"
CATALOG_DATASETS: Final = "/data/foundation/catalog/dataSets"

PAGE: Final = "/"
CONTROL: Final = "/_emulator"


def is_own(path: str) -> bool:
    """Whether a path is the emulator's own: the page, or one under ``/_emulator``."""
    return path in (PAGE, CONTROL) or path.startswith(f"{CONTROL}/")
