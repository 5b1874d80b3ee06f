"""The table of the newest runs."""

from __future__ import annotations

from typing import Final

from flow_emulator.page.formatting import duration, time_tag
from flow_emulator.page.markup import Markup
from flow_emulator.page.tables.table import name_and_id, row, state, table
from flow_emulator.page.view import Run, View

SHOWN: Final = 10


def run_table(view: View) -> Markup:
    """Render the newest runs, the newest first."""
    heads = ["Flow and run", "Started", "State", "Took", "Records", "Files"]
    return table("Newest runs, times in UTC", heads, [_row(run) for run in view.runs[:SHOWN]])


def _row(run: Run) -> Markup:
    return row(
        name_and_id(run.flow_name, run.id),
        time_tag(run.at),
        state(run.state),
        "–" if run.ended is None else duration(run.ended - run.at),
        "–" if run.records is None else f"{run.records:,}",
        "–" if run.files is None else f"{run.files:,}",
    )
