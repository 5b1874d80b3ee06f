"""The oracle of the campaign counts what it is there to count: a campaign that cannot fail proves nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.campaign import findings
from tests.campaign.ledger import Ledger, Made, Write
from tests.campaign.messages import Message
from tests.campaign.oracle import Finished, Holding, Live, Oracle

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"
THREE = "33333333-3333-4333-8333-333333333333"
FLOW = "aep_flow.e0"


class Case:
    """An oracle over a ledger that a test fills."""

    def __init__(self, *addresses: str) -> None:
        self.ledger = Ledger()
        self.oracle = Oracle(self.ledger, lambda _made: addresses or (FLOW,))

    def made(self, identifier: str, command: int, workspace: str = "a", **changes: Any) -> None:
        """Record an object that a command has made."""
        body = {"name": "orders", **changes.pop("body", {})}
        self.ledger.created(Made(identifier, "flows", workspace, command, body, **changes))

    def judge(
        self,
        *commands: Finished,
        before: tuple[Holding, ...] = (),
        after: tuple[Holding, ...] = (),
        live: str = "",
    ) -> None:
        """Judge commands. `live` has the ids of the objects that exist, with blanks between them."""
        self.oracle.judge(commands, before, after, self._live(live))

    def finish(self, live: str, *listed: str) -> None:
        """Judge the end; `listed` are the ids that `flowbridge orphans` names."""
        self.oracle.finish(self._live(live), listed)

    @property
    def kinds(self) -> Counter[str]:
        """How often each forbidden outcome was found."""
        return Counter(each.kind for each in self.oracle.findings)

    def _live(self, identifiers: str) -> dict[str, Live]:
        return {each: Live(each, "flows", {"name": "orders"}) for each in identifiers.split()}


def command(number: int, *messages: Message, workspace: str = "a", **changes: Any) -> Finished:
    """Return a command that has ended."""
    values: dict[str, Any] = {"code": 0, "output": "", **changes}
    return Finished(number, workspace, "terraform apply", messages=messages, **values)


def held(identifier: str, workspace: str = "a", address: str = FLOW, **changes: Any) -> Holding:
    """Return an object in a state."""
    return Holding(workspace, address, identifier, **changes)


def naming(identifier: str, severity: str = "error", summary: str = "A flow of this name exists") -> Message:
    """Return a message that names an object."""
    return Message(severity, summary, f'import {{\n  to = aep_flow.<name>\n  id = "{identifier}"\n}}')


def test_a_clean_sequence_has_no_findings() -> None:
    """A create, an update and a destroy that do what they should are no findings."""
    case = Case()
    case.made(ONE, 1)
    case.judge(command(1), after=(held(ONE),), live=ONE)
    case.judge(command(2), before=(held(ONE),), after=(held(ONE),), live=ONE)
    case.judge(command(3), before=(held(ONE),))
    case.finish("")

    assert case.kinds == {}


def test_a_silent_duplicate_is_counted() -> None:
    """An object that a killed command has left, and a copy of it in the next command without a message."""
    case = Case()
    case.made(ONE, 1)
    case.judge(command(1, signalled="terraform"), live=ONE)
    case.made(TWO, 2)
    case.judge(command(2), after=(held(TWO),), live=f"{ONE} {TWO}")

    assert case.kinds == {findings.SILENT_DUPLICATE: 1}


def test_a_killed_command_may_have_made_one_for_each_resource_of_a_name() -> None:
    """Two resources have the same name: two objects of a killed command are not copies, but three are."""
    for count, expected in ((2, {}), (3, {findings.SILENT_DUPLICATE: 1})):
        case = Case(FLOW, "aep_flow.e1")
        for identifier in (ONE, TWO, THREE)[:count]:
            case.made(identifier, 1)
        case.judge(command(1, signalled="terraform"), after=(held(TWO),), live=f"{ONE} {TWO}")

        assert case.kinds == expected


def test_a_copy_after_the_loss_of_a_state_is_counted() -> None:
    """An object whose state is lost, and a copy of it, although an earlier message has named the object."""
    case = Case()
    case.made(ONE, 1)
    case.judge(command(1, naming(ONE, "warning")), after=(held(ONE),), live=ONE)
    case.oracle.state_lost(2, (), {ONE: Live(ONE, "flows", {})})
    case.made(TWO, 2)
    case.judge(command(2), after=(held(TWO),), live=f"{ONE} {TWO}")

    assert case.kinds == {findings.SILENT_DUPLICATE: 1}


def test_a_create_that_is_sent_twice_is_counted() -> None:
    """Two objects of one create in one command, of which only the second is in the state."""
    case = Case()
    case.made(ONE, 1, answered=False)
    case.made(TWO, 1)
    case.judge(command(1), after=(held(TWO),), live=f"{ONE} {TWO}")

    assert case.kinds == {findings.SILENT_DUPLICATE: 1}


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_a_copy_that_a_message_names_is_not_counted(severity: str) -> None:
    """An error or a warning that names the orphan is what is promised."""
    case = Case()
    case.made(ONE, 1)
    case.judge(command(1, signalled="terraform"), live=ONE)
    case.made(TWO, 2)
    case.judge(command(2, naming(ONE, severity)), after=(held(TWO),), live=f"{ONE} {TWO}")
    case.finish(f"{ONE} {TWO}")

    assert case.kinds == {}


def test_a_message_that_it_is_gone_does_not_name_an_orphan() -> None:
    """A live object that leaves the state as "gone" counts, and so does its copy."""
    case = Case()
    case.made(ONE, 1)
    case.judge(command(1), after=(held(ONE),), live=ONE)
    case.made(TWO, 2)
    gone = naming(ONE, "warning", "The flow is gone")
    case.judge(command(2, gone), before=(held(ONE),), after=(held(TWO),), live=f"{ONE} {TWO}")

    assert case.kinds == {findings.DROPPED: 1, findings.SILENT_DUPLICATE: 1}


def test_an_unreported_orphan_is_counted() -> None:
    """An object in no state, which no message and not even `flowbridge orphans` names."""
    case = Case()
    case.made(ONE, 1)
    case.judge(command(1, signalled="terraform"), live=ONE)
    case.finish(ONE)

    assert case.kinds == {findings.UNREPORTED_ORPHAN: 1}


def test_flowbridge_orphans_reports_what_a_killed_command_has_left() -> None:
    """A user who knows that a command was killed runs `flowbridge orphans`."""
    case = Case()
    case.made(ONE, 1)
    case.judge(command(1, signalled="terraform"), live=ONE)
    case.finish(ONE, ONE)

    assert case.kinds == {}


def test_an_owned_object_that_flowbridge_orphans_lists_is_counted() -> None:
    """Whoever follows `flowbridge orphans` would delete an object that a state holds."""
    case = Case()
    case.made(ONE, 1)
    case.judge(command(1), after=(held(ONE),), live=ONE)
    case.finish(ONE, ONE)

    assert case.kinds == {findings.WRONG_ADVICE: 1}


def test_flowbridge_orphans_excuses_no_silent_command() -> None:
    """After a command that ended without a hint a user has no reason to look for orphans."""
    case = Case()
    case.made(ONE, 1, answered=False)
    case.judge(command(1), live=ONE)
    case.finish(ONE, ONE)

    assert case.kinds == {findings.UNREPORTED_ORPHAN: 1}


def test_an_announced_orphan_may_be_found_by_flowbridge_orphans() -> None:
    """An error that says that the object may have been created is a hint to look for it."""
    case = Case()
    case.made(ONE, 1, answered=False)
    announced = Message("error", "The response was lost", 'The flow "orders" may have been created')
    case.judge(command(1, announced, code=1), live=ONE)
    case.finish(ONE, ONE)

    assert case.kinds == {}


def test_two_owners_are_a_wrong_adoption() -> None:
    """One object at two addresses, or in two workspaces."""
    for other in (held(ONE, address="aep_flow.e1"), held(ONE, workspace="b"), held(ONE, deposed=True)):
        case = Case()
        case.made(ONE, 1)
        case.judge(command(1), after=(held(ONE), other), live=ONE)

        assert case.kinds[findings.WRONG_ADOPTION] >= 1, other


def test_an_object_of_another_workspace_is_a_wrong_adoption() -> None:
    """A state that takes over what another workspace has made; what the user imports is right."""
    for imported in (False, True):
        case = Case()
        case.made(ONE, 1, workspace="b")
        if imported:
            case.oracle.imported("a", ONE)
        case.judge(command(1), after=(held(ONE),), live=ONE)

        assert case.kinds == ({} if imported else {findings.WRONG_ADOPTION: 1})


def test_an_object_made_for_another_address_is_a_wrong_adoption() -> None:
    """A state in which an address has the object that was made, with other secrets, for another one."""
    case = Case("aep_flow.e1")
    case.made(ONE, 1)
    case.judge(command(1), after=(held(ONE),), live=ONE)

    assert case.kinds == {findings.WRONG_ADOPTION: 1}


def test_an_adoption_without_a_warning_is_counted() -> None:
    """An object whose response was lost comes into the state, with a warning that names it or without."""
    for messages, expected in ((), {findings.SILENT_ADOPTION: 1}), ((naming(ONE, "warning"),), {}):
        case = Case()
        case.made(ONE, 1, answered=False)
        case.judge(command(1, *messages), after=(held(ONE),), live=ONE)

        assert case.kinds == expected


def test_a_taint_counts_unless_the_user_has_made_it() -> None:
    """An object that a command leaves tainted; one that was tainted before is the user's."""
    for before, expected in ((), {findings.WRONG_TAINT: 1}), ((held(ONE, tainted=True),), {}):
        case = Case()
        case.made(ONE, 1)
        case.judge(command(1), before=before, after=(held(ONE, tainted=True),), live=ONE)

        assert case.kinds == expected


