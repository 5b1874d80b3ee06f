"""Profiles: switches that belong together, under a name and with the reason for each set."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from flow_emulator.behaviour.switches import STRICT, Behaviour


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """A name for the values of several switches; the others are as in :data:`STRICT`."""

    name: str
    reason: str
    switches: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def behaviour(self) -> Behaviour:
        """The value of every switch."""
        return dataclasses.replace(STRICT, **self.switches)


_ALL: Final = (
    Profile("strict", "The stricter reading where Adobe's pages disagree or are silent. The default."),
    Profile(
        "lenient",
        "Accepts whatever any page, sample or client of Adobe's sends, to try old scripts.",
        {
            "missing_spec_version": "latest",
            "enum_case": "any",
            "path_characters": "page",
            "projection_of_lists": "accept",
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
    """Return the profile with this name. Raises ValueError, with the known names, when it is unknown."""
    if name not in PROFILES:
        raise ValueError(f"Unknown profile {name[:100]!r}. Known profiles: {', '.join(PROFILES)}.")
    return PROFILES[name]
