"""Profiles: switches that belong together, under a name and with the reason for each set."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from flow_emulator.behaviour.switches import STRICT, Behaviour


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """A name for several switches; what it does not set is as in :data:`STRICT`."""

    name: str
    reason: str
    switches: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def behaviour(self) -> Behaviour:
        """All switches."""
        return dataclasses.replace(STRICT, **self.switches)


_ALL: Final = (
    Profile("strict", "Where Adobe's pages disagree or are silent, the stricter reading. The default."),
    Profile(
        "lenient",
        "Takes whatever some page, sample or client of Adobe's sends: to try old scripts, not to trust them.",
        {
            "missing_spec_version": "latest",
            "enum_case": "any",
            "path_characters": "page",
            "json_without_compression": True,
            "export_mode_required": False,
            "extra_hour_intervals": (8, 24),
            "dataset_id_form": False,
            "configs_of_destinations": True,
            "known_folder_macros": False,
            "undocumented_patch_paths": True,
            "params_replace": "merge",
            "legacy_s3_keys": True,
            "patch_body": "object",
            "action_sub_op": "ignore",
            "base_delete_with_targets": "allow",
        },
    ),
    Profile(
        "documented-2023",
        "What the tutorial of the 2023 beta and the sources' OpenAPI show: no export mode, no end time.",
        {
            "delete_status": 204,
            "json_without_compression": True,
            "export_mode_required": False,
            "extra_hour_intervals": (24,),
            "default_end_time": False,
            "folder_template_key": "foldernameTemplate",
        },
    ),
    Profile(
        "documented-2026",
        "What the tutorial's text of 2026 shows: bare bodies, an export mode, no default end time.",
        {
            "body": "bare",
            "default_end_time": False,
            "folder_template_key": "foldernameTemplate",
        },
    ),
)

PROFILES: Final[Mapping[str, Profile]] = {profile.name: profile for profile in _ALL}


def profile_named(name: str) -> Profile:
    """The profile with this name; ValueError with the known names when there is none."""
    if name not in PROFILES:
        raise ValueError(f"Unknown profile {name!r}. Known profiles: {', '.join(PROFILES)}.")
    return PROFILES[name]
