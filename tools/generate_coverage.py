"""Makes `flow_emulator/COVERAGE.md`: what the emulator does, how that is known, and which tests show it.

    python -m tools.generate_coverage             # writes it from the code and from what the tests saw last
    python -m tools.generate_coverage --check     # ends with 1 when the committed one differs
    python -m tools.generate_coverage --record    # first runs the tests and lets them say what they saw

Operations, refusals and switches are matched with tests by what the tests really saw; a test that sees less
than the page says fails. Rules are matched by the marker `rule`, which the author of a test gives.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from flow_emulator import errors
from flow_emulator.behaviour.switches import switches
from flow_emulator.http.paths import FLOW_SERVICE
from flow_emulator.http.routing import Route
from flow_emulator.service.routes import OPERATIONS, SERVICE_ROUTES, UnsupportedOperation
from tools import emulator_evidence

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "flow_emulator" / "COVERAGE.md"
TESTS: Final = ROOT / "tests" / "unit" / "flow_emulator"
OBSERVED: Final = TESTS / "coverage.json"
MAX_TESTS: Final = 3
# The folders of tests of what Flow Service does, apart from what only the emulator does.
SERVICE_ROOMS: Final = ("exports", "http", "models", "service", "specs")
NONE: Final = "**none**"

INTRODUCTION: Final = """\
# What the emulator plays, and how that is known

Made by `python -m tools.generate_coverage`; don't edit it by hand. What differs from Adobe stands in
`docs/emulator.md`.

Nobody gave us an account to compare with. So each line says where its fact comes from:

{kinds}

The tests beside an operation, a refusal or a switch saw it: they fail when they see it no more. At most
{most} are named, those that show the least else. The tests beside a rule say of themselves that they prove
it. `flows.a_wrong_flow` is `test_a_wrong_flow` in `tests/unit/flow_emulator/models/flows/test_flows.py`.

Paths are below `/data/foundation/flowservice` where they don't begin with `/data` or `/ims`.
"""

Observed = Mapping[str, Sequence[str]]


def page(observed: Observed, tests_by_rule: Mapping[str, Sequence[str]]) -> str:
    """The whole page, from what the tests saw and which rules they prove."""
    kinds = "\n".join(f"* **{kind}**: {meaning}." for kind, meaning in emulator_evidence.KINDS.items())
    return "\n".join(
        [
            INTRODUCTION.format(kinds=kinds, most=MAX_TESTS),
            "## Operations\n",
            _table(("Operation", "Request", "Evidence", "Source", "Tests"), _operations(observed)),
            "## Known and not played\n",
            "These answer 501 with a sentence, after the gateway's checks.\n",
            _table(("Operation", "Request", "Sentence", "Tests"), _unsupported(observed)),
            "Parts of operations that are played otherwise:\n",
            _table(("Request", "What it is"), emulator_evidence.UNSUPPORTED_PARTS),
            "## Refusals\n",
            _table(("Refusal", "When", "Evidence", "Source", "Tests"), _errors(observed)),
            "## Rules\n",
            _table(("Rule", "Evidence", "Source", "Tests"), _rules(tests_by_rule)),
            "## Switches\n",
            "What each is for stands in `docs/emulator.md`. These tests change it from its default.\n",
            _table(("Switch", "Default", "Tests"), _switches(observed)),
        ]
    )


def proven_rules(folder: Path = TESTS) -> dict[str, list[str]]:
    """The tests that carry the marker ``rule``, by the rule's name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for name in _marked(node):
                    found[name].append(f"{path.name}::{node.name}")
    return dict(found)


