"""Due runs write files: which rows, in which files, with which numbers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.exports import export_files, parquet, run_export
from flow_emulator.models.flows import runs as model
from tests.unit.flow_emulator.exports.export_session import (
    HOUR,
    OTHER_DATASET,
    add,
    all_rows,
    at,
    make_flow,
    rows_of,
    runs,
    write_to,
    written,
)
from tests.unit.flow_emulator.session import DATASET, SCHEDULE, START, Session

NewSession = Callable[..., Session]
ONCE = {"exportMode": "DAILY_FULL_EXPORT", "timeUnit": "day", "interval": 0, "startTime": START}


@pytest.mark.rule("first-full")
def test_first_everything_then_what_is_new(session: Session, tmp_path: Path) -> None:
    """The first run exports all rows, each later one those that came since, and an empty one no file."""
    write_to(session, tmp_path)
    flow = make_flow(session)
    add(session, {"n": 1}, {"n": 2})
    at(session, 0)
    (first,) = tmp_path.rglob("*.json.gz")
    assert rows_of(first) == [{"n": 1}, {"n": 2}]

    at(session, 2 * HOUR)
    add(session, {"n": 3})
    at(session, 3 * HOUR)
    (second,) = set(tmp_path.rglob("*.json.gz")) - {first}
    assert rows_of(second) == [{"n": 3}]

    at(session, 6 * HOUR)
    assert len(written(tmp_path)) == 2
    counts = [run["metrics"]["recordSummary"]["outputRecordCount"] for run in runs(session, flow)]
    assert counts == [2, 1, 0]
    assert runs(session, flow)[2]["metrics"]["fileSummary"]["outputFileCount"] == 0


@pytest.mark.rule("no-row-lost")
def test_nothing_is_lost_while_the_clock_is_stopped(session: Session, tmp_path: Path) -> None:
    """Rows that come at the very time of a run, but after it, are in the next one; none comes twice."""
    write_to(session, tmp_path)
    flow = make_flow(session)
    session.set_clock("2030-03-17T18:00:00Z")
    add(session, {"n": 1})
    session.set_clock("2030-03-17T21:00:00Z")
    assert [row["n"] for row in all_rows(tmp_path)] == [1]
    add(session, {"n": 2})
    add(session, {"n": 3}, at="2030-03-17T19:00:00Z")
    add(session, {"n": 4}, at="2030-03-18T00:00:01Z")
    session.set_clock("2030-03-18T00:00:00Z")
    assert sorted(row["n"] for row in all_rows(tmp_path)) == [1, 2, 3]
    session.set_clock("2030-03-18T03:00:00Z")
    assert sorted(row["n"] for row in all_rows(tmp_path)) == [1, 2, 3, 4]
    assert len(runs(session, flow)) == 4


@pytest.mark.rule("no-row-lost")
def test_every_run_of_a_long_move_has_its_rows(session: Session, tmp_path: Path) -> None:
    """When the clock jumps over several runs, each of them exports what had come in by its own time."""
    write_to(session, tmp_path)
    make_flow(session)
    for hour, number in ((0, 1), (2, 2), (5, 3)):
        session.millis = (START + hour * HOUR - 1) * 1000
        add(session, {"n": number})
    at(session, 7 * HOUR)
    assert [[row["n"] for row in rows_of(path)] for path in sorted(tmp_path.rglob("*.json.gz"))] == [
        [1],
        [2],
        [3],
    ]


@pytest.mark.rule("first-full")
def test_a_one_time_export_has_everything(session: Session, tmp_path: Path) -> None:
    """A full export writes all rows, whatever another flow had exported before."""
    write_to(session, tmp_path / "out")
    make_flow(session)
    add(session, {"n": 1})
    at(session, 0)
    once = make_flow(session, params={"path": "once"}, scheduleParams=ONCE)
    at(session, 1)
    assert [row["n"] for row in all_rows(tmp_path / "out/acme-aep/once")] == [1]
    assert runs(session, once)[0]["metrics"]["recordSummary"]["outputRecordCount"] == 1


@pytest.mark.rule("run-counts")
@pytest.mark.parametrize("parquet", [False, True])
def test_the_numbers_are_those_of_the_files(session: Session, tmp_path: Path, parquet: bool) -> None:
    """Records, bytes and files of the metrics are counted from the files, dataset by dataset."""
    write_to(session, tmp_path)
    form = {"datasetFileType": "PARQUET", "compression": "NONE"} if parquet else {}
    flow = make_flow(session, datasets=((DATASET, "Orders"), (OTHER_DATASET, "Returns")), params=form)
    add(session, {"n": 1}, {"n": 2})
    add(session, {"r": "ü"}, dataset=OTHER_DATASET)
    at(session, 0)

    metrics = runs(session, flow)[0]["metrics"]
    places = [tmp_path / place for place in written(tmp_path)]
    assert len(places) == metrics["fileSummary"]["outputFileCount"] == 2
    assert sum(path.stat().st_size for path in places) == metrics["sizeSummary"]["outputBytes"]
    assert metrics["sizeSummary"]["inputBytes"] == len(b'{"n":1}\n{"n":2}\n{"r":"\xc3\xbc"}\n')
    (source,) = metrics["recordSummary"]["sourceSummaries"]
    assert source["entitySummaries"] == [
        {"id": f"dataset:{DATASET}", "inputRecordCount": 2},
        {"id": f"dataset:{OTHER_DATASET}", "inputRecordCount": 1},
    ]
    assert metrics["recordSummary"]["outputRecordCount"] == 3
    assert metrics["statusSummary"] == {"status": "success", "errors": []}


@pytest.mark.rule("run-counts")
def test_large_datasets_are_several_files(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file holds a bounded number of rows, and the rows keep their order over the files."""
    monkeypatch.setattr(export_files, "ROWS_PER_FILE", 2)
    write_to(session, tmp_path)
    flow = make_flow(session)
    for number in range(3):
        add(session, {"n": number})
    at(session, 0)
    names = [path.name for path in sorted(tmp_path.rglob("*.json.gz"))]
    assert [name[:11] for name in names] == ["part-00000-", "part-00001-"]
    assert [row["n"] for row in all_rows(tmp_path)] == [0, 1, 2]
    assert runs(session, flow)[0]["metrics"]["fileSummary"]["outputFileCount"] == 2


