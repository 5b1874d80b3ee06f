"""The Data Landing Zone's container and credentials, in both shapes."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from flow_emulator.behaviour.switches import Behaviour, behaviour_from_text
from tests.unit.flow_emulator.session import Session

NewSession = Callable[..., Session]
PATH = "/data/foundation/connectors/landingzone"
TYPE = "type=dlz_destination"
DAY = 86_400_000


def get(session: Session, rest: str = f"?{TYPE}", **headers: str) -> httpx.Response:
    """A GET below the landing zone's path."""
    return session.raw("GET", PATH + rest, headers={**session.headers, **headers})


def refresh(session: Session) -> httpx.Response:
    """Ask for new credentials."""
    return session.raw("POST", f"{PATH}/credentials?{TYPE}&action=refresh", headers=session.headers)


def test_azure(session: Session) -> None:
    """By default container and credentials have the Azure form, and the address carries the token."""
    assert get(session).json() == {"containerName": "dlz-destination", "containerTTL": "7"}
    shown = get(session, f"/credentials?{TYPE}").json()
    assert set(shown) == {"containerName", "SASToken", "storageAccountName", "SASUri"}
    account, token = shown["storageAccountName"], shown["SASToken"]
    assert re.fullmatch("[a-z0-9]{3,24}", account)
    assert shown["SASUri"] == f"https://{account}.blob.core.windows.net/dlz-destination?{token}"
    assert "&se=2030-03-24T17%3A46%3A40Z&sig=" in token


def test_aws(new_session: NewSession) -> None:
    """With the switch they have the AWS form, whose expiryTime is in seconds."""
    session = new_session(Behaviour(landing_zone="aws"))
    place = {"bucketName": "dlz-emulated-prod", "dlzFolder": "dlz-destination"}
    ttl = {"timeUnit": "days", "timeQuantity": 7}
    assert get(session).json() == {"dlzPath": place, "dataTTL": ttl, "dlzProvider": "Amazon S3"}
    shown = get(session, f"/credentials?{TYPE}").json()
    assert set(shown) == {"credentials", "dlzPath", "dlzProvider", "expiryTime"}
    assert set(shown["credentials"]) == {"awsAccessKeyId", "awsSecretAccessKey", "awsSessionToken"}
    assert re.fullmatch("ASIA[A-Z2-7]{16}", shown["credentials"]["awsAccessKeyId"])
    assert len(shown["credentials"]["awsSecretAccessKey"]) == 40
    assert shown["expiryTime"] == (session.millis + 7 * DAY) // 1000


@pytest.mark.parametrize("landing_zone", ["azure", "aws"])
def test_credentials_last_until_they_are_refreshed_or_end(new_session: NewSession, landing_zone: str) -> None:
    """Reads show the same ones; a refresh gives others, and so does time when they have ended."""
    session = new_session(
        behaviour_from_text({"landing_zone": landing_zone, "token_lifetime_seconds": str(30 * 86_400)})
    )
    first = get(session, f"/credentials?{TYPE}").json()
    assert get(session, f"/credentials?{TYPE}").json() == first
    second = refresh(session).json()
    assert set(second) == set(first)
    assert second != first
    session.millis += 7 * DAY - 1
    assert get(session, f"/credentials?{TYPE}").json() == second
    session.millis += 1
    assert get(session, f"/credentials?{TYPE}").json() not in (first, second)


def test_each_sandbox_has_its_own(session: Session) -> None:
    """Two sandboxes have different credentials, and refreshing one leaves the other."""
    dev = session.login(session.identities[0], "dev")
    other = get(session, f"/credentials?{TYPE}", **dev).json()
    assert other != get(session, f"/credentials?{TYPE}").json()
    refresh(session)
    assert get(session, f"/credentials?{TYPE}", **dev).json() == other


@pytest.mark.parametrize(
    ("method", "rest", "status"),
    [
        ("GET", "", 400),
        ("GET", "?type=other", 400),
        ("GET", f"/credentials?{TYPE}&action=refresh", 400),
        ("GET", "/credentials", 400),
        ("POST", f"/credentials?{TYPE}", 400),
        ("POST", f"/credentials?{TYPE}&action=drop", 400),
        ("GET", "?type=user_drop_zone", 501),
        ("GET", "/credentials?type=user_drop_zone", 501),
        ("DELETE", f"/credentials?{TYPE}", 405),
        ("GET", "/other", 404),
    ],
)
def test_other_requests_are_rejected(session: Session, method: str, rest: str, status: int) -> None:
    """The query is exactly the documented one; the landing zone of sources is not supported."""
    response = session.raw(method, PATH + rest, headers=session.headers)
    assert response.status_code == status
    assert response.json()["detail"]


def test_the_log_has_no_credentials(session: Session) -> None:
    """What was shown is neither in the request log nor in the state."""
    token = get(session, f"/credentials?{TYPE}").json()["SASToken"]
    signature = token.rpartition("=")[2]
    for page in ("requests", "state"):
        assert signature not in session.raw("GET", f"/_emulator/{page}").text
