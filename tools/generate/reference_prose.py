"""The prose of the reference pages that is not in the descriptions."""

AUTHENTICATION = """\
The provider logs in with the OAuth server-to-server credential of a project in Adobe's Developer Console:
`client_id`, `client_secret` and `organization_id`. It asks Adobe for an access token at its first request and
renews it before it ends. `access_token` takes a token that was made elsewhere instead; that one is not
renewed.

Give the secrets through the environment. An argument of the provider block is not stored in the state, but it
is written in the configuration, or in a variable that has to be set.

The credential's role needs the permissions View Destinations, Manage Destinations, View Datasets, and Manage
and Activate Dataset Destinations, and the sandbox.

`endpoint = "emulator:<file>"` needs no account: it runs an emulator of Flow Service inside the provider. The
emulator keeps its state in that file."""

NETWORK = """\
These environment variables, which most programs know, also apply to the provider's requests:

| Environment | Meaning |
|---|---|
| `HTTPS_PROXY`, `ALL_PROXY` | Proxy for the requests, which pass it encrypted. The first takes precedence. |
| `NO_PROXY` | Domains that are reached directly, separated by commas. |
| `SSL_CERT_FILE` | A file in PEM form with certificate authorities that are trusted too. |
| `SSL_CERT_DIR` | Folders with files of certificate authorities that are trusted too, separated by colons. |

The provider trusts the certificate authorities that this machine trusts, as Terraform does. A company's proxy
needs no setting once its authority is installed; otherwise name the authority's file in `SSL_CERT_FILE`.
Addresses of this machine (`localhost`, 127.0.0.0/8, `::1`) are never reached through a proxy. A SOCKS proxy
needs the package `httpx[socks]`."""

QUERY = """\
## Query

Lists need Terraform 1.14 or newer. In a file whose name ends in `.tfquery.hcl`, they are run by:

```shell
terraform query
```

`terraform query -generate-config-out=generated.tf` also writes an `import` block and a `resource` block for
each object found."""

ACTION = """\
## Invoke

Actions need Terraform 1.14 or newer. They are run by `terraform apply -invoke=action.<type>.<name>`, or by an
`action_trigger` in the `lifecycle` block of a resource."""
