"""Flow Service as typed Python calls: requests, tokens, retries, errors. It knows nothing of Terraform.

`flow_service.FlowService` is the entrance. This package imports nothing by itself, so that a process which
only needs `settings`, `errors` or `entities` loads neither httpx nor pydantic.
"""
