"""A resource that names no provider is an error where every provider of the stack has an alias."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack
from constructs import Construct

from constructs_lib import AepProvider, DataDatasets, SourceConnection, SourceConnectionDataset
from constructs_lib.testing import resources, synthesize

pytestmark = pytest.mark.slow


def source(scope: Construct, name: str, **arguments: Any) -> SourceConnection:
    """Create a source connection."""
    datasets = [SourceConnectionDataset(id="5ef3e3259ad2a1191ab7dd7d", name="Orders")]
    return SourceConnection(scope, name, name=name, datasets=datasets, **arguments)


def test_a_forgotten_alias_is_an_error_that_names_resources_and_aliases() -> None:
    """All resources and data sources without a provider are named, also those made before the providers."""

    def build(stack: TerraformStack) -> None:
        source(stack, "forgotten")
        dev = AepProvider(stack, "dev", alias="dev", sandbox_name="dev")
        AepProvider(stack, "stage", alias="stage", sandbox_name="stage")
        source(stack, "right", provider=dev)
        DataDatasets(Construct(stack, "inner"), "search")

    with pytest.raises(RuntimeError) as caught:
        synthesize(build)

    text = str(caught.value)
    explanation = (
        'provider: it is not given, and every AepProvider of the stack has an alias ("dev", "stage")'
    )
    assert text.count(explanation) == 2
    assert f"stack/forgotten: {explanation}" in text
    assert f"stack/inner/search: {explanation}" in text
    assert "stack/right" not in text


def test_a_provider_without_an_alias_serves_the_resources_that_name_none() -> None:
    """With a provider without an alias, in whatever order, nothing is an error."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "dev", alias="dev", sandbox_name="dev")
        source(stack, "plain")
        AepProvider(stack, "aep", sandbox_name="prod")

    assert len(resources(synthesize(build), "aep_source_connection")) == 1


def test_a_provider_that_is_set_later_or_by_an_override_counts(tmp_path: Path) -> None:
    """A provider counts however it is set, and another stack's resources are not concerned."""
    app = App(outdir=str(tmp_path))
    other = TerraformStack(app, "other")
    AepProvider(other, "aep")
    source(other, "of_another_stack")
    stack = TerraformStack(app, "stack")
    dev = AepProvider(stack, "dev", alias="dev", sandbox_name="dev")
    later = source(stack, "later")
    later.provider = dev
    source(stack, "overridden").add_override("provider", "aep.dev")
    within = TerraformStack(stack, "within")
    AepProvider(within, "aep")
    source(within, "of_an_inner_stack")

    app.synth()
