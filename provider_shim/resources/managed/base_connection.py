"""`aep_base_connection`: the credentials for a destination."""

from provider_shim.destinations import DESTINATIONS, Destination
from provider_shim.resources import common
from provider_shim.resources.fields import attribute_of
from provider_shim.schema.attribute import Attribute, JsonField, Nested, Presence
from provider_shim.schema.block import DestinationBlock, Resource
from provider_shim.schema.block_rules import ConflictsWith, ExactlyOneOf, OneAuthenticationMethod
from provider_shim.schema.rules import Base64
from provider_shim.schema.types import NUMBER


def _block(destination: Destination) -> Attribute:
    text = "Credentials for" if destination.methods else "Empty block for a connection without credentials to"
    return Attribute(
        name=destination.name,
        description=f"{text} {destination.title}. Changing the destination replaces the connection. {destination.note}".rstrip(),
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
    description="Manages a base connection, which holds the credentials for a destination and which Adobe calls an "
    "account. Exactly one of the blocks named after the destinations must be set. The secrets in it select the "
    "authentication method. Secrets are write-only: Terraform does not store them. Pass them in variables marked "
    "`ephemeral`, because Terraform stores the values of other variables in plan files.",
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
            description="Encryption of the exported files with a PGP key. The provider "
            "does not detect drift of the encryption, because Adobe's sources disagree about the fields in "
            "the response.",
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
                        description="RSA public key, in base64.",
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
            description="Arbitrary number that controls when secrets are sent. If it is set, secrets are sent again "
            "only when it changes, and no fingerprint of them is stored. Use it to rotate secrets explicitly, for short "
            "passwords, and for secrets that differ in each run.",
            presence=Presence.OPTIONAL,
            type=NUMBER,
        ),
        Attribute(
            name="credentials_revision",
            description="Number that is increased by one with every change of the secrets. A change is detected by a "
            "salted fingerprint of the secrets in Terraform's private data, or if `credentials_version` is set, by its "
            "value. It is 0 after an import.",
            presence=Presence.COMPUTED,
            type=NUMBER,
        ),
        common.DELETION_PROTECTION,
        common.SANDBOX_NAME,
        common.TIMEOUTS,
    ),
)
