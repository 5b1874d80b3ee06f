"""The provider as a process of its own, which is configured over its real socket with mutual TLS."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grpclib.client import Channel
from grpclib.config import Configuration
from grpclib.encoding.proto import ProtoCodec

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import ROOT, client_context, client_identity, terraform_environment
from tests.contract.provider_client import errors
from tests.contract.provider_schema import ProviderSchema, from_response
from tests.fuzz.cpu_time import cpu_seconds
from tests.fuzz.protocol.encodings import packed
from tests.fuzz.protocol.values import secret
from tests.unit import samples


@dataclass(frozen=True, slots=True)
class ManagedObject:
    """An object that exists in the emulator: its configuration, state, private data and identity."""

    config: dict[str, Any]
    state: pb.DynamicValue = field(default_factory=pb.DynamicValue)
    private: bytes = b""
    identity: pb.ResourceIdentityData = field(default_factory=pb.ResourceIdentityData)


class RawCodec(ProtoCodec):
    """grpclib's codec, which also sends bytes that need not be a message."""

    def encode(self, message: Any, message_type: Any) -> bytes:
        """Return bytes as they are, and the encoding of a message."""
        return message if isinstance(message, bytes) else bytes(super().encode(message, message_type))


class ProviderProcess:
    """A running provider, with a client."""

    def __init__(self, process: subprocess.Popen[str], channel: Channel, log: Path) -> None:
        self.process = process
        self.stub = ProviderStub(channel)
        self.schema: ProviderSchema
        self.objects: dict[str, ManagedObject] = {}
        self._log = log
        self._log_position = 0

    @property
    def is_alive(self) -> bool:
        """False once the process has ended."""
        return self.process.poll() is None

    def cpu_seconds(self) -> float:
        """The CPU time that the process has used."""
        return cpu_seconds(self.process.pid)

    def new_log(self) -> str:
        """What the process has written to its standard error since the last call."""
        with self._log.open("rb") as file:
            file.seek(self._log_position)
            found = file.read()
        self._log_position += len(found)
        return found.decode(errors="replace")

    def abort(self) -> str:
        """End a process that hangs. Returns the stack of its threads, which Python writes at the signal."""
        self.process.send_signal(signal.SIGABRT)
        self.process.wait()
        return self.new_log()

    async def configure(self) -> None:
        """Configure the provider with valid settings, which also ends a stop."""
        config = pb.DynamicValue(msgpack=packed(dict.fromkeys(each.name for each in self.schema.provider)))
        response = await self.stub.ConfigureProvider(pb.ConfigureProvider.Request(config=config))
        assert errors(response) == []

    async def prepare(self) -> None:
        """Read the schema, and create one export whose objects the messages are about."""
        self.schema = from_response(await self.stub.GetProviderSchema(pb.GetProviderSchema.Request()))
        await self.configure()
        source = await self._create("aep_source_connection", samples.source_config())
        base = await self._create("aep_base_connection", samples.base_config(amazon_s3=_S3))
        target = await self._create("aep_target_connection", samples.target_config(base_connection_id=base))
        flow = samples.flow_config(source_connection_id=source, target_connection_id=target)
        flow_id = await self._create("aep_flow", flow)
        trigger = samples.resource_config(
            "aep_flow_run_trigger", flow_id=flow_id, timeouts={"create": "1s"}, triggers={"a": "1"}
        )
        self.objects["aep_flow_run_trigger"] = ManagedObject(trigger, _message(trigger | {"id": flow_id}))

    async def _create(self, type_name: str, config: dict[str, Any]) -> Any:
        import msgpack  # type: ignore[import-untyped]

        message, null = _message(config), _message(None)
        planned = await self.stub.PlanResourceChange(
            pb.PlanResourceChange.Request(
                type_name=type_name, prior_state=null, proposed_new_state=message, config=message
            )
        )
        applied = await self.stub.ApplyResourceChange(
            pb.ApplyResourceChange.Request(
                type_name=type_name,
                prior_state=null,
                planned_state=planned.planned_state,
                config=message,
                planned_private=planned.planned_private,
            )
        )
        assert errors(planned) + errors(applied) == []
        self.objects[type_name] = ManagedObject(
            config, applied.new_state, applied.private, applied.new_identity
        )
        return msgpack.unpackb(applied.new_state.msgpack)["id"]


_S3 = {name: secret(name) for name in ("s3_access_key", "s3_secret_key")}


def _message(value: Any) -> pb.DynamicValue:
    return pb.DynamicValue(msgpack=packed(value))


@contextlib.asynccontextmanager
async def provider_process(folder: Path) -> AsyncIterator[ProviderProcess]:
    """Start the provider with an emulator in this folder, and prepare it. It ends with the block."""
    identity = client_identity()
    variables = terraform_environment(
        PLUGIN_CLIENT_CERT=identity.certificate_pem.decode(),
        PLUGIN_UNIX_SOCKET_DIR=str(folder),
        AEP_ENDPOINT=f"emulator:{folder}/x.sqlite",
        AEP_EXISTING_NAMES="ignore",
        FLOWBRIDGE_POLL_INTERVAL="0.1",
        PYTHONFAULTHANDLER="1",
        TF_LOG="TRACE",
    )
    log = folder / "log"
    with _started(variables, log) as process:
        assert process.stdout is not None
        line = await asyncio.to_thread(process.stdout.readline)
        *_, path, _, certificate = line.rstrip("\n").split("|")
        server_certificate = base64.b64decode(certificate + "=" * (-len(certificate) % 4))
        channel = Channel(
            path=path,
            ssl=client_context(server_certificate, identity),
            codec=RawCodec(),
            config=Configuration(ssl_target_name_override="localhost"),
        )
        try:
            provider = ProviderProcess(process, channel, log)
            await provider.prepare()
            yield provider
        finally:
            channel.close()


@contextlib.contextmanager
def _started(variables: dict[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    with (
        log.open("wb") as log_file,
        subprocess.Popen(
            [sys.executable, "-m", "provider_shim"],
            env=variables,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log_file,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()