@pytest.mark.rule("one-file")
def test_50000_records_are_one_file(session: Session, tmp_path: Path) -> None:
    """A dataset of 50,000 records, in several batches, is exported as one file."""
    write_to(session, tmp_path)
    flow = make_flow(session)
    for _ in range(5):
        add(session, *[{"n": 1}] * 10_000)
    at(session, 0)
    (file,) = tmp_path.rglob("*.json.gz")
    assert len(rows_of(file)) == 50_000
    assert runs(session, flow)[0]["metrics"]["fileSummary"]["outputFileCount"] == 1


@pytest.mark.rule("manifest")
def test_the_manifest_lists_the_files_beside_it(session: Session, tmp_path: Path) -> None:
    """With includeFileManifest each folder has a manifest in Adobe's shape; an empty run has none."""
    write_to(session, tmp_path)
    two = ((DATASET, "Orders"), (OTHER_DATASET, "Returns"))
    flow = make_flow(session, datasets=two, params={"includeFileManifest": True})
    add(session, {"n": 1})
    add(session, {"r": 1}, dataset=OTHER_DATASET)
    at(session, 3 * HOUR)

    first, empty = runs(session, flow)
    manifests = sorted(tmp_path.rglob("manifest-*"))
    assert [path.name for path in manifests] == [f"manifest-{flow}-{first['id']}.json"] * 2
    for path, dataset in zip(manifests, (DATASET, OTHER_DATASET), strict=True):
        (file,) = path.parent.glob("*.json.gz")
        assert json.loads(path.read_bytes()) == {
            "flowRunId": first["id"],
            "scheduledTime": "2030-03-17T18:00:00Z",
            "exportResults": [
                {
                    "sinkPath": f"/exports/orders/{dataset}/exportTime=203003171800",
                    "name": file.name,
                    "size": file.stat().st_size,
                }
            ],
        }
    assert first["metrics"]["fileSummary"]["outputFileCount"] == 2
    assert empty["metrics"]["statusSummary"]["status"] == "success"


