"""Safe forms of the regular expressions that Adobe publishes in its connection specs.

The emulator serves the published patterns unchanged, and never runs one that is not safe: the running time of
the path pattern of Amazon S3 and Google Cloud Storage doubles with every macro of a path that does not match.
Each safe form accepts the same strings; tests compare them on random strings. Values must match as a whole.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

S3_BUCKET: Final = (
    r"(?=^.{3,63}$)(?!^(\d+\.)+\d+$)"
    r"(^(([a-z0-9]|[a-z0-9][a-z0-9\-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9\-]*[a-z0-9])$)"
)
SEGMENT_PATH: Final = r"^[0-9a-zA-Z/\!\-_\.\*\''\(\)]*((\%SEGMENT_(NAME|ID)\%)?/?)+$"
GCS_BUCKET: Final = (
    r"(?!^goog.*$)(?!^.*g(o|0)(o|0)gle.*$)"
    r"(((?=^.{3,63}$)(^([a-z0-9]|[a-z0-9][a-z0-9\-_]*)[a-z0-9]$))|"
    r"((?=^.{3,222}$)(?!^(\d+\.)+\d+$)"
    r"(^(([a-z0-9]{1,63}|[a-z0-9][a-z0-9\-_]{1,61}[a-z0-9])\.)*"
    r"([a-z0-9]{1,63}|[a-z0-9][a-z0-9\-_]{1,61}[a-z0-9])$)))"
)

# One label of a host name; a dash (for Google also an underscore) is allowed inside only.
_S3_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_GCS_LABEL: Final = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_ADDRESS: Final = r"(?![0-9]++(?:\.[0-9]++)++\Z)"

# published -> safe. Possessive quantifiers (++, *+) do not backtrack.
SAFE_FORMS: Final[dict[str, str]] = {
    S3_BUCKET: rf"(?=.{{3,63}}\Z){_ADDRESS}{_S3_LABEL}(?:\.{_S3_LABEL})*",
    SEGMENT_PATH: r"[0-9a-zA-Z/!\-_.*'()]*+(?:%SEGMENT_(?:NAME|ID)%/*+)*+",
    # A name without a dot may have 63 characters; with dots 222, each label as S3's plus the underscore.
    GCS_BUCKET: (
        r"(?!goog)(?=.{3,222}\Z)(?!.{0,220}?g[o0][o0]gle)"
        rf"(?:[a-z0-9][a-z0-9_-]{{1,61}}[a-z0-9]|{_ADDRESS}{_GCS_LABEL}(?:\.{_GCS_LABEL})*)"
    ),
}

# Published patterns whose running time grows no faster than the text although they have a group.
LINEAR: Final = frozenset({r"^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$"})

# A pattern without groups and alternatives: characters and classes, each of which may be repeated.
_ATOM: Final = r"(?:\[\^?(?:\\.|[^\]\\])+\]|\\.|[^\\\[\](){}*+?|^$])"
_REPETITION: Final = r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})"
_WITHOUT_GROUPS: Final = re.compile(rf"\^?(?:{_ATOM}{_REPETITION}?)*\$?")
_VARYING: Final = re.compile(rf"{_ATOM}([*+?]|\{{[0-9]+,[0-9]*\}})")


def is_simple(published: str) -> bool:
    """Return whether a pattern has no group and at most one repetition of varying length.

    Such a pattern gives back one character at a time and fails at once otherwise, so its running time grows
    no faster than the text.
    """
    if not _WITHOUT_GROUPS.fullmatch(published):
        return False
    return len(_VARYING.findall(published)) <= 1


class UnsafePatternError(Exception):
    """A connection spec has a pattern without a safe form that is not known to be linear."""

    def __init__(self, published: str) -> None:
        super().__init__(
            f"No safe form is known for the pattern {published!r}. "
            "Add one to SAFE_FORMS or, if it is linear, add it to LINEAR in flow_emulator/specs/patterns.py."
        )


def safe_form(published: str) -> str:
    """Return the safe form of a published pattern, for ``re.fullmatch``. Raises UnsafePatternError."""
    if published in SAFE_FORMS:
        return SAFE_FORMS[published]
    if published in LINEAR or is_simple(published):
        return published
    raise UnsafePatternError(published)


@cache
def _compiled(published: str) -> re.Pattern[str]:
    return re.compile(safe_form(published), re.ASCII)


def matches(published: str, value: str) -> bool:
    """Return whether the whole of ``value`` matches a published pattern, using its safe form."""
    return _compiled(published).fullmatch(value) is not None
