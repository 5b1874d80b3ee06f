"""`aep_base_connection`: how to get into a destination."""

from provider_shim.destinations import DESTINATIONS, Destination
from provider_shim.resources import common
from provider_shim.resources.fields import attribute_of
from provider_shim.schema.attribute import Attribute, JsonField, Nested, Presence
from provider_shim.schema.block import DestinationBlock, Resource
from provider_shim.schema.block_rules import ConflictsWith, ExactlyOneOf, OneAuthenticationMethod
from provider_shim.schema.rules import Base64
from provider_shim.schema.types import NUMBER


def _block(destination: Destination) -> Attribute:
    what = "how to log in" if destination.methods else "no credentials are needed"
    return Attribute(
        name=destination.name,
        description=f"{destination.title}: {what}. Another destination is another connection.",
        presence=Presence.OPTIONAL,
        nested=Nested(tuple(attribute_of(field, "auth.params") for field in destination.credentials)),
    )


def _destination_block(destination: Destination) -> DestinationBlock:
    return DestinationBlock(
        attribute=destination.name,
        title=destination.title,
        spec_id=destination.connection_spec,
        constants={
            "connectionSpec": {"id": destination.connection_spec, "version": common.SPEC_VERSION},
        },
        methods=destination.methods,
    )


BASE_CONNECTION = Resource(
    type_name="aep_base_connection",
    title="base connection",
    identity=common.IDENTITY,
    description="The credentials for a destination, which Adobe calls an account. Exactly one of the blocks "
    "named after the destinations is set; which secrets are set in it decides the authentication method. "
    "Secrets are write-only: Terraform passes them on and stores them nowhere. Give them through variables "
    "marked `ephemeral`, because Terraform stores the value of any other variable in its plan files.",
    collection="connections",
    list_filter="connectionSpec.id==" + ",".join(each.connection_spec for each in DESTINATIONS),
    flows_filter="inheritedAttributes.targetConnections[].baseConnection.id=={id}",
    patch_paths=("name", "description", "auth.params"),
    destination_blocks=tuple(_destination_block(destination) for destination in DESTINATIONS),
    rules=(
        ExactlyOneOf(attributes=common.DESTINATION_NAMES, noun="destination"),
        *(
            OneAuthenticationMethod(
                attribute=destination.name,
                methods=destination.methods,
            )
            for destination in DESTINATIONS
            if destination.methods
        ),
        *(
            ConflictsWith(
                attribute="encryption",
                other=destination.name,
                reason=f"{destination.title} offers no file encryption.",
            )
            for destination in DESTINATIONS
            if not destination.encryption
        ),
    ),
    attributes=(
        common.ID,
        common.name_of("base connection"),
        common.description_of("base connection"),
        *(_block(destination) for destination in DESTINATIONS),
        Attribute(
            name="encryption",
            description="Encrypt the exported files for the owner of this PGP key. Adobe's sources name the "
            "answered fields in three ways, so what comes back is never compared; a change replaces the "
            "connection.",
            presence=Presence.OPTIONAL,
            requires_replace=True,
            constants={
                "encryptionSpecs.specName": "Encryption spec",
                "encryptionSpecs.params.encryptionAlgo": "PGPGPG",
            },
            nested=Nested(
                (
                    Attribute(
                        name="public_key",
                        description="The RSA public key, in base64.",
                        presence=Presence.REQUIRED,
                        json=JsonField("encryptionSpecs.params.publicKey", readable=False),
                        rules=(Base64(),),
                    ),
                )
            ),
            source="Adobe, activate-segments-file-based-destinations.md (10abac64)",
        ),
        Attribute(
            name="credentials_version",
            description="A number of your own. When it is set, the secrets are sent again whenever it changes, "
            "and only then; no fingerprint of them is kept. Use it to rotate by number, for short passwords, "
            "or where the secrets differ at each run.",
            presence=Presence.OPTIONAL,
            type=NUMBER,
        ),
        Attribute(
            name="credentials_revision",
            description="Goes up by one with every change of the secrets: when the provider notices, by a "
            "salted fingerprint kept in Terraform's private data, that the configured secrets differ from "
            "those that it sent last, or when `credentials_version` changes. It is 0 after an import.",
            presence=Presence.COMPUTED,
            type=NUMBER,
        ),
        common.DELETION_PROTECTION,
        common.TIMEOUTS,
    ),
)
