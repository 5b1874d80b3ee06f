"""Models of request bodies, which are strict, and of response bodies, which are lenient.

Request models list every key that may be sent, so that an unknown key is found before sending. Keys that
depend on the destination (in `auth.params` and in a target connection's `params`) are described in the
catalogue and not checked here. Response models require only what the client itself needs and keep everything
else.

Sources: OpenAPI "Flow Service - Destinations" (2024-11-13) and Adobe's tutorial "Export datasets by using the
Flow Service API".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field
from pydantic.alias_generators import to_camel

from provider_shim.client.entities import MAX_ID_LENGTH, Collection

Text = Annotated[str, Field(min_length=1)]
Scalar = str | int | bool


class RequestModel(BaseModel):
    """Base of request bodies: snake case in Python, camel case in JSON. Errors never contain values."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", strict=True, frozen=True, hide_input_in_errors=True
    )


class SpecReference(RequestModel):
    """Reference to a connection spec or flow spec. Without `version` the service responds with 422."""

    id: Text
    version: Text


class Auth(RequestModel):
    """Credentials: `spec_name` is a name in the connection spec's `authSpec`, `params` are its secrets."""

    spec_name: Text
    params: dict[str, Scalar]


class Encryption(RequestModel):
    """Encryption of the exported files with a public key (guide "Activate audiences to file-based
    destinations"). Adobe's samples use three spellings of the keys, so `params` is not checked."""

    spec_name: Text | None = None
    params: dict[str, Scalar]


class Dataset(RequestModel):
    """One dataset of a source connection. The capital S of `dataSetId` is Adobe's."""

    data_set_id: Text
    name: Text


class Datasets(RequestModel):
    """The `params` of a source connection."""

    datasets: Annotated[list[Dataset], Field(min_length=1)]


class TargetParams(RequestModel):
    """The `params` of a target connection: keys that all destinations share, and the destination's own."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Scalar]

    mode: Text | None = None
    dataset_file_type: Text
    compression: Text
    include_file_manifest: bool | None = None


class Schedule(RequestModel):
    """`scheduleParams`: times in whole seconds since 1970. `foldernameTemplate` is spelled as in the tutorial
    (the OpenAPI document has `folderNameTemplate`)."""

    time_unit: Text
    interval: Annotated[int, Field(ge=0)]
    start_time: int
    end_time: int | None = None
    export_mode: Text | None = None
    folder_name_template: Annotated[Text | None, Field(alias="foldernameTemplate")] = None


class SourceConnectionRequest(RequestModel):
    """Body of POST /sourceConnections."""

    name: Text
    description: str | None = None
    connection_spec: SpecReference
    params: Datasets


class BaseConnectionRequest(RequestModel):
    """Body of POST /connections. `auth` is absent for a Data Landing Zone, which has no credentials."""

    name: Text
    description: str | None = None
    connection_spec: SpecReference
    auth: Auth | None = None
    encryption_specs: Encryption | None = None
    encryption: Encryption | None = None


class TargetConnectionRequest(RequestModel):
    """Body of POST /targetConnections."""

    name: Text
    description: str | None = None
    base_connection_id: Text
    connection_spec: SpecReference
    params: TargetParams


SingleId = Annotated[list[Text], Field(min_length=1, max_length=1)]


class FlowRequest(RequestModel):
    """Body of POST /flows. It has no `state`: the service rejects it (1410), an action sets it."""

    name: Text
    description: str | None = None
    flow_spec: SpecReference
    source_connection_ids: SingleId
    target_connection_ids: SingleId
    transformations: Annotated[list[Any], Field(max_length=0)]
    schedule_params: Schedule


REQUESTS: Mapping[Collection, type[RequestModel]] = MappingProxyType(
    {
        Collection.SOURCE_CONNECTIONS: SourceConnectionRequest,
        Collection.CONNECTIONS: BaseConnectionRequest,
        Collection.TARGET_CONNECTIONS: TargetConnectionRequest,
        Collection.FLOWS: FlowRequest,
    }
)
"""The request model of each collection's POST. Runs are created by the service only."""


def _text_or_none(value: Any) -> Any:
    return value if isinstance(value, str) and value else None


def _code_text(value: Any) -> Any:
    """Convert a gateway code: a string in Adobe's troubleshooting guide, a number in the OpenAPI document."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text_or_none(value)


LenientText = Annotated[str | None, BeforeValidator(_text_or_none)]
"""A non-empty string, or None for any other value, because reading an error must not fail."""


def is_header_text(text: str | None) -> bool:
    """Whether a text can be sent in a header."""
    return text is not None and re.fullmatch(r"[\x20-\x7e]{1,1000}", text) is not None


def _etag_or_none(value: Any) -> Any:
    return value if isinstance(value, str) and is_header_text(value) else None


Etag = Annotated[str | None, BeforeValidator(_etag_or_none)]
"""An etag that can be sent back in `If-Match`, or None for any other value."""


class ResponseModel(BaseModel):
    """Base of response bodies."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel, hide_input_in_errors=True)


Id = Annotated[str, Field(min_length=1, max_length=MAX_ID_LENGTH, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""An id that can be a part of a URL and of a message. Those of Flow Service are UUIDs."""


class WriteResponse(ResponseModel):
    """Response to a create, a patch or an action."""

    id: Id
    etag: Etag = None


class EntityResponse(ResponseModel):
    """One object. For runs, one of Adobe's two documents spells the etag `eTag`."""

    id: Id
    etag: Etag = None
    e_tag: Etag = None


class Link(ResponseModel):
    """A link in a list."""

    href: LenientText = None


class Links(ResponseModel):
    """Link to the next page. The last page has none, or an empty object."""

    next: Link | None = None


class PageInfo(ResponseModel):
    """Position of a page in the list of exportable datasets."""

    has_next: bool = False


class ListResponse(ResponseModel):
    """A page of objects, with a continuation link or (datasets only) an offset."""

    items: Annotated[list[dict[str, Any]], FailFast()]
    links: Annotated[Links | None, Field(alias="_links")] = None
    page_info: PageInfo | None = None


class Report(ResponseModel):
    """The `report` of a current error body."""

    detailed_message: Annotated[LenientText, Field(alias="detailed-message")] = None
    request_id: Annotated[LenientText, Field(alias="request-id")] = None


class ErrorResponse(ResponseModel):
    """The keys of all error bodies: gateway, Flow Service old and new, platform, plain, and OAuth."""

    type: LenientText = None
    title: LenientText = None
    detail: LenientText = None
    message: LenientText = None
    report: Annotated[
        Report | None, BeforeValidator(lambda value: value if isinstance(value, dict) else None)
    ] = None
    error_message: LenientText = None
    error_details: LenientText = None
    error_code: Annotated[str | None, BeforeValidator(_code_text), Field(alias="error_code")] = None
    error: LenientText = None
    error_description: Annotated[LenientText, Field(alias="error_description")] = None


class TokenResponse(ResponseModel):
    """Response of the token endpoint. `expires_in` is in seconds."""

    access_token: Annotated[Text, Field(alias="access_token")]
    expires_in: Annotated[float | None, Field(alias="expires_in")] = None
