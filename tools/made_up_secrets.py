"""Secrets for the examples, in the form that each destination asks for. They open nothing.

The names are those of the variables of `examples/cdktf/all_destinations`.
"""

from __future__ import annotations

import base64

_SSH_KEY = """\
-----BEGIN RSA PRIVATE KEY-----
bWFkZSB1cCBmb3IgdGhlIGRlbW8sIG5vIGtleSBhdCBhbGw=
-----END RSA PRIVATE KEY-----
"""

MADE_UP_SECRETS = {
    "s3_access_key": "AKIAIOSFODNN7EXAMPLE",
    "s3_secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "azure_blob_connection_string": (
        "DefaultEndpointsProtocol=https;AccountName=acme;"
        "AccountKey=bWFkZSB1cCBmb3IgdGhlIGRlbW8=;EndpointSuffix=core.windows.net"
    ),
    "adls_gen2_service_principal_key": "made-up-service-principal-key",
    "google_cloud_storage_secret_access_key": "bWFkZSB1cCBmb3IgdGhlIGRlbW8gb2YgZXhwb3J0",
    "sftp_password": "made-up-password",
    "sftp_ssh_key": base64.b64encode(_SSH_KEY.encode()).decode(),
}
