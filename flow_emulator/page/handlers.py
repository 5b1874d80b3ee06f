"""``GET /`` draws the page; ``POST /`` is a button of it, answered by a redirect back to the page."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flow_emulator import clock
from flow_emulator.http.messages import Answer, Call
from flow_emulator.models.flows import runs
from flow_emulator.page.address import address, options_of
from flow_emulator.page.clock_panel import GO_ON, NEXT, REAL, STEPS, STOP
from flow_emulator.page.document import draw_page, page_headers
from flow_emulator.page.formatting import count
from flow_emulator.page.reading import read_view
from flow_emulator.page.view import Message


class _FormError(Exception):
    """A button that cannot do what it says; the message is for the person who pressed it."""


def show_page(call: Call) -> Answer:
    """The page, with the runs that are due made first."""
    runs.advance(call.engine, call.data, call.now)
    return _page(call, 200, _result_message(call))


def post_form(call: Call) -> Answer:
    """Do what the button says and lead back to the page; 400 with the page where that cannot be done."""
    form = dict(parse_qsl(call.content.decode("latin-1"), keep_blank_values=True, errors="replace"))
    options = options_of(call.value)
    try:
        if form.get("reset") == "everything":
            call.data.reset()
            return _back(address(options, reset="done"))
        made = _move_clock(call, form)
    except _FormError as problem:
        return _page(call, 400, Message(str(problem), is_error=True))
    return _back(address(options, "clock", made=made))


def _move_clock(call: Call, form: dict[str, str]) -> int:
    """Do to the clock what the form says; how many runs were made by it."""
    try:
        _set_clock(call, form)
    except (ValueError, OverflowError) as problem:
        raise _FormError(f"The clock was left as it is. {problem}") from None
    now = clock.now_millis(call.data, call.engine.real_millis)
    return runs.advance(call.engine, call.data, now)


def _set_clock(call: Call, form: dict[str, str]) -> None:
    """A clock that is moved stands or goes on as before. ValueError: there is no such time."""
    data, real, step = call.data, call.engine.real_millis, form.get("clock", "")
    if step in STEPS:
        clock.advance(data, STEPS[step], real)
    elif step == NEXT:
        due = data.entities.next_due()
        if due is None:
            raise _FormError("No run is scheduled, so the clock was left as it is.")
        clock.write(data, clock.to_text(due), runs=not clock.stands(data), real=real)
    elif step == STOP:
        clock.stop(data, real)
    elif step == GO_ON:
        clock.go_on(data, real)
    elif step == REAL:
        clock.write(data, None)
    elif "at" in form:
        clock.write(data, _moment(form["at"]), runs=not clock.stands(data), real=real)
    else:
        raise _FormError("This is no button of the page, so nothing was done.")


def _moment(typed: str) -> str:
    """What a browser's field for date and time sends has no offset, and no seconds where they are zero."""
    return f"{typed}:00Z" if typed.count(":") == 1 else f"{typed}Z"


def _result_message(call: Call) -> Message | None:
    """What the button did that led here."""
    made = call.value("made")
    if made is not None and made.isascii() and made.isdigit() and len(made) < 10:
        return Message(f"The clock was set. {count(int(made), 'run')} came due.")
    if call.value("reset") == "done":
        return Message("Everything was forgotten, and the clock shows real time.")
    return None


def _page(call: Call, status: int, message: Message | None) -> Answer:
    view = read_view(call, options_of(call.value), message)
    return Answer(status, draw_page(view), page_headers())


def _back(where: str) -> Answer:
    # 303: the browser fetches the page, so loading it again presses no button twice.
    return Answer(303, None, {"location": where, "cache-control": "no-store"})
