"""An example of every destination and of each of its ways to log in, which most tests begin from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from flow_emulator.specs.catalogue import DATA_LAKE, SPEC_FOLDER

Destination = tuple[str, str, dict[str, Any] | None, dict[str, Any]]

# By name: connection spec, dataset flow spec, auth, params of the target, each as Adobe's tutorial has them.
DESTINATIONS: Final[dict[str, Destination]] = {
    "amazon_s3": (
        "4fce964d-3f37-408f-9778-e597338a21ee",
        "269ba276-16fc-47db-92b0-c1049a3c131f",
        {
            "specName": "Access Key",
            "params": {
                "s3AccessKey": "AKIAABCDEFGHIJKLMNOP",
                "s3SecretKey": "0123456789abcdefghijABCDEFGHIJ/+abcdEFGH",
            },
        },
        {"bucketName": "acme-aep", "path": "exports/orders"},
    ),
    "amazon_s3_role": (
        "4fce964d-3f37-408f-9778-e597338a21ee",
        "269ba276-16fc-47db-92b0-c1049a3c131f",
        {"specName": "Assumed Role", "params": {"s3Role": "arn:aws:iam::111122223333:role/aep-export"}},
        {"bucketName": "acme-aep", "path": ""},
    ),
    "azure_blob": (
        "6d6b59bf-fb58-4107-9064-4d246c0e5bb2",
        "95bd8965-fc8a-4119-b9c3-944c2c2df6d2",
        {
            "specName": "ConnectionString",
            "params": {"connectionString": "DefaultEndpointsProtocol=https;x=y"},
        },
        {"container": "aep-exports", "path": "orders"},
    ),
    "adls_gen2": (
        "be2c3209-53bc-47e7-ab25-145db8b873e1",
        "17be2013-2549-41ce-96e7-a70363bec293",
        {
            "specName": "Azure Service Principal Auth",
            "params": {
                "url": "abfss://exports@acme.dfs.core.windows.net",
                "tenant": "acme.example",
                "servicePrincipalId": "app-1",
                "servicePrincipalKey": "fake-secret",
            },
        },
        {"path": "orders"},
    ),
    "data_landing_zone": (
        "10440537-2a7b-4583-ac39-ed38d4b848e8",
        "cd2fc47e-e838-4f38-a581-8fff2f99b63a",
        None,
        {"path": "orders"},
    ),
    "google_cloud_storage": (
        "c5d93acb-ea8b-4b14-8f53-02138444ae99",
        "585c15c4-6cbf-4126-8f87-e26bff78b657",
        {
            "specName": "Google Cloud Storage authentication credentials",
            "params": {"accessKeyId": "GOOG1EXAMPLE", "secretAccessKey": "fake-secret"},
        },
        {"bucketName": "acme_aep", "path": "exports/%SEGMENT_NAME%"},
    ),
    "sftp_password": (
        "36965a81-b1c6-401b-99f8-22508f1e6a26",
        "354d6aad-4754-46e4-a576-1b384561c440",
        {
            "specName": "SFTP with Password",
            "params": {
                "domain": "sftp.example.org",
                "username": "aep",
                "password": "fake-secret",
                "port": 22,
            },
        },
        {"remotePath": "exports/orders"},
    ),
    "sftp_key": (
        "36965a81-b1c6-401b-99f8-22508f1e6a26",
        "354d6aad-4754-46e4-a576-1b384561c440",
        {
            "specName": "SFTP with SSH Key",
            "params": {"domain": "sftp.example.org", "username": "aep", "sshKey": "bWFkZS11cA=="},
        },
        {"remotePath": "exports/orders"},
    ),
}


def _examples(known: set[str]) -> Iterator[tuple[str, Destination]]:
    """Examples of the destinations that the table does not have, made from their spec files."""
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SPEC_FOLDER.glob("*.json"))]
    flow_specs = {spec: each["id"] for each in files for spec in each.get("targetConnectionSpecIds", ())}
    for spec in files:
        if spec["id"] not in flow_specs or spec["id"] in known | {DATA_LAKE}:
            continue
        params = _params(spec["targetSpec"]["spec"])
        for auth in spec["authSpec"] or [None]:
            name = f"{spec['name']} {auth['name'] if auth else ''}".strip()
            shown = {"specName": auth["name"], "params": _params(auth["spec"])} if auth else None
            yield name, (spec["id"], flow_specs[spec["id"]], shown, params)


def _params(schema: dict[str, Any]) -> dict[str, Any]:
    """The required parameters of a published schema, without those that say how files are written."""
    formats = ("fileType", "datasetFileType", "compression", "csvOptions")
    required = [name for name in schema.get("required", ()) if name not in formats]
    return {name: _value(schema["properties"][name]) for name in required}


def _value(schema: dict[str, Any]) -> Any:
    given = [*schema.get("examples", ()), *schema.get("enum", ()), schema.get("default")]
    if given[0] is not None:
        return given[0]
    if schema.get("type") in ("integer", "number"):
        return schema.get("minimum", 1)
    tried = ("example", "example.org", "EXAMPLE", "Example1", "12345", "A" * 20, "a" * 36, "A" * 40)
    fitting = [text for text in tried if re.search(schema.get("pattern", ""), text)]
    assert fitting, f"add an example of {schema} to the table"
    return fitting[0]


DESTINATIONS.update(_examples({spec for spec, *_ in DESTINATIONS.values()}))
