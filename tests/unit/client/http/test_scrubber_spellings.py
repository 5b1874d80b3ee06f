"""A secret is removed whatever spelling the server has chosen, and in a limited time."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provider_shim.client.http.scrubber import MAX_LENGTH, Scrubber
from tests.unit.linear_time import assert_linear

Spelling = Callable[[str], str]


def _base64(text: str, *, before: str = "", after: str = "", url: bool = False, padding: bool = True) -> str:
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    encoded = encode(f"{before}{text}{after}".encode()).decode()
    return encoded if padding else encoded.rstrip("=")


SPELLINGS: dict[str, Spelling] = {
    "as it is": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "swapped case": str.swapcase,
    "base64": _base64,
    "base64 without padding": lambda text: _base64(text, padding=False),
    "base64 for URLs": lambda text: _base64(text, url=True),
    "base64 for URLs without padding": lambda text: _base64(text, url=True, padding=False),
    "base64 of user:secret": lambda text: f"Basic {_base64(text, before='aep:')}",
    "base64 in base64 text, first alignment": lambda text: _base64(text, before="abc", after="wxyz"),
    "base64 in base64 text, second alignment": lambda text: _base64(text, before="abcd", after="wxyz"),
    "base64 in base64 text, third alignment": lambda text: _base64(text, before="abcde", after="wxyz"),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()).decode(),
    "base64, then percent": lambda text: quote(_base64(text), safe=""),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal in upper case": lambda text: text.encode().hex().upper(),
    "hexadecimal with colons": lambda text: text.encode().hex(":"),
    "percent": lambda text: quote(text, safe=""),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent for each byte": lambda text: "".join(f"%{each:02x}" for each in text.encode()),
    "form": quote_plus,
    "json": json.dumps,
    "json in json": lambda text: json.dumps(json.dumps(text)),
    "json in json, then percent": lambda text: quote(json.dumps(json.dumps(text)), safe=""),
    "backslash u for each character": lambda text: "".join(
        f"\\u{unit:04x}" for unit in memoryview(text.encode("utf-16-le")).cast("H").tolist()
    ),
    "backslash x for each byte": lambda text: repr(text.encode()),
    "XML decimal": lambda text: "".join(f"&#{ord(each)};" for each in text),
    "XML hexadecimal": lambda text: "".join(f"&#x{ord(each):X};" for each in text),
    "XML of what must be escaped": lambda text: text.replace("&", "&amp;").replace("<", "&lt;"),
    "XML of each second character": lambda text: "".join(
        each if place % 2 else f"&#{ord(each)};" for place, each in enumerate(text)
    ),
    "first half": lambda text: text[: len(text) // 2],
    "second half": lambda text: text[len(text) // 2 :],
    "middle": lambda text: text[len(text) // 4 : -(len(text) // 4)],
    "without its first and last character": lambda text: text[1:-1],
}


ADDED = "+='\"\\"
SECRETS = st.text(
    st.sampled_from(f"{string.ascii_letters}{string.digits}/-_.:%&<> ä€{ADDED}"), min_size=24, max_size=80
).filter(
    lambda text: text == text.strip() and len(set(text)) >= 8 and sum(map(text.count, ADDED)) < len(text) / 10
)


def check_that_nothing_remains(name: str, secret: str) -> None:
    """Check that of a spelling of the secret no half and no part of sixteen characters is shown."""
    spelled = SPELLINGS[name](secret)
    scrubbed = Scrubber([secret]).scrub(f"The value [ {spelled} ] is refused")
    assert scrubbed.startswith("The value [")
    assert "***" in scrubbed
    for size in {16, len(spelled) // 2}:
        for start in range(len(spelled) - size + 1):
            assert spelled[start : start + size] not in scrubbed


@pytest.mark.thorough
@given(name=st.sampled_from(sorted(SPELLINGS)), secret=SECRETS)
@settings(max_examples=300)
def test_no_spelling_of_a_secret_remains(name: str, secret: str) -> None:
    """Whatever the secret and the spelling, nothing of it remains."""
    check_that_nothing_remains(name, secret)


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize(
    "secret", ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "p8e-aB3xQ-zT9_mN4kLq7wVs2y==="]
)
def test_no_spelling_of_a_key_remains(name: str, secret: str) -> None:
    """Keys as Amazon and Adobe issue them are found in every spelling."""
    check_that_nothing_remains(name, secret)


PARTS = {"first half", "second half", "middle", "without its first and last character"}


@pytest.mark.parametrize("name", sorted({*SPELLINGS} - PARTS))
@pytest.mark.parametrize("secret", ["hunter2!", "Tr0ub4dor&3", "pass-wörd 9"])
def test_no_spelling_of_a_short_password_remains(name: str, secret: str) -> None:
    """A password that is too short for parts is found as a whole."""
    spelled = SPELLINGS[name](secret)
    scrubbed = Scrubber([secret]).scrub(f"The value [ {spelled} ] is refused")
    assert spelled not in scrubbed
    assert "***" in scrubbed


def test_the_text_of_an_ssh_key_in_base64_is_a_secret_too() -> None:
    """A server can quote a line of the key that the base64 of the configuration contains."""
    random_text = random.Random(7)
    lines = ["".join(random_text.choices(string.ascii_letters + string.digits, k=64)) for _ in range(6)]
    key = "\n".join(["-----BEGIN OPENSSH PRIVATE KEY-----", *lines, "-----END OPENSSH PRIVATE KEY-----", ""])
    scrubber = Scrubber([base64.b64encode(key.encode()).decode()])
    for line in lines:
        assert scrubber.scrub(f"invalid line {line} in key") == "invalid line *** in key"
        assert scrubber.scrub(f"invalid line {line[20:50]} in key") == "invalid line *** in key"
    decoded = base64.b64decode("".join(lines))
    assert "***" in Scrubber([key]).scrub(f"invalid bytes {decoded.hex()}")


HUGE: dict[str, Callable[[int], str]] = {
    "one character": lambda length: "a" * length,
    "two characters": lambda length: "ab" * (length // 2),
    "base64": lambda length: base64.b64encode(random.Random(1).randbytes(length * 3 // 4)).decode(),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", HUGE)
def test_a_huge_secret_costs_time_in_proportion_to_its_size(name: str) -> None:
    """A secret of a megabyte is indexed in seconds; an expression made of it took most of a minute."""

    def scrub(secret: str) -> None:
        middle = len(secret) // 2
        text = f"the part {secret[middle : middle + 100]} is refused"
        assert Scrubber([secret]).scrub(text) == "the part *** is refused"

    assert_linear(scrub, HUGE[name](100_000), HUGE[name](1_000_000))


HOSTILE = {
    "percents": "%25252525" * 10_000,
    "escapes": "\\" * 100_000,
    "names": "password" * 20_000,
    "names and quotes": 'password="' * 20_000,
    "blocks": "-----BEGIN " * 20_000,
    "tags": "<password" * 20_000,
    "tokens": "eyJ-" * 20_000,
    "entities": "&#97;" * 20_000,
    "base64": base64.b64encode(random.Random(2).randbytes(100_000)).decode(),
    "spaces": "secret " * 20_000 + " " * 100_000,
    "a part of the secret": "abcdefgh12345678" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_costs_little_time(name: str) -> None:
    """The time for a text is limited, because only its beginning is looked at, and shown."""
    scrubber = Scrubber(["abcdefgh12345678ABCDEFGH", *(f"secret-{number}-of-many" for number in range(100))])

    def scrub(text: str) -> None:
        assert len(scrubber.scrub(text)) <= MAX_LENGTH

    assert_linear(scrub, HOSTILE[name][: MAX_LENGTH // 10], HOSTILE[name])


@pytest.mark.parametrize("length", range(MAX_LENGTH - 1200, MAX_LENGTH + 10, 59))
def test_a_secret_at_the_cut_does_not_remain(length: int) -> None:
    """The end of a long text is removed, as a secret that was cut there isn't recognised."""
    secret = "p8e-aB3xQ-zT9_mN4kLq7wVs2yHd5"
    scrubbed = Scrubber([secret]).scrub(". " * (length // 2) + secret + " ." * 5000)
    assert "p8e" not in scrubbed


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=4))
def test_no_text_makes_the_scrubber_fail(text: str, secrets: list[str]) -> None:
    """Whatever a server returns is scrubbed, and a text without secrets and escapes is not changed."""
    Scrubber(secrets).scrub(text)


@pytest.mark.thorough
def test_secrets_of_a_hostile_server_cost_little_time() -> None:
    """A response with credentials adds secrets, which are limited in their number and size."""

    def scrub(size: int) -> None:
        scrubber = Scrubber(["known-before-" + "x" * 20, "y" * 600 * size])
        scrubber.add(f"secret {number}" for number in range(size))
        assert scrubber.scrub(f"known-before-{'x' * 20} is refused") == "*** is refused"

    assert_linear(scrub, 10_000, 100_000)
