"""The short campaign of `make test`: the fixed scenarios, and a few random ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign import campaign
from tests.campaign.scripts import SCRIPTS
from tests.campaign.world import Installation, install

pytestmark = pytest.mark.slow

REPO = Path(__file__).parents[2]
SEED = 8
RANDOM_SCENARIOS = ("0", "1", "2")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, preload: dict[str, str]) -> Installation:
    """The installed provider, and folders in which `terraform init` has run."""
    return install(tmp_path_factory.mktemp("campaign"), REPO, preload)


@pytest.mark.parametrize("name", [*SCRIPTS, *RANDOM_SCENARIOS])
def test_no_export_is_doubled_lost_or_taken_over(
    name: str, installation: Installation, tmp_path: Path
) -> None:
    """Whatever breaks, no object is made twice in silence, lost without a report, or taken from its owner."""
    counts, found = campaign.play(installation, tmp_path, SEED, name)

    assert counts.applies > 0
    assert found == [], "\n".join(counts.failures)
