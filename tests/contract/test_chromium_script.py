"""`make browser-test` checks for Chromium first, and prints what is missing and how to install it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "chromium.sh"


def run_script(folder: Path, subcommand: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script with the programs of a folder only."""
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), subcommand],
        env={"PATH": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def write_program(folder: Path, name: str, body: str = "") -> Path:
    """Write a shell script."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_both_programs_are_needed(tmp_path: Path) -> None:
    """With only one of the two programs the check fails with one sentence that names both packages."""
    write_program(tmp_path, "chromium")
    missing = run_script(tmp_path, "check")
    write_program(tmp_path, "chromedriver")
    complete = run_script(tmp_path, "check")

    assert missing.returncode == 1
    assert "install Debian's packages chromium and chromium-driver" in missing.stderr
    assert len(missing.stderr.splitlines()) == 1
    assert (complete.returncode, complete.stdout, complete.stderr) == (0, "", "")


def test_other_programs_can_be_named(tmp_path: Path) -> None:
    """`CHROMIUM` and `CHROMEDRIVER` set the paths of the programs."""
    browser = write_program(tmp_path, "my-browser")
    driver = write_program(tmp_path, "my-driver")
    empty = tmp_path / "empty"
    empty.mkdir()

    assert run_script(empty, "check", CHROMIUM=str(browser), CHROMEDRIVER=str(driver)).returncode == 0
    assert run_script(empty, "check", CHROMIUM=str(browser)).returncode == 1


def test_packages_are_installed_by_root_only(tmp_path: Path) -> None:
    """Without root nothing is installed and no password is requested; the exit code is 1."""
    write_program(tmp_path, "id", "echo 1000")
    write_program(tmp_path, "apt-get", f"echo called >>{tmp_path}/calls")
    result = run_script(tmp_path, "install")

    assert result.returncode == 1
    assert not (tmp_path / "calls").exists()


def test_root_installs_what_is_missing(tmp_path: Path) -> None:
    """Root installs both packages, after updating the package lists if the first attempt fails."""
    write_program(tmp_path, "id", "echo 0")
    write_program(tmp_path, "timeout", 'shift; exec "$@"')
    write_program(
        tmp_path,
        "apt-get",
        f"""echo "$*" >>{tmp_path}/calls
[ "$2" = update ] && >{tmp_path}/updated
[ -e {tmp_path}/updated ] || exit 100
[ "$2" = install ] || exit 0
for name in chromium chromedriver; do
  echo '#!/bin/sh' >{tmp_path}/$name
  /bin/chmod +x {tmp_path}/$name
done""",
    )
    result = run_script(tmp_path, "install")
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()

    assert result.returncode == 0, result.stderr
    assert [call.split()[1] for call in calls] == ["install", "update", "install"]
    assert all(call.endswith("chromium chromium-driver") for call in calls if "install" in call)
