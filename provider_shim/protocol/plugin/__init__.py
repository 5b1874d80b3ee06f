"""The plugin process: handshake, socket, TLS, logs, and the services that go-plugin requires."""
