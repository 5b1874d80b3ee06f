"""Bodies of requests: valid ones over the ids that the fuzzer knows, and their encoding as JSON."""

from __future__ import annotations

import json
import random
import re
from typing import Any, Final

from flow_emulator import snapshots
from tests.fuzz.emulator.values import RAW, mutated
from tests.fuzz.emulator.world import World
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import DATASET, SCHEDULE, base_body, flow_body, source_body, target_body

# A text that is in every secret that the fuzzer sends, and in nothing that the emulator may show.
CANARY: Final = "CANARY7SECRET"
_SECRETS: Final = {
    "s3SecretKey": CANARY.ljust(40, "x"),
    "password": f"{CANARY}!pw",
    "servicePrincipalKey": f"{CANARY}-key",
    "secretAccessKey": f"{CANARY}/hmac",
    "connectionString": f"DefaultEndpointsProtocol=https;AccountKey={CANARY}",
}
_NAMES: Final = sorted(DESTINATIONS)
_JSON_NAMES: Final = ("name", "description", "state")
_MACROS: Final = ("%DATASET_ID%", "%DATETIME(YYYY)%/x", "../..", "%EXPORT_TIME%/../../x", "a//b", "%")


def encode(document: Any) -> bytes:
    """A document as JSON; texts marked as raw are written without quotes, as no JSON library would."""
    text = json.dumps(document)
    raw = re.sub(rf'"{RAW}((?:[^"\\]|\\.)*?){RAW}"', lambda found: str(json.loads(f'"{found[1]}"')), text)
    return raw.encode("utf-8", "surrogatepass")


def base(choice: random.Random) -> dict[str, Any]:
    """A base connection of any destination, its secrets canaries."""
    body = base_body(choice.choice(_NAMES))
    params = body.get("auth", {}).get("params", {})
    params |= {name: secret for name, secret in _SECRETS.items() if name in params}
    return body


def entity(choice: random.Random, world: World, collection: str) -> dict[str, Any]:
    """A body that creates an entity of a writable collection."""
    if collection == "connections":
        return base(choice)
    if collection == "sourceConnections":
        return source_body()
    if collection == "targetConnections":
        return target_body(world.id(choice, "connections"), choice.choice(_NAMES[:3]))
    ends = choice.choice((86_400, 86_400, 864_000, None))
    schedule = {**SCHEDULE, "interval": choice.choice((1, 3, 6, 9, 12))}
    if ends is None:
        del schedule["endTime"]
    else:
        schedule["endTime"] = int(str(schedule["startTime"])) + ends
    if choice.random() < 0.2:
        schedule["foldernameTemplate"] = choice.choice(_MACROS)
    source, target = world.id(choice, "sourceConnections"), world.id(choice, "targetConnections")
    return flow_body(source, target, choice.choice(_NAMES[:3]), scheduleParams=schedule)


def patch(choice: random.Random, collection: str) -> Any:
    """Operations of a JSON Patch, most of them on paths that exist."""
    paths: list[tuple[str, Any]] = [(f"/{name}", "other") for name in _JSON_NAMES]
    if collection == "connections":
        paths += [
            ("/auth/params/s3SecretKey", _SECRETS["s3SecretKey"]),
            ("/auth/params", {"s3AccessKey": "AKIA" + "A" * 16, "s3SecretKey": _SECRETS["s3SecretKey"]}),
            ("/auth", {"specName": "Access Key", "params": {"s3SecretKey": CANARY}}),
            ("/Auth/params/x", CANARY),
            ("auth/params/x", CANARY),
            ("/params", {"s3SecretKey": CANARY}),
            ("/connectionSpec/id", "x"),
        ]
    elif collection == "targetConnections":
        paths += [("/params/path", "a/b"), ("/params/datasetFileType", "PARQUET"), ("/params", {"path": "x"})]
    elif collection == "flows":
        paths += [
            ("/scheduleParams", dict(SCHEDULE)),
            ("/scheduleParams/interval", 6),
            ("/scheduleParams/endTime", 1_900_100_000),
            ("/labels", ["a"]),
            ("/policy", {"a": {"b": []}}),
            ("/sourceConnectionIds", ["x"]),
        ]
    chosen = choice.sample(paths, choice.choice((1, 1, 1, 2)))
    names = ("replace", "add", "REPLACE", "remove", "move", "test")
    weights = (8, 3, 2, 1, 1, 1)
    return [{"op": choice.choices(names, weights)[0], "path": path, "value": value} for path, value in chosen]


