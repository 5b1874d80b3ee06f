"""The campaign's user understands what the provider's messages advise."""

from __future__ import annotations

import json

from tests.campaign.messages import Message, advice_of, announces, from_events, from_text, is_gone_message

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"


def test_the_advice_of_an_error_is_read() -> None:
    """Import blocks with or without a comment, commands, and the setting for shared names."""
    message = Message(
        "error",
        "A flow of this name exists already",
        f'import {{\n  # flow "orders"\n  to = aep_flow.<name>\n  id = "{ONE}"\n}}\n'
        f'import {{\n  to = aep_flow.<name>\n  id = "{ONE}"\n}}\n'
        f"  terraform import aep_flow.<name> {TWO}\n  flowbridge delete {TWO}\n"
        "Apply once with AEP_EXISTING_NAMES=ignore.",
    )
    advice = advice_of(message)

    assert advice.imports == (("aep_flow", ONE), ("aep_flow", TWO))
    assert advice.deletes == (TWO,)
    assert advice.ignore_names
    assert not advice_of(Message("error", "Timeout", "it took too long")).ignore_names


def test_the_messages_of_a_killed_command_are_read() -> None:
    """Events are read up to the line that the kill has cut."""
    event = {
        "type": "diagnostic",
        "diagnostic": {"severity": "error", "summary": "Timeout", "detail": "late"},
    }
    output = json.dumps(event) + '\nnot an event\n{"type": "diag'

    assert list(from_events(output)) == [Message("error", "Timeout", "late")]


def test_the_messages_of_a_command_without_events_are_read() -> None:
    """`terraform state push` has no `-json`."""
    output = "Reading\n╷\n│ Error: Failed to write\n│ \n│ The lock is held.\n╵\n"

    [message] = from_text(output)
    assert (message.severity, message.summary) == ("error", "Failed to write")
    assert "The lock is held." in message.detail


def test_what_is_gone_or_may_exist_is_told_apart() -> None:
    """A message about a loss names no orphan, and an announcement names the object."""
    gone = Message("warning", "The flow is gone", f'The flow "orders" ({ONE}) no longer exists')
    may_exist = Message("error", "The response was lost", 'The flow "orders" may have been created')

    assert is_gone_message(gone)
    assert not is_gone_message(may_exist)
    assert announces(may_exist, "orders")
    assert not announces(may_exist, "returns")
