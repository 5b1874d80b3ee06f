"""``GET /`` renders the page; ``POST /`` handles its forms, and redirects to the page."""

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
    """A form that cannot be processed; the message is for the user."""


def show_page(request: Request) -> Response:
    """Return the page, after creating the runs that are due."""
    runs.advance(request.engine, request.tx, request.now)
    return _page(request, 200, _result_message(request))


def post_form(request: Request) -> Response:
    """Process a form, and redirect to the page; 400 with the page when that is not possible."""
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
    """Move the clock as the form asks, and return how many runs that created."""
    try:
        _set_clock(request, form)
    except (ValueError, OverflowError) as problem:
        raise _FormError(f"The clock was left as it is. {problem}") from None
    now = clock.now_millis(request.tx, request.engine.real_millis)
    return runs.advance(request.engine, request.tx, now)


def _set_clock(request: Request, form: dict[str, str]) -> None:
    """Set the clock, which stays fixed or running. Raises ValueError for an invalid time."""
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
        raise _FormError("This is not a form of the page, so nothing was done.")


def _moment(typed: str) -> str:
    """Complete the value of a browser's field, which has no offset and may have no seconds."""
    return f"{typed}:00Z" if typed.count(":") == 1 else f"{typed}Z"


def _result_message(request: Request) -> Message | None:
    """Return the message about the form that redirected here."""
    made = request.value("made")
    if made is not None and made.isascii() and made.isdigit() and len(made) < 10:
        return Message(f"The clock was set. {plural(int(made), 'run')} came due.")
    if request.value("reset") == "done":
        return Message("Everything was deleted, and the clock shows real time.")
    return None


def _page(request: Request, status: int, message: Message | None) -> Response:
    view = read_view(request, options_of(request.value), message)
    return Response(status, draw_page(view), page_headers())


def _redirect(where: str) -> Response:
    # 303: the browser then gets the page, so reloading it does not send the form again.
    return Response(303, None, {"location": where, "cache-control": "no-store"})