def test_a_run_that_is_made_again_overwrites_its_files(session: Session, tmp_path: Path) -> None:
    """A run whose transaction is lost after its files were written is made again under the same names."""
    write_to(session, tmp_path)
    flow = make_flow(session, params={"includeFileManifest": True})
    add(session, {"n": 1})
    session.millis = START * 1000

    class PowerCutError(Exception):
        """Simulates the end of the process."""

    def run_and_lose() -> None:
        with session.store.transaction() as tx:
            assert model.advance(session.app.state.engine, tx, session.millis) == 1
            raise PowerCutError

    with pytest.raises(PowerCutError):
        run_and_lose()
    before = written(tmp_path)
    assert len(before) == 2

    at(session, 0)
    assert written(tmp_path) == before
    assert before[0].endswith(f"manifest-{flow}-{runs(session, flow)[0]['id']}.json")
    assert [row["n"] for row in all_rows(tmp_path)] == [1]


@pytest.mark.rule("failed-run")
def test_a_run_that_cannot_write_fails(session: Session, tmp_path: Path) -> None:
    """The run says why, leaves no file, and the next one has its rows too."""
    write_to(session, tmp_path / "out")
    flow = make_flow(session, params={"includeFileManifest": True})
    add(session, {"n": 1})
    (tmp_path / "out/acme-aep").write_text("a file where a folder should be")
    at(session, 0)
    (failed,) = runs(session, flow)
    assert failed["state"] == "failed"
    status = failed["metrics"]["statusSummary"]
    assert status["status"] == "failed"
    assert status["errors"][0]["code"] == "EMU-1001-500"
    assert status["errors"][0]["message"].startswith("The files cannot be written: ")
    assert failed["metrics"]["recordSummary"]["outputRecordCount"] == 0
    assert session.item(f"/flows/{flow}")["lastRunDetails"]["state"] == "failed"
    assert written(tmp_path / "out") == ["acme-aep"]

    (tmp_path / "out/acme-aep").unlink()
    at(session, 3 * HOUR)
    assert [run["state"] for run in runs(session, flow)] == ["failed", "success"]
    assert [row["n"] for row in all_rows(tmp_path)] == [1]


def test_half_a_run_leaves_nothing(session: Session, tmp_path: Path) -> None:
    """When the second dataset cannot be written, the first one's files are not there either."""
    write_to(session, tmp_path)
    flow = make_flow(session, datasets=((DATASET, "Orders"), (OTHER_DATASET, "Returns")))
    add(session, {"n": 1})
    add(session, {"r": 1}, dataset=OTHER_DATASET)
    (tmp_path / "acme-aep/exports/orders").mkdir(parents=True)
    (tmp_path / "acme-aep/exports/orders" / OTHER_DATASET).write_text("in the way")
    at(session, 0)
    assert runs(session, flow)[0]["state"] == "failed"
    assert written(tmp_path) == [f"acme-aep/exports/orders/{OTHER_DATASET}"]


