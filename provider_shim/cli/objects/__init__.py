"""The command for objects in Flow Service: `flowbridge delete`."""
