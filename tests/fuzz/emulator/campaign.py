"""Sends requests in episodes, judges each answer, and counts.

An episode begins with the same state, and its requests follow from the seed and its number. Any request can
therefore be repeated with those before it in its episode.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID, SCOPES
from flow_emulator.store import Store
from tests.fuzz.cpu_time import cpu_seconds
from tests.fuzz.emulator import bodies, judge
from tests.fuzz.emulator.emulator_process import EmulatorProcess, serving
from tests.fuzz.emulator.requests import Request, build
from tests.fuzz.emulator.wire import Answer, Connection, Message
from tests.fuzz.emulator.world import COLLECTIONS, World

EPISODE: Final = 200
_CHECK_EVERY: Final = 50
_PATIENCE: Final = 30  # seconds, until no answer is a finding
_LONGEST_LATENCY: Final = 0.01
BEGIN: Final = "2030-03-17T17:46:40Z"
Print = Callable[[str], None]


@dataclass
class Counts:
    """What a campaign has seen: answers by route and status class, and the findings."""

    sent: int = 0
    by_route: dict[str, Counter[str]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def add(self, route: str, answer: Answer) -> None:
        """Count an answer."""
        kind = "none" if answer.status <= 0 else f"{answer.status // 100}xx"
        if answer.status == 501:
            kind = "501"
        self.by_route.setdefault(route, Counter())[kind] += 1
        self.sent += 1

    def table(self) -> str:
        """Return the counts as a table, and the findings."""
        kinds = ["1xx", "2xx", "3xx", "4xx", "501", "5xx", "none"]
        width = max((len(route) for route in self.by_route), default=5)
        lines = [" ".join(["route".ljust(width), *(kind.rjust(7) for kind in kinds)])]
        everything = ("all", sum(self.by_route.values(), Counter()))
        for route, counter in [*sorted(self.by_route.items()), everything]:
            numbers = (str(counter[kind]).rjust(7) for kind in kinds)
            lines.append(" ".join([route.ljust(width), *numbers]))
        return "\n".join([*lines, "", f"{self.sent} requests, {len(self.findings)} findings", *self.findings])


def run(seed: int, numbers: range, print_line: Print | None = None, *, trace: bool = False) -> Counts:
    """Send the requests of these numbers, and those before the first one in its episode.

    Args:
        seed: What all choices follow from.
        numbers: The numbers of the requests.
        print_line: Called with each finding, and with the progress.
        trace: Whether it is called with every request too.
    """
    counts = Counts()
    show = print_line or (lambda _line: None)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        with serving(Path(folder)) as emulator:
            for episode in range(numbers.start // EPISODE, (numbers.stop - 1) // EPISODE + 1):
                player = _Player(emulator, seed, episode, counts, show, trace=trace)
                player.play(range(episode * EPISODE, min((episode + 1) * EPISODE, numbers.stop)))
                if not emulator.is_alive:
                    break
                if episode % 10 == 9:
                    show(f"{counts.sent} requests, {len(counts.findings)} findings")
        with Store(Path(folder) / "fuzz.sqlite") as store, store.transaction() as tx:
            if tx.sql.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                counts.findings.append("the file is damaged")
    return counts


class _Player:
    """Plays one episode."""

    def __init__(
        self, emulator: EmulatorProcess, seed: int, episode: int, counts: Counts, show: Print, *, trace: bool
    ) -> None:
        self._emulator, self._seed, self._counts = emulator, seed, counts
        self._show, self._trace = show, trace
        self._choice = random.Random(f"{seed}/{episode}")
        self._host = f"127.0.0.1:{emulator.port}".encode()
        cpu_time = partial(cpu_seconds, emulator.process.pid)
        self._connection = Connection("127.0.0.1", emulator.port, _PATIENCE, cpu_time)
        self._world = World()
        self._etags: set[str] = set()
        self._number = episode * EPISODE

    def play(self, numbers: Iterable[int]) -> None:
        """Bring the emulator to the beginning, send the requests, and check what is left."""
        self._begin()
        for number in numbers:
            self._number = number
            request = build(self._choice, self._world, self._host)
            answer = self._connection.send(request.message)
            self._counts.add(request.route, answer)
            if self._trace:
                self._show(
                    f"{number}: {request.message.encoded()[:400]!r} -> {answer.status} {answer.body[:200]!r}"
                )
            for problem in judge.problems(request, answer, self._world):
                self._found(problem, request.message)
            self._learn(request, answer)
            self._check_process(request.message)
            if not self._emulator.is_alive:
                return
            if number % _CHECK_EVERY == _CHECK_EVERY - 1:
                self._check_invariants()
        self._check_invariants()
        self._connection.close()

    def _begin(self) -> None:
        self._own("DELETE", "/faults")
        self._own("PUT", "/behaviour", {"profile": "strict", "seed": self._number})
        self._own("POST", "/reset")
        self._own("PUT", "/clock", {"now": BEGIN})
        self._login()
        seed = bodies.seed(random.Random("begin"), self._world) | {"clock": BEGIN, "sandbox": "prod"}
        self._own("POST", "/seed", seed)
        self._learn_everything()
        self._world.snapshot = self._own("GET", "/snapshot")

    def _own(self, method: str, path: str, body: Any = None) -> Any:
        """Send a valid request to the emulator's own paths, which must succeed; the body of its response."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = [(b"host", self._host)]
        message = Message(method.encode(), f"/_emulator{path}".encode(), headers, content)
        answer = self._connection.send(message)
        self._check_process(message)
        if not 200 <= answer.status < 300:
            self._found(f"a valid request got {answer.status} {answer.body[:300]!r}", message)
            return {}
        return judge.parsed(answer) if answer.body else {}

    def _login(self) -> None:
        form = f"client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}&scope={SCOPES}"
        form += "&grant_type=client_credentials"
        headers = [(b"host", self._host), (b"content-type", b"application/x-www-form-urlencoded")]
        answer = self._connection.send(Message(b"POST", b"/ims/token/v3", headers, form.encode()))
        document = judge.parsed(answer)
        if answer.status == 200 and isinstance(document, dict):
            self._world.token = str(document.get("access_token", ""))

    def _learn(self, request: Request, answer: Answer) -> None:
        document = judge.parsed(answer)
        method, target = request.message.method, request.message.target.partition(b"?")[0]
        done = 200 <= answer.status < 300
        if isinstance(document, dict) and request.collection and done:
            self._learn_entities(method, document, request)
        if target == b"/_emulator/snapshot" and method == b"GET" and done:
            self._world.snapshot = document
        changes = target.startswith((b"/_emulator/snapshot", b"/_emulator/behaviour", b"/_emulator/faults"))
        if method != b"GET" and (changes or target in (b"/_emulator/reset", b"/")):
            self._refresh()
        if done and method != b"GET" and target in (b"/_emulator/reset", b"/_emulator/snapshot"):
            self._login()
            self._learn_everything()
        moves = target in (b"/_emulator/clock", b"/_emulator/seed", b"/_emulator/reset", b"/")
        if answer.status == 401 or (method != b"GET" and (changes or moves)):
            self._login()

    def _learn_entities(self, method: bytes, document: dict[str, Any], request: Request) -> None:
        world = self._world
        listed = document.get("items")
        for shown in listed if isinstance(listed, list) else [document]:
            world.learn(request.collection, shown)
        if method in (b"POST", b"PATCH") and isinstance(document.get("etag"), str):
            if document["etag"] in self._etags:
                self._found(f"the etag {document['etag']} was given twice", request.message)
            self._etags.add(document["etag"])
        links = document.get("_links")
        href = links.get("next", {}).get("href", "") if isinstance(links, dict) else ""
        if "continuationToken=" in href:
            world.page_token = href.rpartition("continuationToken=")[2]

    def _learn_everything(self) -> None:
        """Learn the ids and etags of what there is, after what there was has been replaced."""
        self._world.forget_all()
        for collection in COLLECTIONS:
            for shown in self._everything(collection, "prod"):
                self._world.learn(collection, shown)

    def _refresh(self) -> None:
        """Read the faults and the switches, and remove faults that would hide or delay what is looked for."""
        faults = self._own("GET", "/faults").get("items", [])
        kept: list[dict[str, Any]] = []
        for fault in faults:
            late = fault["kind"] == "latency" and fault.get("seconds", 0) > _LONGEST_LATENCY
            if late or (fault["kind"] == "status" and fault.get("status") == 500) or len(kept) > 6:
                self._own("DELETE", f"/faults/{fault['id']}")
            else:
                kept.append(fault)
        self._world.faults = kept
        switches = self._own("GET", "/behaviour").get("switches", {})
        self._world.echo = switches.get("secrets") == "echo"

    def _check_invariants(self) -> None:
        """Every list works in every sandbox, every flow has its connections, and the page is drawn."""
        self._own("DELETE", "/faults")
        self._world.faults = []
        self._login()
        for sandbox in ("prod", "dev"):
            listed = {name: self._everything(name, sandbox) for name in reversed(COLLECTIONS)}
            sources = {each["id"] for each in listed["sourceConnections"]}
            targets = {each["id"] for each in listed["targetConnections"]}
            for flow in listed["flows"]:
                if flow["state"] == "delete-finalizing":
                    continue
                if (
                    flow["sourceConnectionIds"][0] not in sources
                    or flow["targetConnectionIds"][0] not in targets
                ):
                    self._found(f"the flow {flow['id']} has lost a connection", None)
        self._learn_everything()
        for path in ("/state", "/snapshot", "/requests"):
            self._own("GET", path)

    def _everything(self, collection: str, sandbox: str) -> list[dict[str, Any]]:
        headers = [
            (b"host", self._host),
            (b"authorization", b"Bearer " + self._world.token.encode()),
            (b"x-api-key", CLIENT_ID.encode()),
            (b"x-gw-ims-org-id", ORGANIZATION_ID.encode()),
            (b"x-sandbox-name", sandbox.encode()),
        ]
        found: list[dict[str, Any]] = []
        path = f"/{collection}?limit=100"
        while path and len(found) < 500:
            target = f"/data/foundation/flowservice{path}".encode()
            answer = self._connection.send(Message(b"GET", target, headers))
            self._check_process(None)
            document = judge.parsed(answer)
            if answer.status != 200 or not isinstance(document, dict):
                if not self._world.faults:
                    self._found(f"the list {path} is {answer.status}: {answer.body[:300]!r}", None)
                break
            found += document["items"]
            path = document["_links"].get("next", {}).get("href", "")
        return found

    def _check_process(self, message: Message | None) -> None:
        traceback = self._emulator.new_traceback()
        if traceback:
            self._found(f"a traceback: {traceback}", message)
        if not self._emulator.is_alive:
            self._found("the process has ended", message)

    def _found(self, problem: str, message: Message | None) -> None:
        sent = "" if message is None else f"\n    after {message.encoded()[:600]!r}"
        again = f"python -m tests.fuzz.emulator --seed {self._seed} --only {self._number}"
        line = f"{self._number}: {problem}{sent}\n    again: {again}"
        self._counts.findings.append(line)
        self._show(line)


def timed(seed: int, numbers: range, print_line: Print, *, trace: bool = False) -> tuple[Counts, float]:
    """Run a campaign, and return its counts and its seconds."""
    begun = time.monotonic()
    return run(seed, numbers, print_line, trace=trace), time.monotonic() - begun
