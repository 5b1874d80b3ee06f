"""The reference pages have everything that is in the descriptions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, JsonField, Nested, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.rules import OneOf, Pattern
from provider_shim.schema.types import NUMBER
from tools.generate.generated_files import ROOT, out_of_date
from tools.generate.reference import KINDS, committed_pages, generate
from tools.generate.reference_schema import attributes_of, schema

PAGES = generate()
DESCRIBED = {
    Path("docs") / kind.folder / f"{name.removeprefix('aep_')}.md": described
    for kind in KINDS
    if kind.folder != "functions"
    for name, described in kind.of(CATALOGUE).items()
}
WRITTEN = sorted((ROOT / "docs").rglob("*.md"))


def test_the_committed_pages_are_those_of_the_descriptions() -> None:
    """No page differs from what would be written now, and none is left over."""
    assert out_of_date(PAGES, committed_pages()) == []


@pytest.mark.parametrize("page", DESCRIBED, ids=str)
def test_every_attribute_is_on_its_page(page: Path) -> None:
    """Each attribute has a line with its description, in the section of the attribute around it."""
    sections = re.split(r"^### Nested Schema for ", PAGES[page], flags=re.M)

    for way, attribute in attributes_of(DESCRIBED[page]):
        around = f"`{'.'.join(way[:-1])}`\n" if way[1:] else "---\n"
        [section] = [each for each in sections if each.startswith(around)]
        assert re.search(rf"^- `{way[-1]}` \([^)]+\) {re.escape(attribute.description)}", section, re.M), way


def test_every_setting_is_in_the_index() -> None:
    """The provider's page has each setting with its environment variable."""
    index = PAGES[Path("docs/index.md")]

    for setting in CATALOGUE.provider.attributes:
        assert f"| `{setting.name}` | `{setting.environment}` |" in index


def test_every_page_begins_as_the_registry_wants() -> None:
    """Reference pages and guides have the front matter that the registry reads."""
    pages = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
    pages |= {guide: guide.read_text(encoding="utf-8") for guide in WRITTEN if guide.parent.name == "guides"}
    wanted = re.compile(r'---\npage_title: "[^"\n]+"\nsubcategory: ""\ndescription: \|-\n  \S.+\n---\n\n# \S')

    assert [str(page) for page, text in pages.items() if not wanted.match(text)] == []


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """Each relative link of a page leads to a file, and each link into a page to its anchor."""
    text = page.read_text(encoding="utf-8")

    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)):
        if target.startswith("#nestedatt"):
            assert f'<a id="{target[1:]}"></a>' in text
        elif not target.startswith(("http", "#")):
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_a_line_has_all_facts() -> None:
    """Type, marks, description, default, replacement, rules, example and source, in this order."""
    many = Attribute(
        name="many",
        description="How many.",
        presence=Presence.DEFAULT,
        type=NUMBER,
        default=3,
        requires_replace=True,
        rules=(OneOf(values=(3, 6), requirement="be 3 or 6", disputed=True),),
        example=6,
        source="Adobe's page",
    )
    secret = Attribute(
        name="secret",
        description="A secret.",
        presence=Presence.OPTIONAL,
        sensitive=True,
        write_only=True,
        rules=(Pattern(regex="x+", requirement="be made of x"),),
        example="xxx",
    )
    chosen = Attribute(
        name="end",
        description="The end.",
        presence=Presence.OPTIONAL_COMPUTED,
        null_when=("many", 0),
        json=JsonField("end"),
    )
    around = Attribute(
        name="around", description="All.", presence=Presence.REQUIRED, nested=Nested((many, secret, chosen))
    )
    block = DataSource(type_name="aep_x", description="X.", attributes=(around,))

    assert schema(block) == (
        "## Schema\n\n"
        "### Required\n\n"
        "- `around` (Attributes) All. (see [below for nested schema](#nestedatt--around))\n\n"
        '<a id="nestedatt--around"></a>\n'
        "### Nested Schema for `around`\n\n"
        "Optional:\n\n"
        "- `end` (String) The end. Left out, it is filled in, and kept until something beside it changes. "
        "It is null then where `many` is `0`.\n"
        "- `many` (Number) How many. Default: `3`. A change replaces the object. One of `3`, `6`. Adobe's "
        "sources disagree on this: the provider's `disputed_rules` decides. Example: `6`. "
        "Source: Adobe's page.\n"
        "- `secret` (String, Sensitive, Write-only) A secret. It must be made of x."
    )
