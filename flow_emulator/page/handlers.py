"""``GET /`` draws the page; ``POST /`` is a button of it, answered by a redirect back to the page."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flow_emulator import clock
from flow_emulator.http.messages import Request, Response
from flow_emulator.models.flows import runs
from flow_emulator.page.address import address, options_of
from flow_emulator.page.clock_panel import GO_ON, NEXT, REAL, STEPS, STOP
from flow_emulator.page.document import draw_page, page_headers
from flow_emulator.page.formatting import plural
from flow_emulator.page.reading import read_view
from flow_emulator.page.view import Message


class _FormError(Exception):
    """A button that cannot do what it says; the message is for the person who pressed it."""


def show_page(request: Request) -> Response:
    """The page, with the runs that are due made first."""
    runs.advance(request.engine, request.tx, request.now)
    return _page(request, 200, _result_message(request))


def post_form(request: Request) -> Response:
    """Do what the button says and lead back to the page; 400 with the page where that cannot be done."""
    form = dict(parse_qsl(request.content.decode("latin-1"), keep_blank_values=True, errors="replace"))
    options = options_of(request.value)
    try:
        if form.get("reset") == "everything":
            request.tx.reset()
            return _redirect(address(options, reset="done"))
        made = _move_clock(request, form)
    except _FormError as problem:
        return _page(request, 400, Message(str(problem), is_error=True))
    return _redirect(address(options, "clock", made=made))


def _move_clock(request: Request, form: dict[str, str]) -> int:
    """Do to the clock what the form says; how many runs were made by it."""
    try:
        _set_clock(request, form)
    except (ValueError, OverflowError) as problem:
        raise _FormError(f"The clock was left as it is. {problem}") from None
    now = clock.now_millis(request.tx, request.engine.real_millis)
    return runs.advance(request.engine, request.tx, now)


def _set_clock(request: Request, form: dict[str, str]) -> None:
    """A clock that is moved stands or goes on as before. ValueError: there is no such time."""
    tx, real, step = request.tx, request.engine.real_millis, form.get("clock", "")
    if step in STEPS:
        clock.advance(tx, STEPS[step], real)
    elif step == NEXT:
        due = tx.entities.next_due()
        if due is None:
            raise _FormError("No run is scheduled, so the clock was left as it is.")
        clock.write(tx, clock.to_text(due), runs=not clock.stands(tx), real=real)
    elif step == STOP:
        clock.stop(tx, real)
    elif step == GO_ON:
        clock.resume(tx, real)
    elif step == REAL:
        clock.write(tx, None)
    elif "at" in form:
        clock.write(tx, _moment(form["at"]), runs=not clock.stands(tx), real=real)
    else:
        raise _FormError("This is no button of the page, so nothing was done.")


def _moment(typed: str) -> str:
    """What a browser's field for date and time sends has no offset, and no seconds where they are zero."""
    return f"{typed}:00Z" if typed.count(":") == 1 else f"{typed}Z"


def _result_message(request: Request) -> Message | None:
    """What the button did that led here."""
    made = request.value("made")
    if made is not None and made.isascii() and made.isdigit() and len(made) < 10:
        return Message(f"The clock was set. {plural(int(made), 'run')} came due.")
    if request.value("reset") == "done":
        return Message("Everything was forgotten, and the clock shows real time.")
    return None


def _page(request: Request, status: int, message: Message | None) -> Response:
    view = read_view(request, options_of(request.value), message)
    return Response(status, draw_page(view), page_headers())


def _redirect(where: str) -> Response:
    # 303: the browser fetches the page, so loading it again presses no button twice.
    return Response(303, None, {"location": where, "cache-control": "no-store"})
