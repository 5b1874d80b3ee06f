"""The ephemeral resources: short-lived secrets that no file of Terraform's keeps."""

from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Presence
from provider_shim.schema.block import EphemeralResource

_IMS = "Adobe's guide 'Server to server authentication'"
_ZONE = "Adobe, destinations catalogue, data-landing-zone.md; Python SDK aepp 0.6.0"


def _zone_attribute(name: str, description: str, *, sensitive: bool = False) -> Attribute:
    return computed(name, description, sensitive=sensitive, source=_ZONE)


ACCESS_TOKEN = EphemeralResource(
    type_name="aep_access_token",
    description="An access token for Adobe's APIs, made with the credentials of the provider's configuration, "
    "for other providers and for scripts that Terraform starts. It is made anew for each Terraform command "
    "and lives for about a day. Where the configuration has an `access_token`, it is that one.",
    attributes=(
        computed(
            "access_token",
            "The token, for the header `Authorization: Bearer ...`.",
            sensitive=True,
            source=_IMS,
        ),
        computed("expires_at", "When it ends, in RFC 3339; null where that is not known.", source=_IMS),
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
                    _zone_attribute("container_name", "The container."),
                    _zone_attribute("storage_account_name", "The storage account."),
                    _zone_attribute(
                        "sas_token", "The shared access signature, without an address.", sensitive=True
                    ),
                    _zone_attribute(
                        "sas_uri", "The container's address with the signature in it.", sensitive=True
                    ),
                )
            ),
        ),
        Attribute(
            name="amazon_s3",
            description="The zone, where it is in AWS; else null.",
            presence=Presence.COMPUTED,
            nested=Nested(
                (
                    _zone_attribute("bucket_name", "The bucket."),
                    _zone_attribute("folder", "The folder in the bucket."),
                    _zone_attribute("access_key_id", "The id of the access key.", sensitive=True),
                    _zone_attribute("secret_access_key", "The secret access key.", sensitive=True),
                    _zone_attribute(
                        "session_token", "The session token that belongs to the key.", sensitive=True
                    ),
                    _zone_attribute("expires_at", "When the credentials end, in RFC 3339."),
                )
            ),
        ),
    ),
)

EPHEMERAL_RESOURCES = (ACCESS_TOKEN, DATA_LANDING_ZONE_CREDENTIALS)
