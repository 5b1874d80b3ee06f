"""The process that Terraform starts as the provider. It asks the server of `tests.preload.server` for a fork.

The file is run by path with `python -IS`, and imports little, so that it starts at once. It sends its own
descriptors, folder and environment, and runs as long as the forked provider: SIGTERM ends both, and so does
the exit of either or of Terraform.
"""

import os
import signal
import socket

SOCKET = "FLOWBRIDGE_TEST_PRELOAD"
"""The environment variable with the path of the server's socket."""

TERMINATE = b"T"

_PARENT_CHECK_SECONDS = 0.5


def main() -> int:
    """Run a forked provider and return its exit code."""
    parent = os.getppid()
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(os.environ[SOCKET])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: connection.send(TERMINATE))
    variables = [f"{name}={value}" for name, value in os.environ.items()]
    request = "\0".join([os.getcwd(), *variables]).encode("utf-8", "surrogateescape")
    socket.send_fds(connection, [len(request).to_bytes(4, "big")], [0, 1, 2])
    connection.sendall(request)
    connection.settimeout(_PARENT_CHECK_SECONDS)
    while os.getppid() == parent:
        try:
            code = connection.recv(1)
        except TimeoutError:
            continue
        return code[0] if code else 1
    return 1


if __name__ == "__main__":
    os._exit(main())
