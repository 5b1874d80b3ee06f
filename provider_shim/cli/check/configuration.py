"""The check of a whole configuration."""

from __future__ import annotations

from pathlib import Path

from provider_shim.cli.check.block_schemas import blocks_of
from provider_shim.cli.check.modules import Module, load_modules
from provider_shim.cli.check.unknown_keys import Findings, NotChecked, check_arguments, check_block
from provider_shim.cli.check.variables import references, variable_types


def check_configuration(folder: Path) -> Findings:
    """Check the configurations in a folder and below it, with the local modules that they call.

    Raises `CommandError` if python-hcl2 is needed and not installed.
    """
    findings = Findings()
    modules = {module.folder.resolve(): module for module in load_modules(folder)}
    users = _users_of_the_provider(modules)
    for module in modules.values():
        findings.files += module.files
        findings.unreadable += module.unreadable
        values = references(module)
        for block in blocks_of(module):
            check_block(block, values, findings)
        for call in module.calls():
            called = None if call.folder is None else call.folder.resolve()
            if called is None or called not in modules:
                reason = (
                    "its source is not a local folder"
                    if called is None
                    else "its folder has no configuration"
                )
                findings.not_checked.append(NotChecked(call.place, call.address, "", reason))
            elif called in users:
                check_arguments(call.address, call.body, variable_types(modules[called]), values, findings)
    return findings


def _users_of_the_provider(modules: dict[Path, Module]) -> set[Path]:
    """Return the modules that have a block of the provider, or call a module that has one."""
    callers: dict[Path, list[Path]] = {}
    for path, module in modules.items():
        for call in module.calls():
            if call.folder is not None:
                callers.setdefault(call.folder.resolve(), []).append(path)
    waiting = [path for path, module in modules.items() if any(blocks_of(module))]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += callers.get(path, [])
    return found
