"""Reading files: what Terraform accepts is read, and anything else ends in one sentence with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.cli.check import modules
from provider_shim.cli.check.configuration import check_configuration
from provider_shim.cli.check.hcl_reader import read_hcl
from provider_shim.cli.check.model import MAX_LEVELS, UnreadableConfiguration
from provider_shim.cli.check.unknown_keys import Findings
from tests.acceptance.markdown_blocks import blocks
from tests.unit.cli.check.conftest import Check, left_out, lines

REPO = Path(__file__).resolve().parents[4]
FOLDERS = sorted({file.parent for part in ("examples", "modules") for file in (REPO / part).rglob("*.tf*")})
PAGES = [REPO / "README.md", *sorted((REPO / "docs").rglob("*.md"))]

# `terraform fmt` of version 1.11 accepts each of these.
ACCEPTED = [
    "größe = { länge = 1 }",
    'a = "$${ \\" %%{ $${x} $ % $$ %%"',
    'a = "${~ var.x ~} %{~ if var.x ~}a%{~ else ~}b%{~ endif ~}"',
    "\ufeffa = 1",
    "a = {\r\n  b = 1\r\n}\r",
    'a = <<EOT\n{ " ${var.x}\nEOT',
    "a = f(1, # x\n 2, /* y */ 3\n)",
    "a = [ # c\n  1, # d\n  2 // e\n]",
    "a = (x\n  && y)",
    "a = { for k, v in x : k => v... if v != null }",
    'a = "${x ? "a${"b"}" : "c"}"',
    "a = x[*].y.0.z.*.w\nin = provider::aep::f(1)",
    "// last line",
    "",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_terraform_accepts_is_read(text: str, check: Check) -> None:
    """A mistake after a piece of valid HCL is reported on its line."""
    before = f"{text}\n"
    findings = check(f'{before}resource "aep_flow" "große" {{\n  schedule = {{ intervall = 1 }}\n}}\n')

    assert findings.unreadable == []
    assert lines(findings) == [f"{before.count(chr(10)) + 2}: aep_flow.große: schedule: intervall: interval"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(REPO)))
def test_the_repositorys_hcl_has_no_unknown_keys(folder: Path) -> None:
    """Nothing is reported for the examples and modules, and everything is checked."""
    findings = check_configuration(folder)

    assert (findings.unknown, findings.unreadable) == ([], [])
    assert findings.blocks > 0 or not any("aep_" in file.read_text() for file in folder.glob("*.tf"))
    assert findings.not_checked == []


def test_documented_hcl_has_no_unknown_keys(tmp_path: Path) -> None:
    """Nothing is reported for the HCL on README and the pages of documentation."""
    for page in PAGES:
        for number, text in enumerate(blocks(page, "(?:hcl|terraform)")):
            (tmp_path / f"{page.stem}-{page.parent.name}-{number}.tf").write_text(text, encoding="utf-8")

    findings = check_configuration(tmp_path)

    assert (findings.unknown, findings.unreadable) == ([], [])
    assert findings.blocks > 20


UNREADABLE = {
    "second equals sign": ("main.tf", "provider x {\n  a = = 1\n}", 2, "python-hcl2 can't read this."),
    "open brace": ("main.tf", "\n\nprovider x {\n", 3, "python-hcl2 can't read this."),
    "JSON colon": ("x.tf.json", '{"a": 1,\n"b" 2\n}', 2, "The file is not valid JSON:"),
    "JSON list": ("x.tf.json", "[]", 1, "The file is not a JSON object."),
    "deep HCL": (
        "main.tf",
        "provider x {\n  a = " + "[" * 5000 + "]" * 5000 + "\n}",
        2,
        "more than 100 levels",
    ),
    "deep blocks": ("main.tf", "provider {\n" * 150 + "}\n" * 150, 102, "more than 100 levels"),
    "deep JSON": ("x.tf.json", '{"a":\n' + "[" * 500 + "]" * 500 + "}", 2, "more than 100 levels"),
    "very deep JSON": ("x.tf.json", '{"a":' + "[" * 500_000 + "]" * 500_000 + "}", 1, "too many levels"),
    "long number": ("x.tf.json", '{"a":' + "1" * 10_000 + "}", 1, "levels or digits"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_file_is_reported_with_its_line(case: str, check: Check) -> None:
    """One unreadable file is one sentence with its line, and the other files are checked."""
    name, text, line, words = UNREADABLE[case]
    findings = check(**{name: text, "z.tf": "resource aep_flow f {\n  schedule = { x = 1 }\n}"})

    [error] = findings.unreadable
    assert (error.place.file.name, error.place.line) == (name, line)
    assert words in error.reason
    assert lines(findings) == ["2: aep_flow.f: schedule: x: None"]


def test_values_of_the_greatest_depth_are_read() -> None:
    """A value of as many levels as allowed is read."""
    depth = MAX_LEVELS - 1
    read_hcl(f"a = {'[' * depth}{']' * depth}", Path("main.tf"))


def test_a_long_file_is_not_read(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is named with the limit."""
    monkeypatch.setattr(modules, "_MAX_HCL", 1000)

    [error] = check("provider x {}\n" * 100).unreadable

    assert error.reason == "The file has more than 1,000 bytes."


