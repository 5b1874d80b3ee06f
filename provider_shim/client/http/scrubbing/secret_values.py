"""Values that look like secrets, by the name in front of them or by their form.

A process that has sent no secret, as in a refresh or a destroy, does not know those that a server quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from provider_shim.client.http.scrubbing.reading import Reading

_NAMES = (
    r"pass(?:word|wd|phrase|code)",
    r"pwd",
    r"(?:client|shared|app|consumer)?[ _.-]?secret",
    r"secret[ _.-]?(?:access[ _.-]?)?key",
    r"(?:account|access|shared[ _.-]?access|storage|private|ssh|pgp|encryption|master)[ _.-]?key",
    r"access[ _.-]?key[ _.-]?id",
    r"shared[ _.-]?access[ _.-]?signature",
    # A continuation token is the place in a list, and no secret.
    r"(?<!next)(?<!next[ _.-])(?<!page)(?<!page[ _.-])(?<!continuation)(?<!continuation[ _.-])"
    r"(?:access|refresh|id|session|security|sas|auth|bearer|oauth)?[ _.-]?token",
    r"sas[ _.-]?ur[il]",
    r"api[ _.-]?key",
    r"connection[ _.-]?string",
    r"credentials?",
    r"(?<![A-Za-z])sig(?:nature)?",
    r"(?:proxy-)?authorization",
)
"""Names of secrets: those of Flow Service's connection specs, of Azure, AWS and OAuth, in all spellings."""

_PROSE = (
    r"a|an|and|are|at|but|can|can't|cannot|could|does|doesn't|empty|expected|expired|expires|"
    r"failed|field|for|format|from|has|have|he|in|incorrect|invalid|is|isn't|it|it's|its|length|longer|"
    r"maximum|may|minimum|mismatch|missing|must|no|not|null|of|on|only|or|parameter|please|property|"
    r"rejected|required|shorter|should|string|text|that|the|this|to|too|type|unable|undefined|unknown|"
    r"unsupported|value|values|was|were|which|with|wrong|you|your"
)
"""Words that continue a sentence after a name and a colon, as in `password: must not be empty`."""

_WORD = r"(?:[a-z]+(?:'[a-z]+)?|\d{1,3})(?![^\s.,;:!?)\]}\"'\\])"
"""A word, or a number of fewer digits than the shortest secret has."""

_RULE = (
    r"can't|cannot|does|doesn't|expected|has|incorrect|invalid|is|isn't|may|minimum|maximum|missing|must|"
    r"not|required|should|value"
)
"""Words that begin a rule in quotes, as in `"password": "must not be empty"`, and rarely a passphrase."""

_END_OF_SENTENCE = r"(?:(?=[.,;:!?)\]}\"'\\]*(?:\s|$))|(?=\\*[\"'][,}\]])|(?=\\[nrt]))"

_VALUE = (
    r"(?:"
    r'\\+"(?P<escaped>.*?)(?:\\+"|$)'  # its inner quotes are found at the next level of escapes
    r'|"(?P<quoted>(?:[^"\\]|\\.)*)'
    r"|\\*'(?P<single>(?:[^'\\]|\\.)*)"
    r"|(?P<list>[\[{][^\]}]*)"
    r"|(?P<plain>(?:(?:bearer|basic|sharedkey\w*)\s+)?\S+)"
    r")"
)


def spans(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the parts of the original text that look like secrets in a reading."""
    for pattern in _patterns():
        for found in pattern.finditer(reading.text):
            start, end = found.span(found.lastgroup or 0)
            if start < end:
                yield reading.origin(start, end)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    name = rf"(?:{'|'.join(_NAMES)})\\*[\"']?"
    # must not be empty, missing, 8 characters, 401 Unauthorized
    sentence = rf"\s+(?:(?:{_PROSE})(?:\s+{_WORD}|{_END_OF_SENTENCE})|\d{{1,3}}\s+(?=[a-z]){_WORD})"
    # "must not be empty"
    rule = rf"\s*\\*[\"'](?:{_RULE})(?:[,;:]?\s+{_WORD})+[.!]?\\*[\"']"
    # 'auth' property
    field = r"\s*\\*[\"'][a-z_.]+\\*[\"']\s+(?:attribute|claim|field|header|key|parameter|property)\b"
    expressions = (
        # password=..., "password": "...", password 'is'
        rf"{name}\s*(?::?=>?\s*|:(?!=|{sentence}|{rule}|{field})\s*|(?!{field})\s(?=\\*[\"'])){_VALUE}",
        # {"name": "password", "value": "..."}
        rf"{name}\s*,\s*\\*[\"']value\\*[\"']\s*:(?!{rule})\s*{_VALUE}",
        # --password ...
        rf"(?<![\w-])--[\w-]*?{name}(?!{sentence})\s+(?P<value>[^\s-]\S*)",
        # <password>...</password>
        rf"<(?:\w+:)?\w*{name}\b[^<>]*>(?P<value>[^<]*)",
        # Bearer ..., Basic ...
        r"\b(?:bearer|basic(?!\s+\d{1,4}-?[a-z]{0,9}(?![\w+/=-]))|sharedkey\w*|sharedaccesssignature)"
        r"\s+(?P<value>(?=\S*[\d=])\S{4,}|\S{24,})",
        # PEM blocks, also without an end
        r"(?P<value>-----BEGIN [^-]{0,80}-----(?:(?!-----END).)*(?:-----END [^-]{0,80}-----)?)",
        # PEM blocks in base64
        r"(?P<value>LS0tLS1CRUdJTi[\w+/=-]*(?:\r?\n[ \t]*[\w+/=-]{20,})*)",
        # IDs of AWS access keys
        r"(?<![A-Z0-9])(?P<value>(?:AKIA|ASIA)[0-9A-Z]{16})(?![0-9A-Z])",
        # JSON Web Tokens
        r"(?<![\w-])(?P<value>eyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]*)?)",
        # https://user:password@host
        r"://[^\s/:@]*:(?P<value>[^\s@]+)@",
        # user:password@host
        r"(?<![\w.+:/@-])(?!mailto:|e-?mail:|ims|org)[a-z][\w.+-]*:(?!/)(?P<value>[^\s@\"'<>]{1,128})@(?!sha)\w",
    )
    return tuple(re.compile(each, re.IGNORECASE | re.DOTALL) for each in expressions)
