"""The provider's patterns accept the same texts as Adobe's, in linear time.

The published forms are those of Adobe's tutorial "Export datasets by using the Flow Service API" (2023),
decoded from its JSON.
"""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from provider_shim.destinations import DESTINATIONS

FOLDER = r"""^[0-9a-zA-Z/\!\-_\.\*\''\(\)]*((\%SEGMENT_(NAME|ID)\%)?/?)+$"""
PUBLISHED = {
    ("amazon_s3", "s3_access_key"): r"^[A-Z2-7]{20}$",
    ("amazon_s3", "s3_secret_key"): r"^[A-Za-z0-9/\+]{40}$",
    ("amazon_s3", "bucket_name"): r"(?=^.{3,63}$)(?!^(\d+\.)+\d+$)"
    r"(^(([a-z0-9]|[a-z0-9][a-z0-9\-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9\-]*[a-z0-9])$)",
    ("amazon_s3", "path"): FOLDER,
    ("google_cloud_storage", "path"): FOLDER,
    ("azure_blob", "container"): r"^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$",
    ("azure_blob", "path"): r"""^[0-9a-zA-Z/\!\-_\.\*\'\(\)]+$""",
    ("google_cloud_storage", "bucket_name"): r"(?!^goog.*$)(?!^.*g(o|0)(o|0)gle.*$)"
    r"(((?=^.{3,63}$)(^([a-z0-9]|[a-z0-9][a-z0-9\-_]*)[a-z0-9]$))"
    r"|((?=^.{3,222}$)(?!^(\d+\.)+\d+$)(^(([a-z0-9]{1,63}|[a-z0-9][a-z0-9\-_]{1,61}[a-z0-9])\.)*"
    r"([a-z0-9]{1,63}|[a-z0-9][a-z0-9\-_]{1,61}[a-z0-9])$)))",
}
TUTORIAL = {"amazon_s3", "azure_blob", "adls_gen2", "data_landing_zone", "google_cloud_storage", "sftp"}
OURS = {
    (destination.name, field.name): field.pattern
    for destination in DESTINATIONS
    for field in (*destination.credentials, *destination.location)
    if field.pattern is not None
}

BUCKETS = st.one_of(
    st.text("ab0-_.", max_size=12),
    st.lists(st.text("a0-_", max_size=3), max_size=4).map(".".join),
    st.lists(
        st.sampled_from(["goog", "g00gle", "go0gle", "gogle", "a", "1", "1.1", ".", "-", "_"]), max_size=5
    ).map("".join),
    st.builds(
        lambda char, size, end: char * size + end,
        st.sampled_from("a0"),
        st.integers(0, 226),
        st.text("a-.", max_size=3),
    ),
    st.builds(
        lambda size, end: ("a" * size + ".") * 3 + end, st.integers(58, 75), st.text("a-.", max_size=3)
    ),
)
FOLDERS = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "Z",
                "0",
                "/",
                "//",
                "!",
                "-",
                "_",
                ".",
                "*",
                "'",
                "(",
                ")",
                "%SEGMENT_NAME%",
                "%SEGMENT_ID%",
            ),
            *("%", "%SEGMENT_%", "%segment_name%", "%DATASET_ID%", " ", "+", "=", "é", "\n", '"'),
        ]
    ),
    max_size=8,
).map("".join)
KEYS = st.builds(
    lambda text, size: (text * 41)[:size], st.text("AZ27018a/+-", min_size=1, max_size=5), st.integers(18, 42)
)


def published(field: tuple[str, str], text: str) -> bool:
    """Return True if Adobe's pattern matches. `$` in JavaScript matches only at the very end."""
    return not text.endswith("\n") and re.search(PUBLISHED[field], text, re.ASCII) is not None


def ours(field: tuple[str, str], text: str) -> bool:
    """Return True if the provider's pattern matches."""
    pattern = OURS[field]
    assert pattern is not None
    return re.fullmatch(pattern, text, re.ASCII) is not None


def test_all_are_compared() -> None:
    """Every pattern of the tutorial's destinations is compared; for the role Adobe publishes none."""
    assert {each for each in OURS if each[0] in TUTORIAL} - {*PUBLISHED} == {("amazon_s3", "s3_role")}
    assert {*PUBLISHED} <= {*OURS}


@pytest.mark.parametrize("field", [each for each in PUBLISHED if each[1] in ("bucket_name", "container")])
@pytest.mark.thorough
@settings(max_examples=400)
@given(name=BUCKETS)
@example("a.b")
@example("10.0.0.1")
@example("10.0.0.1a")
@example("a..b")
@example("-ab")
@example("ab-")
@example("a--b")
@example("ab")
@example("a_b")
@example("google")
@example("xg0oglex")
@example("a" * 63)
@example("a" * 64)
@example("a" * 63 + "." + "b" * 63)
@example("a" * 64 + ".b")
@example(".".join(["a" * 55] * 4)[:222])
@example(".".join(["a" * 55] * 5)[:223])
@example("abc\n")
def test_bucket_names(field: tuple[str, str], name: str) -> None:
    """The patterns accept the same bucket and container names."""
    assert ours(field, name) == published(field, name)


@pytest.mark.parametrize("field", [each for each in PUBLISHED if each[1] == "path"])
@pytest.mark.thorough
@settings(max_examples=400)
@given(folder=FOLDERS)
@example("")
@example("a/%SEGMENT_NAME%/%SEGMENT_ID%/")
@example("%SEGMENT_NAME%a")
@example("a//%SEGMENT_ID%//")
@example("a\n")
def test_paths(field: tuple[str, str], folder: str) -> None:
    """The patterns accept the same folders."""
    assert ours(field, folder) == published(field, folder)


@pytest.mark.parametrize("field", [each for each in PUBLISHED if each[1].startswith("s3_")])
@given(key=KEYS)
def test_keys(field: tuple[str, str], key: str) -> None:
    """The patterns accept the same keys."""
    assert ours(field, key) == published(field, key)


HOSTILE = [
    "%SEGMENT_NAME%" * 2000 + "x ",
    "/" * 50_000 + "?",
    "a" * 50_000 + "?",
    "1." * 25_000 + "!",
    "a." * 25_000 + "_",
    "a-" * 25_000,
    "g0" * 25_000,
    "arn:aws" + "-" * 50_000,
    "arn:aws:iam::111122223333:role/" + "a/" * 25_000 + " ",
]


@pytest.mark.parametrize("field", sorted(OURS), ids=".".join)
def test_no_blow_up(field: tuple[str, str]) -> None:
    """Long hostile texts are matched at once, for which the published patterns would take years."""
    start = time.process_time()
    for text in HOSTILE:
        ours(field, text)

    assert time.process_time() - start < 2
