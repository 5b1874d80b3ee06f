"""A whole export: from datasets to files in a destination, on a schedule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdktf import TerraformProvider, TerraformResourceLifecycle
from constructs import Construct

from constructs_lib.checks import path_of, problems_of
from constructs_lib.construct_error import ConstructError, Problem
from constructs_lib.dataset import Dataset
from constructs_lib.file_format import FileFormat
from constructs_lib.generated.base_connection import BaseConnection
from constructs_lib.generated.destination import Destination
from constructs_lib.generated.flow import Flow
from constructs_lib.generated.source_connection import SourceConnection, SourceConnectionDataset
from constructs_lib.generated.target_connection import TargetConnection
from constructs_lib.generated.timeouts import Timeouts
from constructs_lib.schedule import Schedule
from provider_shim.resources import CATALOGUE
from provider_shim.schema.paths import AttributeName, Path, path
from provider_shim.schema.values import UNKNOWN

_LATER = UNKNOWN  # the id of an object that this export creates
_RENAMED = {
    "base_connection_id": path("account"),
    "file_type": path("file_format"),
    "compression": path("file_format", "compression"),
}
_SCHEDULE = {
    "interval": path("schedule", "hours"),
    "start_time": path("schedule", "start"),
    "end_time": path("schedule", "end"),
    "folder_name_template": path("schedule", "folder_name_template"),
}


class DatasetExport(Construct):
    """Exports datasets to a destination: a source connection, a base connection with the credentials, a
    target connection and the flow that joins them.

    Several exports to one place share a base connection: give each of them the same `account`, a
    `BaseConnection` or the id of one (such as another export's `base_connection_id`), and leave out the
    credentials.

    All arguments are checked at once; `ConstructError` lists every problem with this construct's path.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        datasets: Sequence[Dataset],
        destination: Destination,
        file_format: FileFormat,
        schedule: Schedule,
        account: BaseConnection | str | None = None,
        name: str | None = None,
        description: str | None = None,
        enabled: bool | None = None,
        include_file_manifest: bool | None = None,
        credentials_version: int | None = None,
        deletion_protection: bool | None = None,
        timeouts: Timeouts | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        """Create the export's constructs.

        Args:
            scope: The construct that this one is in.
            id_: The id of the construct in its scope.
            datasets: What to export, at least one dataset. All of them share the schedule.
            destination: The place of the files, with the credentials for it.
            file_format: The format of the files.
            schedule: The times of the runs.
            account: An existing base connection, or its id, in place of a new one for this export.
            name: The name of the four objects, shown in Adobe's web page. The default is the construct's id.
            description: The purpose of the export.
            enabled: Whether the flow runs; it does unless this is false.
            include_file_manifest: Whether each run also writes a list of its files.
            credentials_version: A number of your own: the secrets are sent again when it changes, and only
                then. Unless it is given, they are sent again when they change.
            deletion_protection: Whether Terraform refuses to destroy or replace the flow, the target
                connection and the base connection. The source connection is left out, since other datasets
                always mean another one.
            timeouts: How long to wait for Flow Service.
            provider: The `AepProvider` to use, where the stack has several.

        Raises:
            ConstructError: Some arguments are wrong; it has all their problems.
        """
        if wrong := _wrong_classes(destination, file_format, schedule, account):
            raise ConstructError(path_of(scope, id_), wrong)
        super().__init__(scope, id_)
        shared = {"name": id_ if name is None else name, "description": description, "timeouts": timeouts}
        protected = {**shared, "deletion_protection": deletion_protection}
        parts = _Parts(
            destination=destination,
            account=account,
            schedule=schedule,
            source={
                **shared,
                "datasets": _source_datasets(datasets),
            },
            base={**protected, **destination._to_base(), "credentials_version": credentials_version}
            if destination._fits_credentials
            else {},
            target={
                **protected,
                **destination._to_target(),
                "file_type": file_format.file_type,
                "compression": file_format.compression,
                "include_file_manifest": include_file_manifest,
            },
            flow={**protected, "schedule": schedule._to_flow(), "enabled": enabled},
        )
        if problems := parts.problems(self):
            raise ConstructError(path_of(scope, id_), problems)
        self._make(parts, provider)

    def _make(self, parts: _Parts, provider: TerraformProvider | None) -> None:
        source = SourceConnection(
            self,
            "source",
            **parts.source,
            provider=provider,
            # Other datasets need another source connection, and the flow must always have one.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        account = parts.account
        if account is None:
            account = BaseConnection(self, "base", **parts.base, provider=provider)
        # Each reference is read once: reading it is a call to CDKTF's own process.
        self._source_connection_id = source.id
        self._base_connection_id = account.id if isinstance(account, BaseConnection) else account
        target = TargetConnection(
            self, "target", **parts.target, base_connection_id=self._base_connection_id, provider=provider
        )
        self._target_connection_id = target.id
        flow = Flow(
            self,
            "flow",
            **parts.flow,
            destination=target.destination,
            source_connection_id=self._source_connection_id,
            target_connection_id=self._target_connection_id,
            provider=provider,
        )
        self._flow = flow
        self._flow_id = flow.id

    @property
    def flow_id(self) -> str:
        """The id of the flow, as a reference."""
        return self._flow_id

    @property
    def source_connection_id(self) -> str:
        """The id of the source connection, as a reference."""
        return self._source_connection_id

    @property
    def base_connection_id(self) -> str:
        """The id of the base connection, its own or that of the `account`."""
        return self._base_connection_id

    @property
    def target_connection_id(self) -> str:
        """The id of the target connection, as a reference."""
        return self._target_connection_id

    @property
    def sandbox_name(self) -> str:
        """The sandbox of the export, as a reference."""
        return self._flow.sandbox_name


def _wrong_classes(
    destination: object, file_format: object, schedule: object, account: object
) -> list[Problem]:
    """The problems of arguments that are not made by the methods of their class."""
    expected = (
        ("destination", destination, Destination),
        ("file_format", file_format, FileFormat),
        ("schedule", schedule, Schedule),
    )
    found = [
        Problem(name, f"use a method of `{kind.__name__}`: it can't be {type(value).__name__}.")
        for name, value, kind in expected
        if not isinstance(value, kind)
    ]
    if not isinstance(account, BaseConnection | str | None):
        why = f"it must be a BaseConnection or the id of one, not {type(account).__name__}."
        found.append(Problem("account", why))
    return found


def _source_datasets(datasets: object) -> object:
    """The datasets of the source connection. What is no `Dataset`, such as a dictionary, is checked there."""
    if not isinstance(datasets, Iterable) or isinstance(datasets, str | Mapping):
        return datasets
    return [
        SourceConnectionDataset(id=each.id, name=each.name) if isinstance(each, Dataset) else each
        for each in datasets
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The arguments of the four resources, before any of them is created."""

    destination: Destination
    account: BaseConnection | str | None
    schedule: Schedule
    source: dict[str, Any]
    base: dict[str, Any]
    target: dict[str, Any]
    flow: dict[str, Any]

    def problems(self, scope: Construct) -> list[Problem]:
        """All problems, each of them once."""
        found = self._of("aep_source_connection", self.source, scope)
        found += self._login_problems(scope)
        account = self.account if isinstance(self.account, str) else _LATER
        found += self._of("aep_target_connection", {**self.target, "base_connection_id": account}, scope)
        times = self.schedule._problems()
        reported = {problem.argument for problem in times}
        later = {"destination": _LATER, "source_connection_id": _LATER, "target_connection_id": _LATER}
        flow = self._of("aep_flow", {**self.flow, **later}, scope)
        found += [*times, *(problem for problem in flow if problem.argument not in reported)]
        return list(dict.fromkeys(found))

    def _login_problems(self, scope: Construct) -> list[Problem]:
        """Either credentials or an account, and for this destination."""
        destination, account = self.destination, self.account
        if account is not None:
            return destination._account_problems(account)
        return destination._credentials_problems() or self._of("aep_base_connection", self.base, scope)

    def _of(self, type_name: str, arguments: dict[str, Any], scope: Construct) -> list[Problem]:
        return problems_of(CATALOGUE.resources[type_name], arguments, scope, self._argument)

    def _argument(self, place: Path) -> Path:
        """The argument that an attribute of one of the four resources comes from."""
        match place.steps:
            case (AttributeName(first), *_) if first == self.destination.name:
                return self.destination._argument(place)
            case (AttributeName("schedule"), AttributeName(field)):
                return _SCHEDULE.get(field, path("schedule"))
            case (AttributeName(name),):
                return _RENAMED.get(name, place)
        return place