def fault(choice: random.Random) -> Any:
    """A fault, as an object or as text; latencies are short, as the fuzzer waits for them."""
    operation = choice.choice(("*", "create*", "list*", "readFlow", "patchConnection", "issueToken"))
    options: dict[str, Any] = {"nth": [1, 3], "times": choice.randint(1, 3)}
    kind = choice.choice(
        ("status", "throttle", "latency", "reset", "truncate", "stale-etag", "slow-state", "shape")
    )
    match kind:
        case "status":
            options |= {
                "status": choice.choice((502, 503, 504, 429, 404)),
                "when": choice.choice(("before", "after")),
            }
        case "latency":
            options["seconds"] = 0.001
        case "slow-state":
            options["looks"] = 2
        case "shape":
            options["shape"] = choice.choice(("bare", "wrapped", "no-etag", "older-error", "deleted-204"))
        case "reset":
            options["when"] = choice.choice(("before", "after"))
    if choice.random() < 0.3:
        texts = [
            f"{name}={','.join(map(str, part)) if isinstance(part, list) else part}"
            for name, part in options.items()
        ]
        return " ".join([operation, kind, *texts])
    return {"operation": operation, "kind": kind, **options}


def seed(choice: random.Random, world: World) -> dict[str, Any]:
    """A seed of a whole export, sometimes with a clock."""
    found: dict[str, Any] = {
        "connections": {"a": base_body()},
        "sourceConnections": {"a": source_body()},
        "targetConnections": {"a": target_body("$connections.a")},
        "flows": {"a": flow_body("$sourceConnections.a", "$targetConnections.a")},
    }
    if choice.random() < 0.3:
        found["clock"] = clock_time(choice)
    if choice.random() < 0.3:
        found["sandbox"] = choice.choice(("dev", "prod", "other", world.id(choice, "flows")))
    return found


def clock_time(choice: random.Random) -> str:
    """A time, most of them near the beginning of the example's schedule."""
    near = f"2030-03-{choice.randint(17, 19)}T{choice.randint(0, 23):02}:00:00Z"
    return choice.choice(
        (near, near, near, "1970-01-01T00:00:00Z", "2030-05-01T00:00:00+14:00", "4999-12-31T23:59:59Z")
    )


def snapshot(choice: random.Random, world: World) -> Any:
    """The last snapshot that was taken, with or without changes; the digest is right more often than not."""
    content = world.snapshot.get("snapshot", {"version": 5, "counter": 0, "tables": {}})
    if choice.random() < 0.3:
        return world.snapshot or snapshots.sign(content)
    changed = mutated(choice, content)
    tables = changed.get("tables") if isinstance(changed, dict) else None
    rows = tables.get("entity") if isinstance(tables, dict) else None
    if isinstance(rows, list) and rows and choice.random() < 0.6:
        row = choice.choice(rows)
        column = choice.choice(("doc", "meta"))
        if isinstance(row, dict) and isinstance(row.get(column), str):
            row[column] = _changed_text(choice, row[column])
    if choice.random() < 0.9 and isinstance(changed, dict):
        return snapshots.sign(json.loads(json.dumps(changed)))
    return {"snapshot": changed, "digest": "0" * 64}


def _changed_text(choice: random.Random, text: str) -> str:
    try:
        return encode(mutated(choice, json.loads(text))).decode("utf-8", "replace")
    except ValueError:
        return text


def rows(choice: random.Random) -> dict[str, Any]:
    """Rows for a dataset, given or generated."""
    if choice.random() < 0.5:
        return {"generate": {"count": choice.randint(1, 20), "seed": 1}}
    return {"rows": [{"n": 1, "t": "é"}, {"d": {"e": [1, None]}}], "at": clock_time(choice)}


def adhoc(choice: random.Random, world: World) -> dict[str, Any]:
    """An ad-hoc run of a flow."""
    order = {"flowId": world.id(choice, "flows"), "datasets": [{"id": DATASET}]}
    return {"activationInfo": {"destinations": [order]}}


def behaviour(choice: random.Random) -> dict[str, Any]:
    """Profile and switches."""
    switches = {
        "secrets": ("masked", "omit", "echo"),
        "body": ("wrapper", "bare"),
        "delete_reads": (0, 1, 3),
        "create_reads": (0, 2),
        "update_seconds": (0, 5),
        "run_duration_seconds": (0, 600),
        "one_run_per": ("flow", "dataset"),
        "flow_delete_cascades": (True, False),
        "base_delete_with_targets": ("allow", "refuse"),
        "state_after_end": ("enabled", "disabled"),
        "live_flow_target": ("follows", "stays"),
        "undocumented_patch_paths": (True, False),
        "unique_names": (True, False),
        "dataset_id_form": (True, False),
        "extra_hour_intervals": ([8, 24], [], [1]),
        "default_page_size": (1, 2, 100),
        "token_lifetime_seconds": (60, 86_399),
        "request_log_size": (0, 10, 10_000),
        "patch_body": ("array", "object"),
        "params_replace": ("whole", "merge"),
        "legacy_s3_keys": (True, False),
        "landing_zone": ("azure", "aws"),
        "known_folder_macros": (True, False),
        "projection_of_lists": ("refuse", "accept"),
    }
    chosen = choice.sample(sorted(switches), choice.randint(0, 3))
    body: dict[str, Any] = {"set": {name: choice.choice(switches[name]) for name in chosen}}
    if choice.random() < 0.3:
        body["profile"] = choice.choice(("strict", "lenient", "documented-2023", "documented-2026"))
    if choice.random() < 0.2:
        body["seed"] = choice.randint(0, 9)
    return body