def test_a_file_in_another_encoding_is_named_with_its_line(check: Check, tmp_path: Path) -> None:
    """Text that is not UTF-8 is reported on its line."""
    (tmp_path / "latin.tf").write_bytes(b"\n# \xe9\n")

    [error] = check("a = 1").unreadable

    assert (error.place.line, error.reason) == (2, "The text is not UTF-8.")


@given(st.text(st.sampled_from('aé \n"${}%~=<>-[](),:.#/*\\0E'), max_size=60))
def test_any_text_is_read_or_reported(text: str) -> None:
    """No text ends in another exception than the one that is reported."""
    lines_of_text = range(1, text.count("\n") + 2)
    try:
        line = read_hcl(text, Path("main.tf")).place.line
    except UnreadableConfiguration as error:
        line = error.place.line
    assert line in lines_of_text


def flow(name: str) -> str:
    """Return a flow with an unknown key."""
    return f'resource "aep_flow" "{name}" {{\n  schedule = {{ x = 1 }}\n}}\n'


def test_the_folders_below_and_local_modules_are_read_once(check: Check, tmp_path: Path) -> None:
    """Folders below, CDKTF's stacks and the local modules elsewhere are read; other sources are named."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "linked").symlink_to("modules")
    check(
        **{
            "project/main.tf": 'module "a" { source = "./modules/a" }\nmodule "b" { source = "./linked/a" }\n'
            'module "c" { source = "hashicorp/consul/aws" }\nmodule "d" { source = "./modules/d" }\n'
            'module "e" { source = "../shared" }\n',
            "project/modules/a/main.tf": flow("called") + 'module "self" { source = "../../" }\n',
            "project/envs/test/main.tf": flow("below"),
            "project/cdktf.out/stacks/s/cdk.tf.json": '{"resource": {"aep_flow": {"json": [\n'
            '{"schedule": {"y": 1}}]}}}',
            "shared/main.tf": flow("shared"),
            "other/main.tf": flow("other"),
        },
    )
    findings = check_configuration(tmp_path / "project")

    assert lines(findings) == [
        "2: aep_flow.json: schedule: y: None",
        "2: aep_flow.below: schedule: x: None",
        "2: aep_flow.called: schedule: x: None",
        "2: aep_flow.shared: schedule: x: None",
    ]
    assert left_out(findings) == [
        "3: module.c: : its source is not a local folder",
        "4: module.d: : its folder has no configuration",
    ]


def test_what_terraform_does_not_read_is_left_out(check: Check, tmp_path: Path) -> None:
    """Hidden files and folders, installed packages and folders with the ending of a file are not read."""
    (tmp_path / "loop").symlink_to(tmp_path)
    findings = check(
        **{
            name: flow("f")
            for name in (
                ".terraform/modules/m/main.tf",
                "node_modules/m/main.tf",
                ".hidden.tf",
                "#main.tf",
                "main.tf~",
                "folder.tf/none.txt",
            )
        }
    )

    assert findings == Findings()


def test_a_file_that_is_missing_behind_a_link_is_named(check: Check, tmp_path: Path) -> None:
    """A link to a file is read, and a link to nothing is reported."""
    (tmp_path / "link.tf").symlink_to("text")
    (tmp_path / "broken.tf").symlink_to("nothing")

    findings = check(text=flow("f"))

    assert lines(findings) == ["2: aep_flow.f: schedule: x: None"]
    [error] = findings.unreadable
    assert (error.place.file.name, error.reason) == ("broken.tf", "It is not a file.")


def test_a_folder_that_cannot_be_listed_is_named(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without permission is one sentence."""
    monkeypatch.setattr(
        Path, "iterdir", lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )

    [error] = check("provider x {}\n").unreadable

    assert (error.place.file, error.reason) == (tmp_path, "The folder can't be read: Permission denied.")


def test_only_blocks_of_the_provider_are_checked(check: Check) -> None:
    """Blocks of other providers are left alone; the name in `required_providers` is respected."""
    findings = check(
        """\
terraform {
  required_providers {
    adobe = { source = "registry.example.com/data/aep" }
    other = { source = "hashicorp/other" }
  }
}
provider "adobe" { endpiont = "x" }
provider "other" { endpiont = "x" }
resource "aws_flow" "f" { schedule = { x = 1 } }
resource "aep_flw" "f" { schedule = { x = 1 } }
resource "aep_flow" "f" {
  provider = adobe
  count    = 1
  nme      = "x"
  lifecycle { prevent_destroy = true }
  dynamic "schedule" { for_each = [] }
  _ { count = 1 }
}
"""
    )

    assert lines(findings) == ["7: provider.adobe: : endpiont: endpoint", "14: aep_flow.f: : nme: name"]
    assert left_out(findings) == ["10: aep_flw.f: : the provider has no such type"]
