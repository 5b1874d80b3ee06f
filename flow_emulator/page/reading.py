"""Reading the view from the store, without observing entities: showing the page ends no transition."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from flow_emulator import clock
from flow_emulator.behaviour.switches import STRICT
from flow_emulator.faults import fault_store
from flow_emulator.http.messages import Request
from flow_emulator.identity import EMULATOR
from flow_emulator.models.context import Context
from flow_emulator.models.flows import runs
from flow_emulator.page.view import (
    Clock,
    Connection,
    Flow,
    Kind,
    LoggedRequest,
    Message,
    Options,
    Run,
    Totals,
    View,
)
from flow_emulator.specs.secret_params import MASK
from flow_emulator.store import Entity

MAX_FLOWS: Final = 200
MAX_RUNS: Final = 4000
_REQUESTS: Final = 30
_ALL_REQUESTS: Final = 500
_DETAIL_LETTERS: Final = 6000
_COLLECTIONS: Final[dict[str, Kind]] = {
    "sourceConnections": "source",
    "targetConnections": "target",
    "connections": "account",
}
_MODES: Final = {
    "DAILY_FULL_EXPORT": "full",
    "FIRST_FULL_THEN_INCREMENTAL": "first full, then incremental",
}


def read_view(request: Request, options: Options, message: Message | None = None) -> View:
    """Return what the page shows at the time of the request."""
    reading = clock.read(request.tx, request.engine.real_millis)
    now = clock.to_millis(reading.now)
    reader = _Reader(request, now, options)
    flows = tuple(islice(reader.flows(), MAX_FLOWS))
    requests = request.tx.requests.newest(_ALL_REQUESTS if options.all_requests else _REQUESTS)
    return View(
        clock=Clock(now, reading.is_set, reading.stands, request.tx.entities.next_due()),
        totals=reader.totals(),
        connections=tuple(reader.connections(flows)),
        flows=flows,
        runs=reader.runs(flows),
        requests=tuple(_request(each) for each in requests),
        faults=tuple((each.fault.as_text(), each.hits) for each in fault_store.entries(request.tx)),
        switches=_switches(request),
        environment=_environment(request),
        options=options,
        message=message,
    )


class _Reader:
    """Reads all organisations and sandboxes in one transaction."""

    def __init__(self, request: Request, now: int, options: Options) -> None:
        self._request, self._tx, self._now = request, request.tx, now
        self._sandboxes = self._tx.entities.sandboxes()
        self._filter = options.filter.casefold()
        specs = request.engine.catalogue.connection_specs
        self._destinations = {key: str(spec["name"]) for key, spec in specs.items()}

    def totals(self) -> Totals:
        """Return how much is stored, regardless of the filter."""

        def number(collection: str) -> int:
            return sum(self._tx.entities.count(collection, org, sandbox) for org, sandbox in self._sandboxes)

        return Totals(
            flows=number("flows"),
            sources=number("sourceConnections"),
            targets=number("targetConnections"),
            accounts=number("connections"),
            runs=number("runs"),
            requests=self._tx.requests.count(),
        )

    def flows(self) -> Iterator[Flow]:
        """Yield the flows that match the filter, the newest first."""
        for entity in self._scan("flows"):
            flow = self._flow(entity)
            words = (flow.name, flow.id, flow.destination, flow.place)
            if self._matches_filter(words):
                yield flow

    def connections(self, flows: Iterable[Flow]) -> Iterator[Connection]:
        """Yield the connections of these flows, and the newest others that match the filter."""
        wanted = {each for flow in flows for each in (flow.source_id, flow.target_id)}
        found: dict[str, Connection] = {}
        for collection, kind in _COLLECTIONS.items():
            for entity in self._wanted_or_matching(collection, wanted):
                found[entity.id] = self._connection(entity, kind)
                if entity.parent:
                    wanted.add(entity.parent)
        yield from found.values()

    def runs(self, flows: Sequence[Flow]) -> tuple[Run, ...]:
        """Return the newest runs of each of these flows, the newest first."""
        each_at_most = max(MAX_RUNS // max(len(flows), 1), 1)
        found = [
            self._run(entity, flow.name)
            for flow in flows
            for entity in self._tx.entities.newest_children("runs", flow.id, each_at_most)
        ]
        return tuple(sorted(found, key=lambda run: run.at, reverse=True))

    def _scan(self, collection: str) -> Iterator[Entity]:
        for org, sandbox in self._sandboxes:
            yield from self._tx.entities.scan(collection, org, sandbox)

    def _wanted_or_matching(self, collection: str, wanted: set[str]) -> Iterator[Entity]:
        for org, sandbox in self._sandboxes:
            for identity in sorted(wanted):
                entity = self._tx.entities.get(collection, org, sandbox, identity)
                if entity is not None:
                    yield entity
        rest = (each for each in self._scan(collection) if each.id not in wanted)
        yield from islice((each for each in rest if self._matches_filter(_search_texts(each))), MAX_FLOWS)

    def _matches_filter(self, words: Iterable[str]) -> bool:
        return not self._filter or any(self._filter in word.casefold() for word in words)

    def _flow(self, entity: Entity) -> Flow:
        doc, schedule = entity.doc, entity.doc["scheduleParams"]
        target_id = str(doc["targetConnectionIds"][0])
        target = self._tx.entities.get("targetConnections", entity.org, entity.sandbox, target_id)
        end = schedule.get("endTime")
        return Flow(
            entity.id,
            str(doc["name"]),
            entity.state,
            entity.sandbox,
            doc["sourceConnectionIds"][0],
            target_id,
            self._destination(target) if target else "",
            self._place(target) if target else "",
            _frequency(schedule),
            _MODES.get(schedule.get("exportMode", ""), ""),
            schedule["startTime"] * 1000,
            None if end is None else end * 1000,
            entity.due_at,
            self._tx.entities.count_children("runs", entity.id),
        )

    def _connection(self, entity: Entity, kind: Kind) -> Connection:
        doc = entity.doc
        return Connection(
            kind,
            entity.id,
            str(doc["name"]),
            entity.state,
            entity.sandbox,
            "" if kind == "source" else self._destination(entity),
            self._details(entity, kind),
            _format(doc) if kind == "target" else "",
            entity.parent,
        )

    def _run(self, entity: Entity, flow_name: str) -> Run:
        context = Context(self._request.engine, self._tx, self._now, "", entity.org, entity.sandbox)
        shown = runs.show(context, entity)
        metrics = shown["metrics"]
        timing = metrics["durationSummary"]
        return Run(
            entity.id,
            entity.parent or "",
            flow_name,
            timing["startedAtUTC"],
            timing.get("completedAtUTC"),
            str(shown["state"]),
            metrics.get("recordSummary", {}).get("outputRecordCount"),
            metrics.get("fileSummary", {}).get("outputFileCount"),
        )

    def _details(self, entity: Entity, kind: Kind) -> str:
        if kind == "target":
            return self._place(entity)
        return _datasets(entity.doc) if kind == "source" else _account(entity.doc)

    def _place(self, target: Entity) -> str:
        names = self._request.engine.catalogue.location_params(target.doc["connectionSpec"]["id"])
        storage, path = names.storage_in(target.doc["params"]), names.path_in(target.doc["params"])
        return f"{storage}/{path.strip('/')}".rstrip("/") if storage else path

    def _destination(self, entity: Entity) -> str:
        spec = str(entity.doc["connectionSpec"]["id"])
        return self._destinations.get(spec, spec)


# Texts of one entity.


def _search_texts(entity: Entity) -> tuple[str, ...]:
    return (str(entity.doc.get("name", "")), entity.id)


def _datasets(doc: Mapping[str, Any]) -> str:
    each = [str(one.get("name") or one["dataSetId"]) for one in doc["params"]["datasets"]]
    more = f" and {len(each) - 3:,} more" if len(each) > 3 else ""
    return ("dataset " if len(each) == 1 else "datasets ") + ", ".join(each[:3]) + more


def _format(doc: Mapping[str, Any]) -> str:
    params = doc["params"]
    return f"{params.get('datasetFileType', '')} {params.get('compression', '')}".strip()


def _account(doc: Mapping[str, Any]) -> str:
    auth = doc.get("auth") or {}
    return str(auth.get("specName") or "no credentials")


def _frequency(schedule: Mapping[str, Any]) -> str:
    number, unit = schedule["interval"], schedule["timeUnit"]
    if number == 0:
        return "once"
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def _request(entry: Mapping[str, Any]) -> LoggedRequest:
    lines = [f"{key}: {value}" for key, value in entry["headers"].items()]
    if entry["body"] is not None:
        lines += ["", json.dumps(entry["body"], indent=2, ensure_ascii=False)]
    details = "\n".join(lines)
    if len(details) > _DETAIL_LETTERS:
        details = f"{details[:_DETAIL_LETTERS]}\n… (the whole of it: /_emulator/requests)"
    return LoggedRequest(
        entry["seq"],
        entry["at"],
        entry["method"],
        entry["path"],
        urlencode([(name, value) for name, value in entry["query"]], safe="=/:,*", errors="replace"),
        entry["status"],
        entry["code"],
        entry["headers"].get("x-sandbox-name", ""),
        details,
        tuple(entry.get("faults", ())),
    )


def _switches(request: Request) -> tuple[tuple[str, str], ...]:
    usual = dataclasses.asdict(STRICT)
    own = dataclasses.asdict(request.engine.behaviour)
    return tuple((key, str(value)) for key, value in own.items() if value != usual[key])


def _environment(request: Request) -> tuple[tuple[str, str], ...]:
    address = f"http://{request.headers.get('host', '')}"
    who = request.engine.identities[0]
    return (
        ("AEP_ENDPOINT", address),
        ("AEP_AUTH_ENDPOINT", address),
        ("AEP_ORGANIZATION_ID", who.organization_id),
        ("AEP_CLIENT_ID", who.client_id),
        # Only the secret of the emulator's documented client is public.
        ("AEP_CLIENT_SECRET", who.client_secret if who == EMULATOR else MASK),
    )
