"""Values that look like secrets are removed although nothing is known of them."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from provider_shim.client.http.scrubber import Scrubber

SECRET = "hunter2/Q+x="

NAMED = [
    "password=%s",
    "Password = %s",
    "sftpPassword: %s",
    "passphrase:%s",
    "pwd=%s",
    "client_secret=%s",
    "clientSecret: '%s'",
    "secret '%s' was rejected",
    "secret_access_key=%s",
    "aws_secret_access_key = %s",
    "s3SecretKey: %s",
    "AccountKey=%s",
    "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=%s;EndpointSuffix=core.windows.net",
    "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=%s",
    "SharedAccessSignature=sv=2024-11-04&ss=b&sig=%s",
    "https://acme.blob.core.windows.net/exports?sv=2024-11-04&sig=%s",
    "access_token=%s",
    "sasToken: %s",
    "api_key=%s",
    "privateKey: %s",
    "Authorization: Bearer %s",
    "Authorization: Basic %s",
    "Authorization: SharedKey acme:%s",
    "the header 'Bearer %s' was rejected",
    "sftp://aep:%s@sftp.example.com/exports",
    "<password>%s</password>",
    '<ns:clientSecret type="text">%s</ns:clientSecret>',
    '{"password": "%s", "port": 22}',
    '{"auth": {"params": {"s3SecretKey" : "%s"}}}',
    "{'password': '%s'}",
    '{"password": ["%s"]}',
    "invalid configuration {password=%s}",
    "password := %s",
    '{"name":"password","value":"%s"}',
    "the command sftp --password %s failed",
    "cannot log in as aep:%s@sftp.example.com",
]


@pytest.mark.parametrize("text", NAMED)
def test_a_value_with_the_name_of_a_secret_is_removed(text: str) -> None:
    """A value is masked up to its end, also one that no request of this process contained."""
    scrubbed = Scrubber().scrub(f"Invalid request. {text % SECRET}")
    assert scrubbed.startswith("Invalid request. ")
    assert "hunter2" not in scrubbed
    assert "Q+x" not in scrubbed
    assert "***" in scrubbed


@pytest.mark.parametrize("text", NAMED)
@pytest.mark.parametrize(
    "spelled",
    [
        lambda text: json.dumps({"message": text}),
        lambda text: json.dumps(json.dumps({"message": text})),
        lambda text: quote(text),
        lambda text: "".join(f"&#{ord(each)};" for each in text),
    ],
    ids=["json", "json in json", "percent", "xml"],
)
def test_a_named_value_is_removed_in_each_spelling(text: str, spelled: object) -> None:
    """The name and the value can be escaped together."""
    assert callable(spelled)
    scrubbed = Scrubber().scrub(spelled(text % SECRET))
    for level in (scrubbed, json.dumps(scrubbed)):
        assert "hunter2" not in level
    assert "&#104;&#117;&#110;" not in scrubbed


@pytest.mark.parametrize(
    "text",
    [
        "password: this-is-my-secret",
        "password: the-quick-brown-fox-42",
        "Password: it's-me-99",
        "token: No-More-Secrets-1",
        "password: no,canary",
        "password: is.canary failed",
        '"password": "the canary sings"',
        '"password": "must-be 42canary"',
        "credential: 'canary' failed",
        "password: 1234 failed",
        "accessToken: canary",
        "password: swordfish failed",
    ],
)
def test_a_value_that_begins_with_a_word_of_prose_is_removed(text: str) -> None:
    """A word continues a sentence only if another word or the end of the sentence follows."""
    name = text.partition(" ")[0]
    scrubbed = Scrubber().scrub(text)
    assert (
        scrubbed.replace("'", "").replace('"***"', "***")
        == f"{name} ***{' failed' * text.endswith('failed')}"
    )


def test_a_quoted_value_with_spaces_and_quotes_is_removed_as_a_whole() -> None:
    """The end of a quoted value is its closing quote, and without one the end of the text."""
    assert Scrubber().scrub('{"password": "a \\"b\\" c", "port": 22}') == '{"password": "***", "port": 22}'
    assert Scrubber().scrub('"password": "a \\"b\\" c') == '"password": "***'


@pytest.mark.parametrize("end", ["-----END RSA PRIVATE KEY-----", ""])
@pytest.mark.parametrize("line_end", ["\n", "\\n", "\r\n", " "])
def test_a_pem_block_is_removed(end: str, line_end: str) -> None:
    """A key is masked from its first to its last line, or to the end of the text."""
    block = line_end.join(["-----BEGIN RSA PRIVATE KEY-----", "MIIEcanary", "canaryAA==", end])
    scrubbed = Scrubber().scrub(f"bad key {block}")
    assert scrubbed == "bad key ***"


def test_a_json_web_token_is_removed() -> None:
    """Access tokens of Adobe's have this form."""
    token = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6ImNhbmFyeSJ9.c2lnbmF0dXJl-canary_"
    assert Scrubber().scrub(f"{token} has expired") == "*** has expired"
    assert Scrubber().scrub(f"({token})") == "(***)"


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ('"accessKeyId": "canary"', '"accessKeyId": "***"'),
        ("the key AKIAIOSFODNN7EXAMPLE is unknown", "the key *** is unknown"),
        ("bad key LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ== of aep", "bad key *** of aep"),
        ("password := hunter2", "password := ***"),
    ],
)
def test_a_key_is_removed_by_its_form(text: str, scrubbed: str) -> None:
    """The ID of an AWS access key and a PEM block in base64 need no name."""
    assert Scrubber().scrub(text) == scrubbed


