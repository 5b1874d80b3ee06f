"""`flowbridge install` and the real `terraform init`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from provider_shim.cli.hcl import required_providers_block
from provider_shim.source_address import DEFAULT_ADDRESS
from tools.workbench import Workbench

pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A workbench with a mirror that `flowbridge install` has filled."""
    bench = Workbench(tmp_path / "bench", REPO)
    bench.write_cli_config()
    bench.run(["flowbridge", "install", "--mirror", str(bench.mirror)], tmp_path)
    return bench


def write_stack(folder: Path, bench: Workbench) -> Path:
    """Create a folder with the configuration that `flowbridge install` prints."""
    folder.mkdir()
    (folder / "main.tf").write_text(
        required_providers_block(bench.install_provider()) + 'provider "aep" {}\n'
    )
    return folder


def locked_hash(folder: Path) -> str:
    """Return the provider's hash in a folder's lock file."""
    lines = (folder / ".terraform.lock.hcl").read_text().splitlines()
    assert f'provider "{DEFAULT_ADDRESS}" {{' in lines
    (line,) = [line.strip() for line in lines if '"h1:' in line]
    return line


def test_init_installs_the_provider_and_validate_starts_it(tmp_path: Path, bench: Workbench) -> None:
    """`terraform init` writes a normal lock file, and `terraform validate` starts the provider."""
    folder = write_stack(tmp_path / "stack", bench)
    bench.terraform(["init"], folder)

    assert locked_hash(folder).startswith('"h1:')
    assert "The configuration is valid" in bench.terraform(["validate"], folder).stdout


def test_two_mirrors_give_the_same_lock_file(tmp_path: Path, bench: Workbench) -> None:
    """Two mirrors with different Pythons give the same hash, so a team can share one lock file."""
    other = Workbench(tmp_path / "other", REPO)
    first, second = write_stack(tmp_path / "first", bench), write_stack(tmp_path / "second", other)
    next(other.mirror.rglob("*.python")).write_text("/opt/another/python\n")
    bench.terraform(["init"], first)
    other.terraform(["init"], second)

    assert locked_hash(first) == locked_hash(second)


def test_a_plugin_cache_finds_the_same_python(tmp_path: Path, bench: Workbench) -> None:
    """With Terraform's plugin cache, where the provider is linked twice, it still finds its Python."""
    cache = tmp_path / "cache"
    cache.mkdir()
    bench.environment["TF_PLUGIN_CACHE_DIR"] = str(cache)
    folder = write_stack(tmp_path / "stack", bench)
    bench.terraform(["init"], folder)

    assert list(cache.rglob("linux_amd64")) or list(cache.rglob("*_*64"))
    assert "The configuration is valid" in bench.terraform(["validate"], folder).stdout


def test_a_copied_provider_needs_the_path_or_the_variable(tmp_path: Path, bench: Workbench) -> None:
    """A provider unpacked from an archive has no pointer to a Python and starts `flowbridge` from PATH."""
    package = bench.install_provider()
    folder = write_stack(tmp_path / "stack", bench)
    archive = shutil.make_archive(
        str(package.folder / f"terraform-provider-aep_{package.version}_{package.platform}"),
        "zip",
        package.launcher.parent,
    )
    shutil.rmtree(package.launcher.parent)
    bench.terraform(["init"], folder)
    assert Path(archive).is_file()
    assert not next((folder / ".terraform").rglob(package.platform)).is_symlink()

    assert "The configuration is valid" in bench.terraform(["validate"], folder).stdout
    bench.environment["PATH"] = f"{Path(shutil.which('terraform') or '').parent}:/usr/bin:/bin"
    failed = bench.terraform(["validate"], folder, check=False)
    assert failed.returncode == 1
    assert "No Python for aep-flowbridge was found" in failed.stderr


def test_terraform_shows_that_no_python_was_found(tmp_path: Path, bench: Workbench) -> None:
    """If no Python is found, Terraform shows the launcher's message."""
    folder = write_stack(tmp_path / "stack", bench)
    bench.terraform(["init"], folder)
    next(bench.mirror.rglob("*.python")).write_text(f"{tmp_path}/gone/python\n")
    bench.environment["PATH"] = f"{Path(shutil.which('terraform') or '').parent}:/usr/bin:/bin"
    failed = bench.terraform(["validate"], folder, check=False)

    assert failed.returncode == 1
    assert "does not exist any more" in " ".join(failed.stderr.replace("│", " ").split())