def test_a_deleted_protected_object_is_counted() -> None:
    """A delete request for an object whose state has `deletion_protection`."""
    case = Case()
    case.made(ONE, 1)
    case.ledger.changed(Write("DELETE", "flows", ONE, "a", 2), None)
    protected = held(ONE, attributes={"deletion_protection": True})
    case.judge(command(2), before=(protected,))

    assert case.kinds == {findings.PROTECTED_DELETED: 1}


def test_a_change_to_the_object_of_another_is_counted() -> None:
    """A workspace that deletes what another workspace, or a person, has made."""
    for maker in ("b", "outside"):
        case = Case()
        case.made(ONE, 1, workspace=maker)
        case.ledger.changed(Write("DELETE", "flows", ONE, "a", 2), None)
        case.judge(command(2), before=(held(ONE, workspace="b"),), after=(held(ONE, workspace="b"),))

        assert case.kinds == {findings.OTHERS_CHANGED: 1}


def test_an_internal_error_and_a_hang_are_counted() -> None:
    """The provider's own error; a crash that the campaign has caused itself is none."""
    case = Case()
    case.judge(command(1, output="Error: Internal error in the provider (please report)"))
    case.judge(command(2, output="Error: Plugin did not respond"))
    case.judge(command(3, output="Error: Plugin did not respond", signalled="provider"))
    case.judge(command(4, output="Error: Provider produced inconsistent result", signalled="provider"))
    case.judge(command(5, hung=True))

    assert case.kinds == {findings.INTERNAL_ERROR: 3, findings.HANG: 1}


def test_each_object_counts_once() -> None:
    """A finding that stays is not counted again after each further command."""
    case = Case()
    case.made(ONE, 1)
    twice = (held(ONE), held(ONE, address="aep_flow.e1"))
    case.judge(command(1), after=twice, live=ONE)
    case.judge(command(2), before=twice, after=twice, live=ONE)

    assert case.kinds == {findings.WRONG_ADOPTION: 1}