def choose_tests(records: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """For each thing that was seen, the tests that show it and the least else; one for each function."""
    observed_by: dict[str, dict[str, tuple[bool, int, str]]] = defaultdict(dict)
    for record in records:
        # The tests of Flow Service's own behaviour come first.
        other = not any(f"/{room}/" in record["test"] for room in SERVICE_ROOMS)
        rank = (other, len(record["seen"]), record["test"])
        for key in record["seen"]:
            function = record["test"].partition("[")[0]
            observed_by[key][function] = min(rank, observed_by[key].get(function, rank))
    return {
        key: [test for *_, test in sorted(ranks.values())[:MAX_TESTS]]
        for key, ranks in sorted(observed_by.items())
    }


def record() -> dict[str, list[str]]:
    """Run the tests of the emulator and let them say what they saw."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seen.ndjson"
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", str(TESTS.relative_to(ROOT))],
            cwd=ROOT,
            env={**os.environ, "FLOWBRIDGE_RECORD_COVERAGE": str(file)},
            check=False,
        )
        if ended.returncode:
            print("Some tests fail; what they saw until then is recorded too.", file=sys.stderr)
        return choose_tests(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())


def main(arguments: Sequence[str]) -> int:
    """Write or compare; 1 when the committed page or record differs, or names what does not exist."""
    if "--record" in arguments:
        OBSERVED.write_text(json.dumps(record(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    observed: Observed = json.loads(OBSERVED.read_text(encoding="utf-8"))
    problems = list(_problems(observed, proven_rules()))
    for problem in problems:
        print(problem, file=sys.stderr)
    made = page(observed, proven_rules())
    if "--check" not in arguments:
        PAGE.write_text(made, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
        print(f"{PAGE.relative_to(ROOT)} is not what would be made: run `make generate`.", file=sys.stderr)
        return 1
    return int(bool(problems))


def _problems(observed: Observed, tests_by_rule: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What the tables, the code and the tests don't agree about."""
    for name in sorted(set(OPERATIONS) ^ set(emulator_evidence.OPERATIONS)):
        yield f"tools/emulator_evidence.py: the operation {name} is not in both tables"
    for name in sorted(set(tests_by_rule) - set(emulator_evidence.RULES)):
        yield f"{tests_by_rule[name][0]}: there is no rule {name} in tools/emulator_evidence.py"
    functions = {f"{path.name}::{name}" for path in TESTS.rglob("test_*.py") for name in _functions(path)}
    for key, tests in observed.items():
        for test in tests:
            if _short(test) not in functions:
                yield f"coverage.json: {key}: there is no test {test}: record anew"


def _operations(observed: Observed) -> Iterator[tuple[str, ...]]:
    for route in SERVICE_ROUTES:
        name = route.operation or ""
        if not isinstance(route.handler, UnsupportedOperation):
            known = emulator_evidence.OPERATIONS[name]
            # What is always refused has been seen when its refusal was.
            tests = observed.get(f"operation {name}") or observed.get(f"refused {name}", ())
            yield name, _request(route), known.kind, known.source, _names(tests)


def _unsupported(observed: Observed) -> Iterator[tuple[str, ...]]:
    for route in SERVICE_ROUTES:
        if isinstance(route.handler, UnsupportedOperation):
            tests = observed.get(f"refused {route.operation}", ())
            yield route.operation or "", _request(route), route.handler.sentence, _names(tests)


def _request(route: Route) -> str:
    return f"`{route.method} {route.path.removeprefix(FLOW_SERVICE)}`"


def _errors(observed: Observed) -> Iterator[tuple[str, ...]]:
    kinds = sorted(
        (f"FLOW-{kind.number}-{kind.default_status}", kind.title)
        for kind in _flow_errors(errors.FlowServiceError)
    )
    for code, title in dict(kinds).items():
        known = emulator_evidence.FLOW_CODES.get(code, emulator_evidence.PUBLISHED_CODE)
        tests = _names(observed.get(f"refusal {code}", ()))
        if code in emulator_evidence.NEVER_SENT:
            tests = f"never sent: {emulator_evidence.NEVER_SENT[code]}"
        yield f"`{code}`", title, known.kind, known.source, tests
    for name, rule in emulator_evidence.OTHER_ERRORS.items():
        tests = _names(observed.get(f"refusal {name}", ()))
        yield f"`{name}`", rule.sentence, rule.evidence.kind, rule.evidence.source, tests


def _flow_errors(kind: type[errors.FlowServiceError]) -> Iterator[type[errors.FlowServiceError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _flow_errors(each)


def _rules(tests_by_rule: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    for name, rule in emulator_evidence.RULES.items():
        yield rule.sentence, rule.evidence.kind, rule.evidence.source, _names(tests_by_rule.get(name, ()))


def _switches(observed: Observed) -> Iterator[tuple[str, ...]]:
    for switch in switches():
        yield f"`{switch.name}`", f"`{switch.default}`", _names(observed.get(f"switch {switch.name}", ()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    lines += [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _names(tests: Sequence[str]) -> str:
    shown = dict.fromkeys(
        f"`{_short(test).removeprefix('test_').replace('.py::test_', '.')}`" for test in tests
    )
    return ", ".join(list(shown)[:MAX_TESTS]) or NONE


def _short(test: str) -> str:
    """A test's file and function, without folder and parameters."""
    return test.partition("[")[0].rpartition("/")[2]


def _functions(path: Path) -> Iterator[str]:
    return (
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    )


def _marked(node: ast.FunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr="rule"), args=[ast.Constant(value=str(name))]):
                yield name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
