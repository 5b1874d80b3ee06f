"""Reading answers that succeeded: both body shapes, as Adobe's documents disagree which comes where."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import ValidationError

from provider_shim.client.entities import Entity, Json, Written
from provider_shim.client.errors import BadAnswer, NotFound
from provider_shim.client.http.session import Answer, Call
from provider_shim.client.models import Answer as AnswerModel
from provider_shim.client.models import EntityAnswer, ListAnswer, WrittenAnswer

M = TypeVar("M", bound=AnswerModel)


def entity(call: Call, answer: Answer) -> Entity:
    """One object, from `{"items": [{...}]}` (OpenAPI, older documents) or bare (2026 tutorial).

    Raises `NotFound` for an empty list, `BadAnswer` for anything that isn't one object with an id.
    """
    body = _single(call, answer)
    if body is None:
        raise NotFound(
            "The answer holds no object.",
            status=answer.status,
            request_id=answer.request_id,
            method=call.method,
            path=call.path,
        )
    model = _validated(EntityAnswer, call, answer, body)
    version = body.get("version")
    etag = model.etag or model.e_tag or answer.etag or (version if _quoted(version) else None)
    return Entity(body, etag)


def document(call: Call, answer: Answer) -> Json:
    """An object that is no entity of Flow Service's: as it is, without a wrapper."""
    body = _json(call, answer)
    if not isinstance(body, dict):
        raise bad(call, answer, "The answer isn't an object.")
    return body


def written(call: Call, answer: Answer, *, known_id: str | None = None) -> Written:
    """The answer to a write: `{id, etag}`, or the list wrapper that the sources' OpenAPI document has.

    `known_id` stands in where the body is empty, which is enough for the change of a known object.
    """
    if known_id is not None and not answer.content.strip():
        return Written(known_id, answer.etag)
    body = _single(call, answer)
    model = _validated(WrittenAnswer, call, answer, body)
    return Written(model.id, model.etag or answer.etag)


def page(call: Call, answer: Answer) -> ListAnswer:
    """A page of a list. Raises `BadAnswer` where it has no `items`."""
    return _validated(ListAnswer, call, answer, _json(call, answer))


def bad(call: Call, answer: Answer, message: str) -> BadAnswer:
    """An error about an answer that succeeded by its status only."""
    return BadAnswer(
        message,
        status=answer.status,
        request_id=answer.request_id,
        method=call.method,
        path=call.path,
    )


def _json(call: Call, answer: Answer) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        raise bad(call, answer, "The answer isn't JSON.") from None


def _single(call: Call, answer: Answer) -> Json | None:
    """The object, out of its wrapper where it has one; None for an empty wrapper."""
    body = _json(call, answer)
    if isinstance(body, dict) and isinstance(items := body.get("items"), list) and "id" not in body:
        if not items:
            return None
        if len(items) > 1:
            raise bad(call, answer, f"The answer holds {len(items)} objects instead of one.")
        body = items[0]
    if not isinstance(body, dict):
        raise bad(call, answer, "The answer isn't an object.")
    return body


def _validated(model: type[M], call: Call, answer: Answer, body: Any) -> M:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise bad(call, answer, f"The answer isn't as documented: {places(error)}.") from None


def places(error: ValidationError) -> str:
    """What a model finds wrong, by place; never the values, which can be secret."""
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'the whole'}: {problem['msg'].lower()}"
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    )


def _quoted(text: Any) -> bool:
    return isinstance(text, str) and len(text) > 2 and text.startswith('"') and text.endswith('"')
