"""What a user does about the objects that errors name: import them, or delete those that are not needed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tests.campaign import findings
from tests.campaign.commands import delete_object
from tests.campaign.configuration import COLLECTIONS, PARTS, TYPES
from tests.campaign.messages import Message, advice_of, names_ids
from tests.campaign.oracle import Finished, Live
from tests.campaign.workspace import Workspace
from tests.campaign.world import World

_NAMES_OWNERS = re.compile(r"another (address|resource)|terraform state (list|show)")
"""What a message says to a user whose state may hold the object already, at another address."""
_TYPE_OF = {COLLECTIONS[part]: TYPES[part] for part in PARTS}


class Remedies:
    """The user of one workspace, who reads its errors. `trace` is called with each thing done."""

    def __init__(
        self, world: World, workspace: Workspace, generator: random.Random, trace: Callable[[str], None]
    ) -> None:
        self._world = world
        self._workspace = workspace
        self._random = generator
        self._trace = trace

    def follow(self, finished: Finished) -> bool:
        """Import or delete the objects in no state that the errors name. Returns whether any was."""
        self._judge_imports(finished)
        live = self._world.live()
        named = sorted({each for message in finished.errors for each in names_ids(message.text)})
        is_destroy = "-destroy" in finished.words
        is_done = False
        for identifier in named:
            if identifier in live and self._world.oracle.is_untracked(identifier):
                found = live[identifier]
                messages = [each for each in finished.errors if identifier in names_ids(each.text)]
                address = None if is_destroy else self._address_for(found, messages)
                is_done |= self._take_in(found, address, messages)
        return is_done

    def _take_in(self, found: Live, address: str | None, messages: Sequence[Message]) -> bool:
        """Import an object, or delete it. Returns whether one of both was possible."""
        is_used = bool(self._users(found.id))
        may_delete = any(advice_of(each).deletion or found.id in advice_of(each).deletes for each in messages)
        if address is None or (may_delete and not is_used and self._random.random() < 0.2):
            is_advised = any(found.id in advice_of(each).deletes for each in messages)
            return self._delete(found.id, by_command=is_advised)
        self._world.oracle.imported(self._workspace.name, found.id)
        configuration = self._workspace.configuration
        self._trace(f"    the user imports {found.id} as {address}")
        self._workspace.write(replace(configuration, imports=(*configuration.imports, (address, found.id))))
        return True

    def _delete(self, identifier: str, *, by_command: bool) -> bool:
        """Delete an object that is in no state, and before it what uses it and is in no state.

        With `by_command` that is `flowbridge delete`. Returns whether the object is gone.
        """
        for user in self._users(identifier):
            if self._world.oracle.is_untracked(user.id):
                self._delete(user.id, by_command=by_command)
        is_used = bool(self._users(identifier))
        found = self._world.live().get(identifier)
        if found is None:
            return True
        if not by_command:
            is_gone = self._world.delete_outside(found.collection, identifier)
        else:
            is_gone, output = delete_object(self._world, identifier)
            if not is_gone and not is_used:
                self._world.oracle.add(findings.WRONG_ADVICE, identifier, f"flowbridge delete: {output}")
        self._trace(f"    the user deletes {identifier}, by command: {by_command}, done: {is_gone}")
        return is_gone

    def _users(self, identifier: str) -> list[Live]:
        return [each for each in self._world.live().values() if identifier in _references(each)]

    def _address_for(self, found: Live, messages: Sequence[Message]) -> str | None:
        """Return the address for an object: a free one of its type and name, with the most equal values.

        Where several are as equal, it is the address of a message that names the object.
        """
        configuration = self._workspace.configuration
        ids = self._workspace.ids()
        taken = {*ids, *(address for address, _ in configuration.imports)}
        own = [each.address for each in messages]

        def distance(address: str) -> tuple[int, bool]:
            wrong = configuration.differences(address, dict(found.document), found.state, ids)
            return len(wrong), address not in own

        free = [
            address
            for address, name in configuration.part_names().items()
            if address.startswith(_TYPE_OF[found.collection] + ".")
            and name == found.document.get("name")
            and address not in taken
        ]
        return min(free, key=distance, default=None)

    def _judge_imports(self, finished: Finished) -> None:
        """Find imports that are offered although the object has an owner, or no address is free for it."""
        live, held = self._world.live(), set(self._workspace.ids().values())
        for message in finished.errors:
            advice = advice_of(message)
            for kind, identifier in advice.imports:
                found = live.get(identifier)
                if found is None:
                    continue
                is_wrong = identifier in held and not _NAMES_OWNERS.search(message.text)
                if self._world.oracle.is_untracked(identifier) and not self._address_for(found, [message]):
                    is_wrong = is_wrong or identifier not in advice.deletes
                if is_wrong:
                    text = f"command {finished.number}: import of {kind} {identifier}"
                    self._world.oracle.add(findings.WRONG_ADVICE, identifier, text)


def _references(found: Live) -> set[Any]:
    document = found.document
    return {
        document.get("baseConnectionId"),
        *document.get("sourceConnectionIds", []),
        *document.get("targetConnectionIds", []),
    }
