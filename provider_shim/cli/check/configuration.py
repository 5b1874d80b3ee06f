"""The check of a whole configuration."""

from __future__ import annotations

from pathlib import Path

from provider_shim.cli.check.block_schemas import blocks_of
from provider_shim.cli.check.modules import Module, is_local, load_modules
from provider_shim.cli.check.unknown_keys import Findings, NotChecked, check_block


def check_configuration(folder: Path) -> Findings:
    """Check the configuration in a folder, with the local modules that it calls and CDKTF's stacks below it.

    Raises `CommandError` if python-hcl2 is needed and not installed.
    """
    findings = Findings()
    for module in load_modules(folder):
        findings.files += module.files
        findings.unreadable += module.unreadable
        local_values = module.locals()
        for block in blocks_of(module):
            check_block(block, local_values, findings)
        _leave_out_modules(module, findings)
    return findings


def _leave_out_modules(module: Module, findings: Findings) -> None:
    """Note the modules that are not below a local path: their files may be elsewhere."""
    for name, place, source in module.calls():
        if not is_local(source):
            reason = "its source is not a local folder"
        elif not (module.folder / source).is_dir():
            reason = f"there is no folder {source}"
        else:
            continue
        findings.not_checked.append(NotChecked(place, f"module.{name}", "", reason))
