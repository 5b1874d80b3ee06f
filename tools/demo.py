"""`make demo`: dataset exports to every destination, created by real Terraform on the embedded emulator.

Everything it writes is in `.demo`; each command is printed before it runs. `make demo-destroy` calls it
with `--destroy`.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from provider_shim.source_address import DEFAULT_ADDRESS
from tools.example_values import example_secrets
from tools.workbench import Workbench

REPO = Path(__file__).resolve().parent.parent
FOLDER = REPO / ".demo"
APP = REPO / "examples" / "cdktf" / "all_destinations"
OUTPUTS = "outputs.json"

RUNS = """\
terraform {{
  required_providers {{
    aep = {{
      source = "{source}"
    }}
  }}
}}

provider "aep" {{}}

data "aep_flow_runs" "first" {{
  for_each = {flows}
  flow_id  = each.value
}}

output "first_runs" {{
  value = {{ for name, flow in data.aep_flow_runs.first : name => flow.runs }}
}}
"""


class DemoFailed(Exception):
    """A step had a wrong result; the text names the step."""


class Demo:
    """The steps, in a folder of their own."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        secrets = example_secrets(APP / "main.py")
        self.bench = Workbench(folder, REPO, {f"TF_VAR_{name}": value for name, value in secrets.items()})

    def run(self) -> None:
        """All steps, from an empty folder to the first runs."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.install()
        self.synthesise()
        self.deploy()
        flows = self.flow_ids()
        self.deploy_again()
        self.move_clock()
        self.list_runs(flows)
        say(
            "To look around",
            f"The stack that was synthesised:  {short(self.folder / 'cdktf.out')}",
            f"The emulator's state (SQLite):   {short(self.bench.emulator_file)}",
            "To destroy it all:               make demo-destroy",
        )

    def install(self) -> None:
        """Put the provider into a mirror of the demo's own, and write Terraform's configuration."""
        say("1. Install the provider into a mirror inside the project")
        self.command("flowbridge", "install", "--mirror", str(self.bench.mirror), quiet=True)
        self.bench.write_cli_config()
        main = json.loads((REPO / "cdktf.json").read_text(encoding="utf-8"))
        python, app = main["app"].split()
        main["app"] = shlex.join([str(REPO / python), str(REPO / app)])
        (self.folder / "cdktf.json").write_text(json.dumps(main, indent=2), encoding="utf-8")
        show(f"Terraform's configuration is {short(self.bench.cli_config)}; the endpoint is")
        show(f"AEP_ENDPOINT=emulator:{short(self.bench.emulator_file)}. The secrets are examples.")

    def synthesise(self) -> None:
        """Write Terraform's JSON from the Python."""
        say(f"2. Synthesise the stack of {short(APP)}")
        self.command("cdktf", "synth")

    def deploy(self) -> None:
        """Create everything."""
        say(f"3. Deploy: Terraform creates {self.export_count()} exports")
        self.command("cdktf", "deploy", "--auto-approve", "--outputs-file", OUTPUTS)

    def flow_ids(self) -> dict[str, str]:
        """The ids of the flows by the names of their outputs; prints them."""
        (outputs,) = json.loads((self.folder / OUTPUTS).read_text(encoding="utf-8")).values()
        ids = {flow["id"] for flow in self.flows()}
        flows = {name: value for name, value in outputs.items() if value in ids}
        if len(flows) != (count := self.export_count()):
            raise DemoFailed(
                f"There should be {count} flow ids among the outputs, not {len(flows)}: {outputs}"
            )
        say("The flows", *(f"{name:<32} {value}" for name, value in flows.items()))
        return flows

    def deploy_again(self) -> None:
        """Deploy the same once more, which must change nothing."""
        say("4. Deploy again: nothing changes")
        before = self.objects()
        output = self.command("cdktf", "deploy", "--auto-approve")
        if self.objects() != before or "No changes." not in output:
            raise DemoFailed("The second deploy changed something; it should have changed nothing.")

    def move_clock(self) -> None:
        """Set the emulator's clock to a day after the last of the flows starts."""
        starts = [datetime.fromisoformat(flow["schedule"]["start_time"]) for flow in self.flows()]
        moment = (max(starts) + timedelta(days=1)).astimezone(UTC)
        say("5. Move the emulator's clock to a day after the last flow has started")
        text = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
        self.command("flowbridge", "emulator", "clock", str(self.bench.emulator_file), text)

    def list_runs(self, flows: dict[str, str]) -> None:
        """Read the runs with the data source `aep_flow_runs`, in a configuration of their own."""
        say("6. List the first runs, with the data source aep_flow_runs")
        folder = self.folder / "runs"
        folder.mkdir()
        (folder / "main.tf").write_text(
            RUNS.format(source=DEFAULT_ADDRESS, flows=json.dumps(flows)), encoding="utf-8"
        )
        self.command("terraform", "init", cwd=folder, quiet=True)
        self.command("terraform", "apply", "-auto-approve", cwd=folder, quiet=True)
        runs = json.loads(self.bench.terraform(["output", "-json", "first_runs"], folder).stdout)
        if late := [name for name, of_flow in runs.items() if not of_flow]:
            raise DemoFailed(f"Every flow should have run by now, and these have not: {', '.join(late)}")
        for name, of_flow in runs.items():
            first = of_flow[-1]
            show(f"{name:<32} {len(of_flow):>4} runs, the first at {first['created_at']}: {first['status']}")

    def destroy(self) -> None:
        """Destroy what the demo created."""
        if not self.folder.is_dir():
            raise DemoFailed("There is nothing to destroy: `make demo` has not run.")
        say("Destroy everything that the demo created")
        self.command("cdktf", "destroy", "--auto-approve")
        show("`make demo` starts again; `rm -r .demo` removes the rest, the emulator's file and the mirror.")

    def command(self, *words: str, cwd: Path | None = None, quiet: bool = False) -> str:
        """Print a command, run it, print its output unless `quiet`, and return that."""
        place = cwd or self.folder
        shown = shlex.join(os.path.relpath(word, place) if os.path.isabs(word) else word for word in words)
        print(f"  ({short(place)}) $ {shown}", flush=True)
        lines: list[str] = []
        with subprocess.Popen(
            words,
            cwd=place,
            env=self.bench.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                lines.append(line)
                if not quiet and line.strip():
                    print(f"    {line.rstrip()}", flush=True)
        if process.returncode:
            if quiet:
                print("".join(lines))
            raise DemoFailed(f"`{shown}` ended with {process.returncode}.")
        return "".join(lines)

    def export_count(self) -> int:
        """How many exports the synthesised stack has."""
        (path,) = self.folder.glob("cdktf.out/stacks/*/cdk.tf.json")
        return len(json.loads(path.read_text(encoding="utf-8"))["resource"]["aep_flow"])

    def state_file(self) -> Path:
        """The one state that the stack keeps."""
        (path,) = self.folder.glob("terraform.*.tfstate")
        return path

    def objects(self) -> dict[str, Any]:
        """The attributes of everything in the state, by type and name."""
        state = json.loads(self.state_file().read_text(encoding="utf-8"))
        return {
            f"{resource['type']}.{resource['name']}": [each["attributes"] for each in resource["instances"]]
            for resource in state["resources"]
        }

    def flows(self) -> list[dict[str, Any]]:
        """The attributes of each flow in the state."""
        return [each for name, (each,) in self.objects().items() if name.startswith("aep_flow.")]


def short(path: Path) -> str:
    """The path as seen from the project, where it lies in the project."""
    return str(path.relative_to(REPO)) if path.is_relative_to(REPO) else str(path)


def say(heading: str, *lines: str) -> None:
    """Print a heading, and lines below it."""
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    print(f"\n{bold}{heading}{plain}", flush=True)
    for line in lines:
        show(line)


def show(line: str) -> None:
    """Print a line below a heading."""
    print(f"  {line}", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run the demo, or destroy what it created; 1 where a step failed."""
    demo = Demo()
    try:
        demo.destroy() if "--destroy" in arguments else demo.run()
    except DemoFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