def test_without_pyarrow_a_parquet_run_says_what_to_install(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A JSON export works without pyarrow; a Parquet run fails with the command that installs it."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    write_to(session, tmp_path)
    json_flow = make_flow(session)
    parquet_flow = make_flow(session, params={"datasetFileType": "PARQUET"})
    add(session, {"n": 1})
    at(session, 0)
    assert runs(session, json_flow)[0]["state"] == "success"
    (error,) = runs(session, parquet_flow)[0]["metrics"]["statusSummary"]["errors"]
    assert error["message"] == parquet.INSTALL
    assert "pip install 'aep-flowbridge[emulator-data]'" in error["message"]
    assert len(written(tmp_path)) == 1


def test_without_a_folder_nothing_is_written(session: Session, tmp_path: Path) -> None:
    """Without an export folder the numbers are made up; a reset keeps the folder and forgets the rows."""
    flow = make_flow(session)
    add(session, {"n": 1})
    at(session, 0)
    assert runs(session, flow)[0]["metrics"]["recordSummary"]["outputRecordCount"] >= 1000

    write_to(session, tmp_path)
    session.raw("POST", "/_emulator/reset")
    with session.store.transaction() as tx:
        assert run_export.folder(tx) == tmp_path
    assert session.raw("GET", f"/_emulator/datasets/{DATASET}/rows").json()["rows"] == 0


def test_a_run_under_way_hides_its_counts(new_session: NewSession, tmp_path: Path) -> None:
    """A run that takes time has its files at its start and its outcome at its end."""
    session = new_session(Behaviour(run_duration_seconds=60))
    write_to(session, tmp_path)
    flow = make_flow(session)
    add(session, {"n": 1})
    at(session, 1)
    assert runs(session, flow)[0]["state"] == "inProgress"
    at(session, 60)
    assert runs(session, flow)[0]["metrics"]["recordSummary"]["outputRecordCount"] == 1


def test_a_changed_source_starts_again(session: Session, tmp_path: Path) -> None:
    """After a change of the source connection its dataset is exported whole, the old one no more."""
    write_to(session, tmp_path)
    flow = make_flow(session)
    add(session, {"n": 1})
    add(session, {"r": 1}, dataset=OTHER_DATASET)
    at(session, 0)
    body = {
        "name": "other",
        "connectionSpec": session.item("/sourceConnections/" + _source(session, flow))["connectionSpec"],
        "params": {"datasets": [{"dataSetId": OTHER_DATASET, "name": "Returns"}]},
    }
    other = session.make("sourceConnections", body)
    replaced = {"op": "replace", "path": "/sourceConnectionIds", "value": [other]}
    assert session.patch(f"/flows/{flow}", replaced).status_code == 200
    at(session, 3 * HOUR)
    records = [
        run["metrics"]["recordSummary"]["targetSummaries"][0]["entitySummaries"]
        for run in runs(session, flow)
    ]
    assert records == [
        [{"id": f"dataset:{DATASET}", "outputRecordCount": 1}],
        [{"id": f"dataset:{OTHER_DATASET}", "outputRecordCount": 1}],
    ]


def test_the_schedule_is_the_flows(session: Session, tmp_path: Path) -> None:
    """Two flows of one dataset each keep their own place in it."""
    write_to(session, tmp_path)
    daily = SCHEDULE | {"timeUnit": "day", "interval": 1, "endTime": START + 100 * HOUR}
    frequency = make_flow(session, params={"path": "often"})
    seldom = make_flow(session, params={"path": "seldom"}, scheduleParams=daily)
    add(session, {"n": 1})
    at(session, 0)
    add(session, {"n": 2})
    at(session, 24 * HOUR)
    assert len(runs(session, frequency)) == 9
    assert len(runs(session, seldom)) == 2
    for path in ("often", "seldom"):
        assert [row["n"] for row in all_rows(tmp_path / "acme-aep" / path)] == [1, 2]


def _source(session: Session, flow: str) -> str:
    found: str = session.item(f"/flows/{flow}")["sourceConnectionIds"][0]
    return found


def test_a_snapshot_brings_rows_back_and_chooses_no_folder(
    session: Session, new_session: NewSession, tmp_path: Path
) -> None:
    """Rows are part of a snapshot; the export folder, a place on one machine, is not."""
    write_to(session, tmp_path / "here")
    add(session, {"n": 1})
    taken = session.raw("GET", "/_emulator/snapshot").json()
    other = new_session()
    write_to(other, tmp_path / "there")
    assert other.raw("PUT", "/_emulator/snapshot", json=taken).status_code == 204
    assert other.raw("GET", f"/_emulator/datasets/{DATASET}/rows").json()["rows"] == 1
    with other.store.transaction() as tx:
        assert run_export.folder(tx) == tmp_path / "there"


def test_a_live_flow_follows_its_target_or_does_not(new_session: NewSession, tmp_path: Path) -> None:
    """A changed folder of the target takes effect with the next run, or by the switch for new flows only."""
    for switch in ("follows", "stays"):
        session, folder = new_session(Behaviour(live_flow_target=switch)), tmp_path / switch
        folder.mkdir()
        write_to(session, folder)
        flow = make_flow(session)
        (target,) = session.item(f"/flows/{flow}")["targetConnectionIds"]
        change = {"op": "replace", "path": "/params/path", "value": "moved"}
        assert session.patch(f"/targetConnections/{target}", change).status_code == 200
        rename = {"op": "replace", "path": "/name", "value": "new"}
        assert session.patch(f"/flows/{flow}", rename).status_code == 200
        add(session, {"n": 1})
        at(session, 0)
        (file,) = folder.rglob("*.json.gz")
        assert ("moved" in file.parts) == (switch == "follows")
