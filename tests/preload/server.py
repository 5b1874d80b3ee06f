"""A process that has imported the provider, and forks itself for each provider that Terraform starts.

Terraform starts a provider three to five times in each command, and imports take most of the time of a start.
A fork of this process runs the provider's `main` as a process of its own does, with the descriptors, the
folder and the environment that Terraform passed to the client.

Run by `python -m tests.preload.server <socket>`; it ends at the end of its standard input.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import random
import selectors
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from tests.preload.client import TERMINATE

_PACKAGES = ("provider_shim", "flow_emulator")
_NOT_IMPORTED = ("__main__", ".cli")


def import_all() -> None:
    """Import every module of the provider and of the emulator, except what only the command line uses."""
    for package in _PACKAGES:
        folder = [str(Path(str(importlib.import_module(package).__file__)).parent)]
        for module in pkgutil.walk_packages(folder, f"{package}."):
            if not any(part in module.name for part in _NOT_IMPORTED):
                importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


class Server:
    """The server on one socket. Each connection of a client is one forked provider."""

    def __init__(self, path: Path) -> None:
        self._selector = selectors.DefaultSelector()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)

    def serve(self) -> None:
        """Serve until standard input ends, then end all providers."""
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        print("ready", flush=True)
        providers: dict[int, _Provider] = {}
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    provider = self._start()
                    providers[provider.pid] = provider
                elif key.fileobj is sys.stdin:
                    for each in providers.values():
                        each.kill()
                    return
                elif key.data.advance(key.fileobj, self._selector):
                    del providers[key.data.pid]

    def _start(self) -> _Provider:
        connection, _ = self._listener.accept()
        size, descriptors, _, _ = socket.recv_fds(connection, 4, 3)
        request = connection.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL)
        pid = os.fork()
        if pid == 0:
            _run_provider(request.decode("utf-8", "surrogateescape"), descriptors)
        for each in descriptors:
            os.close(each)
        return _Provider(pid, connection, self._selector)


class _Provider:
    """One forked provider and the connection of its client."""

    def __init__(self, pid: int, connection: socket.socket, selector: selectors.BaseSelector) -> None:
        self.pid = pid
        self._connection = connection
        self._exit = os.pidfd_open(pid)
        selector.register(connection, selectors.EVENT_READ, self)
        selector.register(self._exit, selectors.EVENT_READ, self)

    def advance(self, ready: object, selector: selectors.BaseSelector) -> bool:
        """React to a signal, to the client's exit or to the provider's. Returns True after the last."""
        if ready is self._connection:
            if self._connection.recv(1) == TERMINATE:
                os.kill(self.pid, signal.SIGTERM)
            else:
                selector.unregister(self._connection)
                self.kill()
            return False
        _, status = os.waitpid(self.pid, 0)
        with suppress(OSError):
            self._connection.send(bytes([os.waitstatus_to_exitcode(status) & 0xFF]))
        with suppress(KeyError):
            selector.unregister(self._connection)
        selector.unregister(self._exit)
        self._connection.close()
        os.close(self._exit)
        return True

    def kill(self) -> None:
        """Kill the provider, as Terraform would have killed it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def _run_provider(request: str, descriptors: list[int]) -> None:
    """Become a provider process. Does not return."""
    code = 1
    try:
        folder, *variables = request.split("\0")
        for target, descriptor in enumerate(descriptors):
            os.dup2(descriptor, target)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.chdir(folder)
        os.environ.clear()
        for variable in variables:
            name, _, value = variable.partition("=")
            os.environ[name] = value
        random.seed()
        from provider_shim.main import main

        code = main([])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    import_all()
    Server(Path(sys.argv[1])).serve()
