"""Canaries: secrets that occur nowhere else, and the search for them in what Terraform writes."""

from __future__ import annotations

import base64
import io
import random
import string
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_BASE32 = string.ascii_uppercase + "234567"
_ALPHANUMERIC = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Canary:
    """A secret. `core` is the part of its value that no encoding of text changes."""

    value: str
    core: str


def canary(attribute: str, seed: str) -> Canary:
    """Return the secret for an attribute of a base connection, always the same one for a seed."""
    generator = random.Random(f"{attribute}/{seed}")
    if attribute == "s3_access_key":
        value = "AKIA" + "".join(generator.choices(_BASE32, k=16))
        return Canary(value, value)
    core = "".join(generator.choices(_ALPHANUMERIC, k=36))
    return Canary(f"/{core}+/+" if attribute == "s3_secret_key" else f'"\\<{core}>&%é', core)


def leaked(canaries: Iterable[str], written: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield each place, by its name in `written`, together with each canary that it contains.

    Zip files, such as Terraform's plan files, are searched entry by entry. Base64 is searched too.
    """
    wanted = {each: _forms(each) for each in canaries}
    for place, content in written.items():
        for name, text in _contents(place, content):
            for each, forms in wanted.items():
                if any(form in text for form in forms):
                    yield name, each


def _contents(place: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield place, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.namelist():
            yield from _contents(f"{place}:{entry}", archive.read(entry))


def _forms(text: str) -> list[bytes]:
    """Return the text, and for each offset the part of its base64 that its surroundings do not change."""
    raw = text.encode()
    forms = [raw]
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        start = -(-offset * 4 // 3)
        end = len(encoded.rstrip(b"=")) - 1
        forms.append(encoded[start:end])
    return forms