MESSAGES = [
    "Invalid request: password: must not be empty",
    "The password is wrong.",
    "The value for secret is missing",
    "client_secret: is required",
    "password: missing",
    "password: missing. Please set it.",
    "password: it's not valid",
    '{"message":"password: missing","code":3}',
    "auth.params.password: minimum 8 characters",
    "auth.params.password: 8 characters minimum",
    '"password": "must not be empty"',
    '{"errors": {"password": "must have 8 to 64 characters, and a digit."}}',
    '"{\\"password\\": \\"must not be empty\\"}"',
    "invalid credentials: 401 Unauthorized",
    "credential: 'auth' property missing",
    'The token "exp" claim',
    "nextToken=abc",
    "next_token=abc",
    "nextPageToken: abc",
    "continuationToken: 123",
    "Basic 256bit",
    "The option --password is required.",
    "write to mailto:support@example.com",
    "the image emulator:1.0@sha256:0123",
    "Oauth token is not valid",
    "Authorization token is missing from the request",
    "Basic authentication failed for the account",
    "The credentials for the connection are not valid. Please update them and try again.",
    "connection string: invalid format",
    'Supplied version=["26014064-0000-0200-0000-5f3ecd890000"] does not match',
    "flows not found with id = [dbf3ed61-7de6-4a0e-98da-e9a3ad0f5f3d]",
    "Source connection ids cannot be null or empty",
    "The sandbox with name: dev and ims org: 5555467B5D8013E50A494220@AdobeOrg was not found",
    "Invalid parameter: Following order ID(s) are not ready for dataset export, please wait for 5 minutes",
    "Flow can't be updated while it is in the state initializing (FLOW-1416-400)",
    "required key [s3AccessKey] not found; #/params: expected type: String, found: Null",
    "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
    "Please provide a valid spec id",
    "API key is missing",
    "Region mismatch 100%; retry after 5 s &amp; check https://experience.adobe.com/path?a=b#c",
    "invalid_client: invalid client_id parameter",
]


@pytest.mark.parametrize("message", MESSAGES)
def test_an_ordinary_message_stays_as_it_is(message: str) -> None:
    """Messages of the service that mention secrets without quoting one are not changed."""
    known = Scrubber(
        ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "sftp.acme.example", "correct horse battery"]
    )
    assert Scrubber().scrub(message) == message
    assert known.scrub(message) == message
