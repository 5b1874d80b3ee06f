"""From a field of a destination's file to an attribute."""

from provider_shim.destinations import Field
from provider_shim.schema.attribute import Attribute, JsonField, Presence
from provider_shim.schema.codecs import INTEGER, PLAIN
from provider_shim.schema.rules import Base64, IntegerBetween, NotEmpty, Pattern, Rule
from provider_shim.schema.types import NUMBER, STRING


def attribute_of(field: Field, place: str) -> Attribute:
    """The attribute of a field whose value stands under `place` in Flow Service's JSON.

    A secret is write-only and optional: null on an existing object leaves it as it is.
    """
    number = field.type == "number"
    return Attribute(
        name=field.name,
        description=field.description,
        presence=Presence.OPTIONAL if field.secret or field.optional else Presence.REQUIRED,
        type=NUMBER if number else STRING,
        sensitive=field.secret,
        write_only=field.secret,
        json=JsonField(f"{place}.{field.key}", INTEGER if number else PLAIN, readable=not field.secret),
        rules=_rules(field),
        example=field.example,
        source=field.source,
    )


def _rules(field: Field) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    if field.pattern is not None:
        rules.append(Pattern(regex=field.pattern, requirement=field.must, example=field.example))
    if field.not_empty:
        rules.append(NotEmpty(example=field.example))
    if field.base64:
        rules.append(Base64(example=field.example))
    if field.minimum is not None:
        rules.append(
            IntegerBetween(
                minimum=field.minimum, maximum=field.maximum, requirement=field.must, example=field.example
            )
        )
    return tuple(rules)
