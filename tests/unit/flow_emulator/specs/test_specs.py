"""Specs: Adobe's documents as served, and the safe forms of their patterns."""

from __future__ import annotations

import json
import random
import re
import string
import time
from pathlib import Path

import pytest

from flow_emulator.specs import patterns
from flow_emulator.specs.catalogue import SPEC_FOLDER, Catalogue
from flow_emulator.specs.patterns import GCS_BUCKET, S3_BUCKET, SEGMENT_PATH, UnsafePatternError, matches
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import LAKE, MISSING, Session, code

FILES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SPEC_FOLDER.glob("*.json")}
CONNECTION_SPECS = {spec["id"] for name, spec in FILES.items() if name.startswith("connection-")}
FLOW_SPECS = {spec["id"] for name, spec in FILES.items() if name.startswith("flow-")}
SPECS = CONNECTION_SPECS - {LAKE}
PROVIDER = "14e34fac-d307-11e9-bb65-2a2ae2dbcce4"


def test_connection_specs_are_served(session: Session) -> None:
    """Every destination and the data lake are listed, and found by id and name."""
    listed = session.get("/connectionSpecs").json()["items"]
    assert {spec["id"] for spec in listed} == CONNECTION_SPECS
    assert {spec for spec, *_ in DESTINATIONS.values()} == SPECS
    assert not any("x-emulator" in spec for spec in listed)
    found = session.get("/connectionSpecs", params={"property": "name==Amazon S3"}).json()["items"]
    assert [spec["id"] for spec in found] == [DESTINATIONS["amazon_s3"][0]]
    both = ",".join(sorted(SPECS)[:2])
    assert len(session.get("/connectionSpecs", params={"property": f"id=={both}"}).json()["items"]) == 2
    assert code(session.get(f"/connectionSpecs/{MISSING}")) == "1439-404"
    assert code(session.get("/connectionSpecs?limit=5")) == "1451-400"


def test_a_connection_spec_has_adobes_shape(session: Session) -> None:
    """A spec shows its methods, its target's schema, the published pattern and the contradictory required."""
    spec = session.item(f"/connectionSpecs/{DESTINATIONS['amazon_s3'][0]}")
    assert (spec["name"], spec["providerId"], spec["version"]) == ("Amazon S3", PROVIDER, "1.0")
    assert [(each["name"], each["type"]) for each in spec["authSpec"]] == [
        ("Access Key", "KeyBased"),
        ("Assumed Role", "S3RoleBased"),
    ]
    schema = spec["targetSpec"]["spec"]
    assert schema["required"] == ["bucketName", "path", "datasetFileType", "compression", "fileType"]
    assert schema["properties"]["path"]["pattern"] == SEGMENT_PATH
    assert schema["properties"]["datasetFileType"]["conditional"] == {
        "field": "flowSpec.attributes._workflow",
        "operator": "CONTAINS",
        "value": "DATASETS",
    }
    assert schema["properties"]["bucketName"]["uiAttributes"]["tooltip"]["id"] == (
        "platform_destinations_connect_s3_bucket"
    )
    landing_zone = session.item(f"/connectionSpecs/{DESTINATIONS['data_landing_zone'][0]}")
    assert (landing_zone["authSpec"], landing_zone["encryptionSpecs"]) == ([], [])


def test_flow_specs_are_served(session: Session) -> None:
    """Each destination has one flow spec for datasets, from the data lake to it."""
    listed = session.get("/flowSpecs").json()["items"]
    assert {spec["id"] for spec in listed} == FLOW_SPECS
    assert {(spec["id"], *spec["targetConnectionSpecIds"]) for spec in listed} == {
        (flow, spec) for spec, flow, _, _ in DESTINATIONS.values()
    }
    for spec in listed:
        assert spec["sourceConnectionSpecIds"] == [LAKE]
        assert "DATASETS" in spec["attributes"]["_workflow"]
    one = session.item(f"/flowSpecs/{DESTINATIONS['sftp_key'][1]}")
    assert session.get("/flowSpecs", params={"property": f"name=={one['name']}"}).json()["items"] == [one]
    quoted = {"property": 'attributes.isDestinationFlow="true"'}
    assert len(session.get("/flowSpecs", params=quoted).json()["items"]) == len(FLOW_SPECS)


