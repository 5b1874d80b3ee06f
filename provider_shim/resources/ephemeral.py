"""The ephemeral resources: temporary secrets, which Terraform stores in no file."""

from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Presence
from provider_shim.schema.block import EphemeralResource

_IMS = "Adobe's guide 'Server to server authentication'"
_ZONE = "Adobe, destinations catalogue, data-landing-zone.md; Python SDK aepp 0.6.0"


def _zone_attribute(name: str, description: str, *, sensitive: bool = False) -> Attribute:
    return computed(name, description, sensitive=sensitive, source=_ZONE)


ACCESS_TOKEN = EphemeralResource(
    type_name="aep_access_token",
    description="An access token for Adobe's APIs, for use in other providers and in scripts that Terraform starts. It "
    "is requested for each Terraform command with the credentials of the provider's configuration and is valid for "
    "about a day. If the configuration sets `access_token`, that token is returned.",
    attributes=(
        computed(
            "access_token",
            "Access token, for the header `Authorization: Bearer ...`.",
            sensitive=True,
            source=_IMS,
        ),
        computed("expires_at", "Time of expiry, in RFC 3339; null if it is not known.", source=_IMS),
    ),
)

DATA_LANDING_ZONE_CREDENTIALS = EphemeralResource(
    type_name="aep_data_landing_zone_credentials",
    description="Temporary credentials to download exported files from the sandbox's Data Landing Zone. Adobe hosts "
    "the zone in Azure, or for some sandboxes in AWS; exactly one of `azure_blob` and `amazon_s3` is set. Adobe "
    "deletes files in the zone after seven days.",
    attributes=(
        Attribute(
            name="azure_blob",
            description="Credentials of a zone in Azure; null if the zone is in AWS.",
            presence=Presence.COMPUTED,
            nested=Nested(
                (
                    _zone_attribute("container_name", "Name of the container."),
                    _zone_attribute("storage_account_name", "Name of the storage account."),
                    _zone_attribute("sas_token", "Shared access signature (SAS) token.", sensitive=True),
                    _zone_attribute(
                        "sas_uri",
                        "URI of the container, including the shared access signature.",
                        sensitive=True,
                    ),
                )
            ),
        ),
        Attribute(
            name="amazon_s3",
            description="Credentials of a zone in AWS; null if the zone is in Azure.",
            presence=Presence.COMPUTED,
            nested=Nested(
                (
                    _zone_attribute("bucket_name", "Name of the bucket."),
                    _zone_attribute("folder", "Folder in the bucket."),
                    _zone_attribute("access_key_id", "AWS access key ID.", sensitive=True),
                    _zone_attribute("secret_access_key", "AWS secret access key.", sensitive=True),
                    _zone_attribute("session_token", "AWS session token.", sensitive=True),
                    _zone_attribute("expires_at", "Time at which the credentials expire, in RFC 3339."),
                )
            ),
        ),
    ),
)

EPHEMERAL_RESOURCES = (ACCESS_TOKEN, DATA_LANDING_ZONE_CREDENTIALS)
