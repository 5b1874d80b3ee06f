"""Attributes from the fields of a destination's TOML file."""

from provider_shim.destinations import Field
from provider_shim.schema.attribute import Attribute, JsonField, Presence
from provider_shim.schema.codecs import INTEGER, PLAIN
from provider_shim.schema.rules import Base64, IntegerBetween, NotEmpty, Pattern, RelativePath, Rule
from provider_shim.schema.types import NUMBER, STRING


def attribute_of(field: Field, json_parent: str) -> Attribute:
    """Return the attribute of a field whose JSON value is below the dotted path `json_parent`.

    A secret is write-only and optional: null leaves the secret of an existing object unchanged.
    """
    number = field.type == "number"
    return Attribute(
        name=field.name,
        description=field.description,
        presence=Presence.OPTIONAL if field.secret or field.optional else Presence.REQUIRED,
        type=NUMBER if number else STRING,
        sensitive=field.secret,
        write_only=field.secret,
        json=JsonField(f"{json_parent}.{field.key}", INTEGER if number else PLAIN, readable=not field.secret),
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
    if field.relative:
        rules.append(RelativePath(example=field.example, disputed=True))
    if field.minimum is not None:
        rules.append(
            IntegerBetween(
                minimum=field.minimum, maximum=field.maximum, requirement=field.must, example=field.example
            )
        )
    return tuple(rules)