def test_specs_and_runs_are_not_for_writing(session: Session) -> None:
    """Writes to what is Adobe's have their published codes."""
    assert code(session.post("/connectionSpecs", {"name": "x"})) == "1426-400"
    assert code(session.ask("PUT", f"/connectionSpecs/{LAKE}", json={})) == "1426-400"
    assert code(session.ask("PUT", f"/runs/{MISSING}", json={})) == "1427-400"
    assert session.post("/runs", {"flowId": MISSING}).status_code == 501


def random_text(source: random.Random, alphabet: list[str], longest: int) -> str:
    """A text of up to so many pieces."""
    return "".join(source.choices(alphabet, k=source.randrange(longest + 1)))


@pytest.mark.parametrize(
    ("published", "alphabet", "longest"),
    [
        (S3_BUCKET, list("ab19-."), 12),
        (S3_BUCKET, ["a" * 20, "b", "-", ".", "7" * 11, "A", "\n"], 6),
        (SEGMENT_PATH, [*"aZ0/!-_.*'()", "%SEGMENT_NAME%", "%SEGMENT_ID%", "/"], 12),
        (SEGMENT_PATH, [*"a/%_", "%SEGMENT_NAME%", "%SEGMENT_ID", "SEGMENT", "\n", "é", " "], 7),
        (GCS_BUCKET, list("ab19-_."), 12),
        (GCS_BUCKET, [*"go0gle", "goog", "g00gle", ".", "-", "_", "\n"], 9),
        (GCS_BUCKET, ["a" * 31, "b" * 32, "c", ".", "-", "9"], 8),
    ],
)
def test_safe_forms_accept_the_same(published: str, alphabet: list[str], longest: int) -> None:
    """On random strings the safe form decides as the published pattern does, and both ways occur."""
    source, pattern = random.Random(20260101), re.compile(published, re.ASCII)
    decisions = set()
    for _ in range(4000):
        text = random_text(source, alphabet, longest)
        expected = pattern.fullmatch(text) is not None
        assert matches(published, text) == expected, text
        decisions.add(expected)
    assert decisions == {True, False}


@pytest.mark.parametrize(
    "text",
    ["%SEGMENT_NAME%" * 20_000 + "é", "/" * 300_000 + "é", "a" * 300_000 + "é", "%SEGMENT_NAME%/" * 20_000],
)
def test_a_long_path_is_decided_at_once(text: str) -> None:
    """The published pattern would need longer than the universe has; the safe form takes no time."""
    begin = time.perf_counter()
    assert matches(SEGMENT_PATH, text) == (not text.endswith("é"))
    assert time.perf_counter() - begin < 1


PUBLISHED = {
    schema["pattern"]
    for spec in FILES.values()
    for part in [*spec.get("authSpec", []), spec.get("targetSpec", {})]
    for schema in part.get("spec", {}).get("properties", {}).values()
    if "pattern" in schema
}


@pytest.mark.parametrize("published", sorted(PUBLISHED - patterns.SAFE_FORMS.keys()))
def test_linear_patterns_are_linear(published: str) -> None:
    """A pattern that is used as published takes no time for a long text that almost matches."""
    begin = time.perf_counter()
    for piece in ("A", "a", "-", "a-", "/", string.ascii_letters):
        matches(published, piece * 20_000 + "é")
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize(
    ("published", "simple"),
    [
        ("^[a-z0-9_]{3,63}$", True),
        (r"^[A-Z]\d{4}-[^\]/]+x$", True),
        ("^[a-z]{2}[0-9]{4}$", True),
        ("^[a-z]+[a-z]+$", False),
        ("^[a-z]{0,9}[a-z]{0,9}$", False),
        ("^(a+)+$", False),
        ("^a|b$", False),
        ("^a++$", False),
    ],
)
def test_simple_patterns_need_no_safe_form(published: str, *, simple: bool) -> None:
    """A pattern without groups and with one repetition of varying length is used as published."""
    assert patterns.is_simple(published) == simple


def test_a_spec_with_an_unknown_pattern_fails_at_start(tmp_path: Path) -> None:
    """A spec whose pattern has no safe form is refused when the emulator starts, naming the pattern."""
    for path in SPEC_FOLDER.glob("*.json"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    Catalogue(tmp_path)
    path = tmp_path / "connection-sftp.json"
    spec = json.loads(path.read_text(encoding="utf-8"))
    spec["targetSpec"]["spec"]["properties"]["remotePath"]["pattern"] = "^(a+)+$"
    path.write_text(json.dumps(spec), encoding="utf-8")
    with pytest.raises(UnsafePatternError, match=re.escape("^(a+)+$")):
        Catalogue(tmp_path)
