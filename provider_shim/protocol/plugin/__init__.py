"""The provider as a plugin process: handshake, socket, TLS, logs, and the services beside the provider's own."""
