"""The provider: dispatches Terraform's RPCs to the modules that implement them.

Modules that send requests are imported when they are first needed. Terraform starts the process several times
in each command, and `validate` and the schema never need them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from provider_shim.lifecycle import configuration, overrides
from provider_shim.lifecycle.checks.validate import check_config
from provider_shim.lifecycle.checks.walk import Walk
from provider_shim.lifecycle.configuration import ProviderSettings
from provider_shim.lifecycle.flow_run import trigger
from provider_shim.lifecycle.optional_rpcs import OptionalRpcs
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    ApplyResourceChangeResponse,
    ImportResourceStateResponse,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
    ReadDataSourceResponse,
    ReadResourceRequest,
    ReadResourceResponse,
    UpgradeResourceStateResponse,
)
from provider_shim.lifecycle.resource import plan_checks
from provider_shim.lifecycle.resource.plan import plan_resource_change
from provider_shim.lifecycle.sandbox_check import SandboxCheck
from provider_shim.lifecycle.state import stored_state
from provider_shim.resources import CATALOGUE
from provider_shim.schema.block import Catalogue, Trigger
from provider_shim.schema.diagnostics import Diagnostic, error, has_errors
from provider_shim.schema.paths import ROOT
from provider_shim.schema.values import Value

if TYPE_CHECKING:
    from provider_shim.client.flow_service import FlowService
    from provider_shim.lifecycle.session.session import Session


Sleep = Callable[[float], Awaitable[object]]


class CannotConnect(Exception):
    """The client of Flow Service, or the emulator, can't be set up. The text is for the user."""


