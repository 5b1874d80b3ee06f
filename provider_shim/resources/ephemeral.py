"""The ephemeral resources: short-lived secrets that no file of Terraform's keeps."""

from provider_shim.schema.attribute import Attribute, Nested, Presence
from provider_shim.schema.block import EphemeralResource

_IMS = "Adobe's guide 'Server to server authentication'"
_ZONE = "Adobe, destinations catalogue, data-landing-zone.md; Python SDK aepp 0.6.0"


def _answered(name: str, description: str, *, secret: bool = False, source: str = _ZONE) -> Attribute:
    return Attribute(
        name=name, description=description, presence=Presence.COMPUTED, sensitive=secret, source=source
    )


ACCESS_TOKEN = EphemeralResource(
    type_name="aep_access_token",
    description="An access token for Adobe's APIs, made with the credentials of the provider's configuration, "
    "for other providers and for scripts that Terraform starts. It is made anew for each Terraform command "
    "and lives for about a day. Where the configuration has an `access_token`, it is that one.",
    attributes=(
        _answered(
            "access_token",
            "The token, for the header `Authorization: Bearer ...`.",
            secret=True,
            source=_IMS,
        ),
        _answered("expires_at", "When it ends, in RFC 3339; null where that is not known.", source=_IMS),
    ),
)

DATA_LANDING_ZONE_CREDENTIALS = EphemeralResource(
    type_name="aep_data_landing_zone_credentials",
    description="The temporary credentials of the sandbox's Data Landing Zone for exports, with which the "
    "exported files are fetched. Adobe provides the zone in Azure, or for some sandboxes in AWS; exactly one "
    "of the two blocks is there. Files are deleted after seven days.",
    attributes=(
        Attribute(
            name="azure_blob",
            description="The zone, where it is in Azure; else null.",
            presence=Presence.COMPUTED,
            nested=Nested(
                (
                    _answered("container_name", "The container."),
                    _answered("storage_account_name", "The storage account."),
                    _answered("sas_token", "The shared access signature, without an address.", secret=True),
                    _answered("sas_uri", "The container's address with the signature in it.", secret=True),
                )
            ),
        ),
        Attribute(
            name="amazon_s3",
            description="The zone, where it is in AWS; else null.",
            presence=Presence.COMPUTED,
            nested=Nested(
                (
                    _answered("bucket_name", "The bucket."),
                    _answered("folder", "The folder in the bucket."),
                    _answered("access_key_id", "The id of the access key.", secret=True),
                    _answered("secret_access_key", "The secret access key.", secret=True),
                    _answered("session_token", "The session token that belongs to the key.", secret=True),
                    _answered("expires_at", "When the credentials end, in RFC 3339."),
                )
            ),
        ),
    ),
)

EPHEMERAL_RESOURCES = (ACCESS_TOKEN, DATA_LANDING_ZONE_CREDENTIALS)
