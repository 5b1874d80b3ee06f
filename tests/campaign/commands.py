"""The commands `flowbridge orphans` and `flowbridge delete`, as the user of a world types them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

from tests.campaign.messages import names_ids
from tests.campaign.world import OUTSIDE, World

_EMPTY_STATE = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "", "resources": []}
_LIMIT_SECONDS = 120


def listed_orphans(world: World) -> set[str]:
    """Run `flowbridge orphans` against all states, and return the ids that it names.

    Raises `RuntimeError` if it fails.
    """
    arguments = ["orphans"]
    for workspace in world.workspaces.values():
        path = workspace.folder / "for-orphans.json"
        path.write_text(json.dumps(workspace.state() or _EMPTY_STATE), encoding="utf-8")
        arguments += ["--state", str(path)]
    done = _flowbridge(world, arguments)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"`flowbridge orphans` ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return names_ids(done.stdout)


def delete_object(world: World, identifier: str) -> tuple[bool, str]:
    """Run `flowbridge delete`, and return whether it succeeded, and its output."""
    done = _flowbridge(world, ["delete", "--yes", identifier])
    return done.returncode == 0, f"{done.stdout}{done.stderr}"


def _flowbridge(world: World, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    workspace = next(iter(world.workspaces.values()))
    address = world.server.addresses[OUTSIDE]
    return subprocess.run(
        ["flowbridge", *arguments],
        cwd=workspace.folder,
        env={**workspace.environment, "AEP_ENDPOINT": address, "AEP_AUTH_ENDPOINT": address},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LIMIT_SECONDS,
    )
