"""Where files go: Adobe's layout, the folder template's macros, and never outside the export folder."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_emulator.exports import folders
from flow_emulator.exports.folders import OutsideFolderError
from tests.unit.flow_emulator.exports.export_session import (
    OTHER_DATASET,
    add,
    at,
    make_flow,
    runs,
    write_to,
    written,
)
from tests.unit.flow_emulator.session import DATASET, SCHEDULE, Session

TIME = "203003171800"
MOMENT = datetime(2030, 3, 17, 18, 5, 9, 42_000, tzinfo=UTC)


@pytest.mark.rule("export-layout")
@pytest.mark.parametrize(
    ("destination", "place"),
    [
        ("amazon_s3", "acme-aep/exports/orders"),
        ("amazon_s3_role", "acme-aep"),
        ("azure_blob", "aep-exports/orders"),
        ("adls_gen2", "exports/orders"),
        ("data_landing_zone", "dlz-emulated-prod/dlz-destination/orders"),
        ("google_cloud_storage", "acme_aep/exports/%SEGMENT_NAME%"),
        ("sftp_password", "sftp.example.org/exports/orders"),
        ("sftp_key", "sftp.example.org/exports/orders"),
    ],
)
def test_the_layout_of_every_destination(
    session: Session, tmp_path: Path, destination: str, place: str
) -> None:
    """Bucket, container, host or landing zone, then the path, then dataset and time of the export."""
    write_to(session, tmp_path)
    make_flow(session, destination)
    add(session, {"n": 1})
    at(session, 0)
    (file,) = written(tmp_path)
    folder, _, name = file.rpartition("/")
    # The schedule starts at 18:00 of that day.
    assert folder == f"{place}/{DATASET}/exportTime={TIME}"
    assert re.fullmatch(r"part-00000-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-c000\.json\.gz", name)


@pytest.mark.rule("file-endings")
@pytest.mark.parametrize(
    ("kind", "compression", "ending"),
    [("JSON", "GZIP", ".json.gz"), ("PARQUET", "GZIP", ".gz.parquet"), ("PARQUET", "NONE", ".parquet")],
)
def test_the_endings(session: Session, tmp_path: Path, kind: str, compression: str, ending: str) -> None:
    """The name has the endings of file type and compression, as in the tutorial."""
    write_to(session, tmp_path)
    make_flow(session, params={"datasetFileType": kind, "compression": compression})
    add(session, {"n": 1})
    at(session, 0)
    (file,) = written(tmp_path)
    assert file.endswith(f"-c000{ending}")


@pytest.mark.rule("folder-template")
@pytest.mark.parametrize(
    ("template", "folder"),
    [
        ("%DATASET_ID%/%EXPORT_TIME%", f"{DATASET}/exportTime={TIME}"),
        ("%DESTINATION%_%DATASET_ID%_%DATETIME(YYYYMMdd_HHmmss)%", f"Amazon S3_{DATASET}_20300317_180000"),
        ("%DATASET_NAME%/day=%DATETIME(yyyy-MM-dd)%", "Orders_of_all/day=2030-03-17"),
        ("%DESTINATION_NAME%/%SANDBOX_NAME%", "Amazon S3/prod"),
        ("%ORGANIZATION_NAME%", "EMULATOR0000000000000000@AdobeOrg"),
        ("%DESTINATION_INSTANCE_NAME%/%DESTINATION_INSTANCE_ID%", "nightly/<flow>"),
        ("/", ""),
        ("//plain//%DATASET_ID%/", f"plain/{DATASET}"),
        ("../../%DATASET_ID%/..", f"%2E%2E/%2E%2E/{DATASET}/%2E%2E"),
    ],
)
def test_templates(session: Session, tmp_path: Path, template: str, folder: str) -> None:
    """Each documented macro is filled in; slashes make folders, also the only one, which makes none."""
    write_to(session, tmp_path)
    schedule = SCHEDULE | {"foldernameTemplate": template}
    flow = make_flow(session, datasets=((DATASET, "Orders/of/all"),), name="nightly", scheduleParams=schedule)
    add(session, {"n": 1})
    at(session, 0)
    assert runs(session, flow)[0]["state"] == "success"
    (file,) = written(tmp_path)
    expected = "/".join(filter(None, ("acme-aep/exports/orders", folder.replace("<flow>", flow))))
    assert file.rpartition("/")[0] == expected


@pytest.mark.rule("manifest")
def test_one_folder_for_all(session: Session, tmp_path: Path) -> None:
    """With the template / the files of all datasets lie side by side, with one manifest for them."""
    write_to(session, tmp_path)
    make_flow(
        session,
        datasets=((DATASET, "Orders"), (OTHER_DATASET, "Returns")),
        params={"includeFileManifest": True},
        scheduleParams=SCHEDULE | {"folderNameTemplate": "/"},
    )
    add(session, {"n": 1})
    add(session, {"r": 1}, dataset=OTHER_DATASET)
    at(session, 0)
    assert [place.rpartition("/")[0] for place in written(tmp_path)] == ["acme-aep/exports/orders"] * 3
    assert sum("manifest-" in place for place in written(tmp_path)) == 1


@pytest.mark.rule("folder-template")
@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("YYYYMMdd_HHmmss", "20300317_180509"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSS", "2030-03-17'T'18:05:09.042"),
        ("YYYY/MM/DD", "2030_03_17"),
        ("yy hh", "30 06"),
    ],
)
def test_dates_in_templates(pattern: str, text: str) -> None:
    """The letters are Java's, with Adobe's YYYY for the year; a slash inside a macro makes no folder."""
    assert folders.render(f"%DATETIME({pattern})%", {}, MOMENT) == text


def test_an_unknown_macro_stays() -> None:
    """What is no macro is kept as it is, and a value is not read as a template."""
    values = {"DATASET_NAME": "%DATASET_ID%", "DATASET_ID": "id"}
    rendered = folders.render("%COLOUR%/%DATASET_NAME%/100%", values, MOMENT)
    assert rendered == "%COLOUR%/%DATASET_ID%/100%"


@pytest.mark.parametrize(
    ("destination", "params", "account"),
    [
        ("amazon_s3", {"path": "../../../escaped"}, None),
        ("adls_gen2", {"path": "/../..//escaped/.."}, {"url": "abfss://..@acme.dfs.core.windows.net"}),
        ("adls_gen2", {"path": "orders\\..\\escaped"}, {"url": "../../escaped"}),
        ("data_landing_zone", {"path": "/etc/../../escaped"}, None),
        ("sftp_password", {"remotePath": "/../../../escaped"}, {"domain": ".."}),
        ("sftp_password", {"remotePath": "a\x00b\nc"}, {"domain": "../../escaped"}),
    ],
)
def test_no_place_leads_out(
    session: Session, tmp_path: Path, destination: str, params: dict[str, Any], account: Any
) -> None:
    """Dots, slashes and control characters in bucket, host or path stay inside the export folder."""
    root = tmp_path / "a/b/c/root"
    write_to(session, root)
    flow = make_flow(session, destination, params=params, account=account)
    add(session, {"n": 1})
    at(session, 0)
    assert runs(session, flow)[0]["state"] == "success"
    assert len(written(root)) == 1
    assert len(written(tmp_path)) == 1


def test_a_link_that_leads_out_is_not_followed(session: Session, tmp_path: Path) -> None:
    """A link in the export folder that leads elsewhere fails the run."""
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    elsewhere.mkdir()
    write_to(session, root)
    (root / "acme-aep").symlink_to(elsewhere)
    flow = make_flow(session)
    add(session, {"n": 1})
    at(session, 0)
    (error,) = runs(session, flow)[0]["metrics"]["statusSummary"]["errors"]
    assert error["message"].endswith("is outside the export folder.")
    assert written(elsewhere) == []
    with pytest.raises(OutsideFolderError):
        folders.inside(root, ["acme-aep"])


@given(
    st.lists(st.text(max_size=12) | st.sampled_from(["..", ".", "/", "\\", "a/..", "...", "~"]), max_size=6)
)
def test_names_of_every_kind_are_harmless(texts: list[str]) -> None:
    """Whatever is given, each part is one folder name, and all together never lead upwards."""
    parts = folders.segments(*texts)
    for part in parts:
        assert part not in ("", ".", "..")
        assert not set(part) & set("/\\\x00")
    joined = os.path.normpath(Path("/root", *parts))
    assert joined == "/root" + "".join(f"/{part}" for part in parts)
