"""Client of Flow Service: requests, tokens, retries and errors, without any knowledge of Terraform.

The entry point is `flow_service.FlowService`. The package itself imports nothing, so that a process that
needs `settings`, `errors` or `entities` only loads neither httpx nor pydantic.
"""