class AepProvider(SandboxCheck, OptionalRpcs):
    """The provider `aep`.

    Args:
        connect: Returns the client, given the settings and the function with which it sleeps between retries.
            It is called at the first request and may raise `CannotConnect`.
        environment: Environment variables.
        poll_interval: Seconds between two reads of an object that is changing.
        now: Returns the current time in UTC, which only warnings use.
    """

    def __init__(
        self,
        connect: Callable[[ProviderSettings, Sleep], FlowService],
        environment: Mapping[str, str],
        poll_interval: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connect = connect
        self._environment = environment
        self._poll_interval = poll_interval
        self._now = now
        self._settings = ProviderSettings()
        self._rejected: list[Diagnostic] = []
        self._session: Session | None = None
        self._in_state: set[str] = set()
        self._cancelled = asyncio.Event()
        self._walk = Walk()

    @property
    def catalogue(self) -> Catalogue:
        """The descriptions of all resources, data sources and functions."""
        return CATALOGUE

    async def validate_provider_config(self, config: Value) -> list[Diagnostic]:
        """Validate the provider's configuration. `configure_provider` checks the environment variables."""
        return configuration.validate(config)

    async def configure_provider(self, terraform_version: str, config: Value) -> list[Diagnostic]:
        """Set the provider's settings. Makes no request. Settings with errors are not kept."""
        del terraform_version  # nothing depends on it
        await self._forget_configuration()
        settings, problems = configuration.resolve(config, self._environment)
        problems = problems + overrides.read(self._environment)[1]
        if has_errors(problems):
            self._rejected = problems
        else:
            self._settings = settings
        return problems

    async def reject_configuration(self, problems: list[Diagnostic]) -> None:
        """Forget all settings and what followed from them. RPCs that need settings report these errors."""
        await self._forget_configuration()
        self._rejected = problems

    async def _forget_configuration(self) -> None:
        """Begin anew. A process that runs for debugging is configured for several commands in turn."""
        await self.close()
        self._cancelled = asyncio.Event()
        self._in_state = set()
        self._walk = Walk()
        self._warned_of_default = False
        self._settings = ProviderSettings()
        self._rejected = []

    def _configuration_problems(self) -> list[Diagnostic]:
        """Return the errors of a rejected configuration. Its attributes are not those of this RPC."""
        return [replace(each, path=ROOT) for each in self._rejected]

    async def validate_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Validate a resource's configuration by the undisputed rules."""
        return check_config(CATALOGUE.resources[type_name], config)

    async def validate_data_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Validate a data source's configuration."""
        return check_config(CATALOGUE.data_sources[type_name], config)

    async def upgrade_resource_state(
        self, type_name: str, version: int, raw_state: Any
    ) -> UpgradeResourceStateResponse:
        """Convert a stored state to the current schema."""
        resource = CATALOGUE.resources[type_name]
        self._walk.stored(resource, raw_state)
        response = stored_state.upgrade(resource, version, raw_state)
        self._remember_in_state(type_name, response.upgraded_state)
        return response

    def _remember_in_state(self, type_name: str, state: Value) -> None:
        """Remember that an object, and what it refers to, is in Terraform's state. An orphan is not."""
        if isinstance(state, dict):
            names = ("id", *CATALOGUE.resources[type_name].references)
            self._in_state.update(state[name] for name in names if isinstance(state.get(name), str))

    async def plan_resource_change(self, request: PlanResourceChangeRequest) -> PlanResourceChangeResponse:
        """Return the planned state. Makes no request unless this process has a session already."""
        self._remember_in_state(request.type_name, request.prior_state)
        resource = CATALOGUE.resources[request.type_name]
        prior, private = request.prior_state, request.prior_private
        problems = self._configuration_problems() or stored_state.unusable_change(resource, prior, None)
        problems = problems or self._other_sandbox("plan", resource, prior, private, request.prior_identity)
        if problems:
            return PlanResourceChangeResponse(
                planned_state=prior, planned_private=private, diagnostics=problems
            )
        if isinstance(resource, Trigger):
            return self._plan_sandbox(request, trigger.plan(resource, request))
        response = plan_resource_change(resource, request, self._settings.disputed_rules)
        response = self._plan_sandbox(request, response)
        return await plan_checks.check(
            resource,
            request,
            response,
            walk=self._walk,
            session=self._session,
            settings=self._settings,
            now=self._now(),
        )

    async def read_resource(self, request: ReadResourceRequest) -> ReadResourceResponse:
        """Return the current state of an object."""
        self._remember_in_state(request.type_name, request.current_state)
        self._walk.read()
        resource = CATALOGUE.resources[request.type_name]
        state, private = request.current_state, request.private
        if isinstance(resource, Trigger):
            return ReadResourceResponse(new_state=state, private=private)
        session, problems = self._get_session()
        problems = problems or stored_state.unusable_values(resource, state)
        problems = problems or self._other_sandbox("read", resource, state, private, request.current_identity)
        if session is None or problems:
            return ReadResourceResponse(new_state=state, private=private, diagnostics=problems)
        from provider_shim.lifecycle.resource import read

        return self._record_read(await read.read(session, resource, request))

    async def apply_resource_change(self, request: ApplyResourceChangeRequest) -> ApplyResourceChangeResponse:
        """Create, update or delete an object. Values that were unknown at plan are checked first."""
        self._remember_in_state(request.type_name, request.prior_state)
        resource = CATALOGUE.resources[request.type_name]
        self._walk.applied(resource, request)
        if isinstance(resource, Trigger) and request.prior_state is not None:
            return trigger.keep_state(request)
        problems = [] if request.planned_state is None else check_config(resource, request.config)
        session = None
        if not has_errors(problems):
            session, problems = self._get_session()
        problems = problems or stored_state.unusable_change(
            resource, request.prior_state, request.planned_state
        )
        problems = problems or self._other_sandbox_at_apply(resource, request)
        if session is None or problems:
            return ApplyResourceChangeResponse(
                new_state=request.prior_state, private=request.planned_private, diagnostics=problems
            )
        request = self._with_known_sandbox(request)
        if isinstance(resource, Trigger):
            return await trigger.create(session, request)
        from provider_shim.lifecycle.checks import dataset_exports
        from provider_shim.lifecycle.resource import create, delete, update

        if request.prior_state is None:
            return self._record_created(await create.create(session, resource, request))
        if request.planned_state is None:
            dataset_exports.remember_deleted(session, resource, request.prior_state)
            return await delete.delete(session, resource, request)
        return await update.update(session, resource, request)

    async def import_resource_state(self, type_name: str, identifier: str) -> ImportResourceStateResponse:
        """Read the object with this id, and return its state."""
        resource = CATALOGUE.resources[type_name]
        if isinstance(resource, Trigger):
            return ImportResourceStateResponse(diagnostics=[trigger.import_not_supported(resource)])
        session, problems = self._get_session()
        if session is None:
            return ImportResourceStateResponse(diagnostics=problems)
        from provider_shim.lifecycle.importing import import_state

        malformed = import_state.malformed_id(resource, identifier)
        if malformed:
            return ImportResourceStateResponse(diagnostics=malformed)
        return await import_state.import_resource_state(session, resource, identifier)

    async def read_data_source(self, type_name: str, config: Value) -> ReadDataSourceResponse:
        """Read a data source. Values that were unknown at validate are checked first."""
        problems = check_config(CATALOGUE.data_sources[type_name], config)
        session = None
        if not has_errors(problems):
            session, problems = self._get_session()
        if session is None:
            return ReadDataSourceResponse(state=None, diagnostics=problems)
        from provider_shim.lifecycle.data_sources import readers

        return await readers.read(session, type_name, config)

    async def stop(self) -> None:
        """End all waiting. The RPCs that wait then return the state that they have reached."""
        self._cancelled.set()

    async def close(self) -> None:
        """Close the connections to Flow Service."""
        if self._session is not None:
            service, self._session = self._session.service, None
            await service.aclose()

    async def _sleep(self, seconds: float) -> None:
        from provider_shim.lifecycle.session.cancellation import cancellable

        await cancellable(self._cancelled, asyncio.sleep(seconds))

    def _get_session(self) -> tuple[Session | None, list[Diagnostic]]:
        """Return the session with Flow Service, which is opened when it is first needed, or an error."""
        if self._session is not None:
            return self._session, []
        if self._rejected:
            return None, self._configuration_problems()
        if self._settings.unknown:
            names = ", ".join(self._settings.unknown)
            detail = (
                f"The provider's {names} will be known only after an apply, and this operation needs Flow "
                "Service. First apply what they depend on, with -target, or set them from variables."
            )
            return None, [error("The provider's configuration is not known yet", detail)]
        from provider_shim.lifecycle.resource.could_become import could_become
        from provider_shim.lifecycle.session.existing_objects import ExistingObjects
        from provider_shim.lifecycle.session.session import Session

        try:
            service = self._connect(self._settings, self._sleep)
        except CannotConnect as reason:
            return None, [error("Flow Service can't be set up", str(reason))]
        self._session = Session(
            service,
            self._poll_interval,
            self._cancelled,
            ExistingObjects(service, CATALOGUE.resources, self._in_state),
            could_become,
            fail_on_orphans=self._settings.existing_names == "error",
        )
        return self._session, []
