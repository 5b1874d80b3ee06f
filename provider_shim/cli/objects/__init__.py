"""The commands for objects in Flow Service: `flowbridge orphans` and `flowbridge delete`."""
