"""Distinguishes literals that can be a part of a secret from those that clearly are not.

An expression for a secret has literals of its own: a separator, a format, the public parts of a connection
string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_CHARACTERS = 4
"""The letters and digits that the literals of one expression may have together."""

MOST_SYMBOLS = 8
"""The other characters, without spaces, that they may have together."""

_LONGEST_SEPARATOR = 16
_VERB = re.compile(r"%[-+# 0]{0,5}\d{0,2}(?:\.\d{0,2})?(?:\[\d{1,2}\])?[bcdefgoqstvxEGTUX%]")
_WORD_CHARACTER = re.compile(r"[^\W_]")
_SYMBOL = re.compile(r"[^\w\s]|_")
_PEM_BOUNDARY = re.compile(r"-----(?:BEGIN|END) (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----")
_PUBLIC_SEGMENTS = (
    # Settings of an Azure connection string other than the key (Microsoft, "Configure Azure Storage
    # connection strings", 2025 text), and the names of the two that are secret.
    re.compile(r"DefaultEndpointsProtocol=(?:https?)?"),
    re.compile(r"AccountName=[a-z0-9]{0,24}"),
    re.compile(r"EndpointSuffix=[a-z.]*"),
    re.compile(
        r"(?:Blob|File|Queue|Table)Endpoint=(?:https?://[a-z0-9.-]*(?::\d{1,5})?(?:/[a-z0-9]{0,24})?)?"
    ),
    re.compile(r"AccountKey=|SharedAccessSignature=\??"),
)
_TIME = r"\d{4}-\d\d-\d\d(?:T\d\d(?::|%3A)\d\d(?:(?::|%3A)\d\d(?:\.\d{1,7})?)?Z)?"
_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SIGNED = re.compile(
    # What a shared access signature has besides the value of `sig` (Microsoft, "Create an account SAS",
    # "Create a service SAS" and "Create a user delegation SAS", 2025 text).
    r"(?:SharedAccessSignature=)?\??(?:"
    r"skv=\d{4}-\d\d-\d\d|sv=\d{4}-\d\d-\d\d|ss=[bqtf]{0,4}|sks=[bqtf]|srt=[sco]{0,3}|sr=[a-z]{0,2}"
    rf"|sp=[a-z]{{0,16}}|(?:st|se|skt|ske)=(?:{_TIME})?|spr=(?:https(?:(?:,|%2C)http)?)?"
    r"|sip=(?:\d{1,3}(?:\.\d{1,3}){3}(?:-\d{1,3}(?:\.\d{1,3}){3})?)?|(?:si|ses)=[\w-]{0,64}|sdd=\d{0,2}"
    rf"|(?:skoid|sktid|saoid|suoid|scid)=(?:{_GUID})?|sig=)"
)
_ROLE = re.compile(r"arn:aws[a-z-]{0,12}:iam::|:role(?:/[\w+=,.@-]{0,64})*")
"""What an ARN has besides the account and a role that is named elsewhere."""


def can_be_secret(parts: Iterable[str], attribute: str = "") -> bool:
    """Return True if the literals of an expression can be a part of a secret.

    Separators, formats and the boundaries of a private key can't, nor can the public settings in
    `connection_string` or the parts of an ARN in `s3_role`. Short literals count together: a secret may be
    cut into small parts.

    Args:
        parts: The literals.
        attribute: The name of the secret attribute.
    """
    remaining = [_without_public(part, attribute) for part in parts]
    characters = sum(len(_WORD_CHARACTER.findall(each)) for each in remaining)
    symbols = sum(len(_SYMBOL.findall(each)) for each in remaining)
    if characters > MOST_CHARACTERS or symbols > MOST_SYMBOLS:
        return True
    return any(len(each) > _LONGEST_SEPARATOR for each in remaining)


def can_be_name(text: str) -> bool:
    """Return True if a literal can be a path, a key or a pattern: none of them has several lines."""
    return "\n" not in text.strip() or len(text) <= MOST_CHARACTERS


def _without_public(part: str, attribute: str) -> str:
    if attribute == "s3_role" and _ROLE.fullmatch(part):
        return ""
    text = _PEM_BOUNDARY.sub("", _VERB.sub("", part))
    segments = text.split(";")
    if attribute == "connection_string":
        pieces = [piece for each in segments for piece in each.split("&") if piece]
        segments = [each for each in pieces if not _is_public(each)]
    return ";".join(segments).strip()


def _is_public(setting: str) -> bool:
    return any(form.fullmatch(setting) for form in (*_PUBLIC_SEGMENTS, _SIGNED))
