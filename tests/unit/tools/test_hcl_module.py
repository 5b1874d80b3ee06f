"""The generated parts of the HCL module."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provider_shim.destinations import BY_NAME, DESTINATIONS, Destination
from tools.generate import hcl_module
from tools.generate.generated_files import out_of_date


def test_the_committed_files_are_up_to_date() -> None:
    """Generating them again changes nothing."""
    assert out_of_date(hcl_module.generate(), ()) == []


@pytest.mark.parametrize("destination", DESTINATIONS, ids=lambda each: each.name)
def test_every_field_is_passed_on(destination: Destination) -> None:
    """Each public field comes from the variable `destination`, each secret from `credentials`."""
    text = hcl_module.connections()

    for field in (*destination.credentials, *destination.location):
        variable = "credentials" if field.secret else f"destination.{destination.name}"
        assert f" = var.{variable}.{field.name}\n" in text


def test_a_name_is_used_once_in_a_destination(monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential and a part of the location with the same name would be one argument: that is an error."""
    sftp = BY_NAME["sftp"]
    (folder,) = sftp.location
    wrong = replace(sftp, location=(replace(folder, name="domain"),))
    monkeypatch.setattr(hcl_module, "DESTINATIONS", (wrong,))

    with pytest.raises(ValueError, match="sftp: a credential and a part of the location"):
        hcl_module.variables()
