"""Random configurations, random changes to them, and random faults."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from tests.campaign.configuration import (
    COLLECTIONS,
    DATASETS,
    DESTINATIONS,
    PARTS,
    TYPES,
    Configuration,
    Export,
)
from tests.campaign.faults import STATE, TOKEN, WRITE, Fault

_SHAPES: Sequence[tuple[str, ...]] = (PARTS, PARTS, PARTS, ("base", "target"), ("source",), ("base",))


def random_export(generator: random.Random, key: str, label: str = "") -> Export:
    """Return a random export, or a part of one."""
    return Export(
        key=key,
        parts=generator.choice(_SHAPES),
        label=label,
        datasets=(generator.randrange(len(DATASETS)),),
        destination=generator.choice(DESTINATIONS),
        enabled=generator.random() < 0.6,
        create_before_destroy=generator.random() < 0.85,
        protected=generator.random() < 0.15,
    )


def random_configuration(
    generator: random.Random, prefix: str, secret_seed: str, backend: str
) -> Configuration:
    """Return a configuration of one or two exports; in some the objects of two exports share names."""
    exports = [random_export(generator, "e0")]
    if generator.random() < 0.45:
        label = "e0" if generator.random() < 0.4 else ""
        exports.append(random_export(generator, "e1", label))
    return Configuration(prefix, tuple(exports), secret_seed, backend)


def random_change(generator: random.Random, configuration: Configuration) -> tuple[Configuration, str]:
    """Return a changed configuration, and the change in words."""
    export = generator.choice(configuration.exports)
    changes = {
        "datasets": replace(export, datasets=tuple(sorted(generator.sample(range(len(DATASETS)), 2)))),
        "other dataset": replace(export, datasets=((export.datasets[0] + 1) % len(DATASETS),)),
        "name": replace(export, label=f"{export.label or export.key}x"),
        "path": replace(export, path=export.path + 1),
        "interval": replace(export, interval=6 if export.interval == 3 else 3),
        "enabled": replace(export, enabled=not export.enabled),
        "secrets": replace(export, secret_version=export.secret_version + 1),
        "description": replace(export, description=f"changed {generator.randrange(100)}"),
        "destination": replace(
            export,
            destination=generator.choice([each for each in DESTINATIONS if each != export.destination]),
        ),
        "parts": replace(export, parts=generator.choice(_SHAPES)),
    }
    name = generator.choice([*changes, "more", "fewer"])
    if name == "more" and len(configuration.exports) < 3:
        key = f"e{max(int(each.key[1:]) for each in configuration.exports) + 1}"
        return replace(configuration, exports=(*configuration.exports, random_export(generator, key))), name
    if name == "fewer" and len(configuration.exports) > 1:
        return replace(
            configuration, exports=tuple(each for each in configuration.exports if each != export)
        ), name
    changed = changes.get(name, changes["path"])
    return configuration.with_export(changed), f"{name} of {export.key}"


_AFTER = (
    "reset after",
    "cut after",
    "hang after",
    "500 after",
    "502 after",
    "503 after",
    "504 after",
    "held after",
)
_BEFORE = ("reset before", "hang before", "500 before", "502 before", "503 before", "504 before")
_KILLS = ("kill provider before", "kill provider after", "kill terraform before", "kill terraform after")
_GATEWAY = ("404 empty", "404 kong", "404 spring", "404 html")
_SMALL = ("429", "429 retry-after", "401")
_INTERRUPTS = ("interrupt before", "interrupt after")


def random_fault(
    generator: random.Random, configuration: Configuration, *, kills: bool, is_new: bool
) -> Fault:
    """Return a random fault for a command. Without `kills` no process is killed or interrupted.

    With `is_new` the command creates all objects, otherwise any write is more likely to be hit than a create.
    """
    creates, writes = (40, 16) if is_new else (10, 46)
    deadly = [*_KILLS, *_KILLS, *_INTERRUPTS] if kills else []
    place = generator.choices(
        ["create", "write", "read", "list", "update", "delete", "action", "token", "state", "outage"],
        [creates, writes, 6, 6, 6, 6, 6, 2, 6 if configuration.backend and kills else 0, 6],
    )[0]
    part = generator.choice(sorted({part for export in configuration.exports for part in export.parts}))
    collection = generator.choice([COLLECTIONS[part], "*"])
    any_fault = [*_AFTER, *_AFTER, *_BEFORE, *deadly, *_GATEWAY, *_SMALL]
    kind = generator.choice(any_fault)
    times = 1 if kind.startswith(("hang", "held", "kill", "interrupt")) else generator.choice([1, 1, 1, 2, 4])
    match place:
        case "create":
            names = configuration.part_names()
            name = names[generator.choice([each for each in names if each.startswith(TYPES[part] + ".")])]
            return Fault(kind, "POST", COLLECTIONS[part], name=name, one=False, times=1)
        case "write":
            return Fault(kind, WRITE, "*", skip=generator.randrange(3), times=times)
        case "read":
            return Fault(kind, "GET", collection, one=True, skip=generator.randrange(2), times=times)
        case "list":
            return Fault(kind, "GET", collection, one=False, skip=generator.randrange(2), times=times)
        case "update":
            return Fault(kind, "PATCH", collection, one=True, times=times)
        case "delete":
            return Fault(kind, "DELETE", collection, one=True, times=times)
        case "action":
            return Fault(kind, "ACTION", "flows", one=True, times=times)
        case "token":
            kind = generator.choice([*_BEFORE, *_SMALL[:2], *_GATEWAY])
            return Fault(kind, "POST", TOKEN, times=1)
        case "state":
            kind = generator.choice(
                ["500 before", "state update lost", "kill terraform before", "kill terraform after"]
            )
            return Fault(kind, "POST", STATE, skip=generator.randrange(2))
    kind = generator.choice([*_GATEWAY, "500 before", "502 before", "503 before", "reset before"])
    return Fault(kind, generator.choice(["GET", "*"]), "*", skip=generator.randrange(6), times=1000)


def random_faults(
    generator: random.Random, configuration: Configuration, *, kills: bool = True, is_new: bool = False
) -> list[Fault]:
    """Return no fault, one, or two; see `random_fault`."""
    count = generator.choices([0, 1, 2], [10, 60, 30])[0]
    return [random_fault(generator, configuration, kills=kills, is_new=is_new) for _ in range(count)]
