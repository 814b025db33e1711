"""What may be a password: any signs and as many as one likes, taken as typed, but nothing that others guess first."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from access import passwords
from access import services as access
from access.models import User
from config import checks
from config.env import WrongSetting
from kernel.errors import InvalidInput
from kernel.scope import tenant_scope
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.studio import PASSWORD, found

CHANGE = f"{LIBRARY}/account/password/change"
NAMES = ("Northlight Pictures", "northlight", "Alice Marten", "alice@example.com")


@pytest.fixture
def own(keeper):
    return found("Northlight")


def digest_of(word):
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper()


def changed(own, new):
    """Return what is answered to a new password, and the browser that asked for it."""
    browser = Browser(own.slug)
    assert browser.sign_in("alice").status_code == 200
    return browser.post(CHANGE, {"current_password": PASSWORD, "new_password": new})


ANY = [
    "kräftiger Wind", "ветер с моря", "🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊", "0918273645546372", "only small letters", "@(;_)&~^<>?/[]",
    "x" * 9 + "Z", " begins and ends with spaces ", "a long one " * 40,
]  # fmt: skip


@pytest.mark.parametrize("password", ANY)
def test_any_signs_make_a_password_however_many(own, password):
    assert changed(own, password).status_code == 200
    assert Browser(own.slug).sign_in("alice", password).status_code == 200


@pytest.mark.parametrize("other", [str.upper, str.strip, lambda said: said[:-1], lambda said: said + " ", lambda said: said[:72]])
def test_it_is_taken_exactly_as_it_was_typed(own, other):
    password = f" {'Even the Last of Many Signs counts ' * 6}"
    assert changed(own, password).status_code == 200
    assert Browser(own.slug).sign_in("alice", other(password)).status_code == 400
    assert Browser(own.slug).sign_in("alice", password).status_code == 200


def test_a_password_that_somebody_was_added_with_is_taken_exactly_too(own):
    password = " with spaces around it "
    access.add_person(own.actor("tom", project=False), email="nora@example.com", name="Nora", password=password)
    assert Browser(own.slug).sign_in("nora", password.strip()).status_code == 400
    assert Browser(own.slug).sign_in("nora", password).status_code == 200


def test_nobody_chooses_anothers_password(own):
    tom = Browser(own.slug)
    tom.sign_in("tom", factor=True)
    body = {"email": "otto@example.com", "name": "Otto"}
    refused = tom.post("/api/v1/people", body | {"password": PASSWORD})
    assert refused.status_code == 400
    assert "password" in refused.text
    assert tom.post("/api/v1/people", body).status_code == 201
    assert Browser(own.slug).sign_in("otto", PASSWORD).status_code == 400


def test_nine_signs_are_too_few(own):
    assert changed(own, "ninesigns").json()["errors"][0]["code"] == "password_too_short"
    assert changed(own, "ten+signs!").status_code == 200


def test_no_password_ends_by_itself(own):
    from datetime import timedelta

    from django.db.models import F

    with tenant_scope(own.tenant):
        long_ago = {"created": F("created") - timedelta(days=3650), "changed": F("changed") - timedelta(days=3650)}
        assert User.objects.filter(pk=own.people["alice"]).update(**long_ago)
    browser = Browser(own.slug)
    assert browser.sign_in("alice").status_code == 200
    assert browser.get("/api/v1/session").json()["policy"]["must"] is None


# --- what others guess first -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("password", "code"), [
    ("qwertyuiop", "password_too_common"), ("Manchester", "password_too_common"), ("sunshine2026!", "password_too_common"),
    ("1q2w3e4r5t", "password_breached"), ("Soso123aljg", "password_breached"),
])  # fmt: skip
def test_what_is_common_or_came_to_light_is_refused_at_each_door(own, password, code):
    codes = [one["code"] for one in changed(own, password).json()["errors"]]
    assert code in codes
    with pytest.raises(InvalidInput) as refused:
        access.add_person(own.actor("tom", project=False), email="new@example.com", name="New", password=password)
    assert code in refused.value.facts["why"].split(",")


def test_the_list_holds_more_than_the_three_thousand_most_frequent_that_are_long_enough():
    lines = passwords.OURS.read_text(encoding="ascii").split()
    assert len(lines) == 5000
    assert lines == sorted(set(lines))
    assert {len(line) for line in lines} == {20}
    assert not passwords.is_listed(PASSWORD, passwords.OURS)


def test_each_line_of_a_list_is_found_and_nothing_between(tmp_path):
    words = [f"word {number}" for number in range(300)]
    digests = sorted(digest_of(word) for word in words)
    path = tmp_path / "list"
    path.write_text("".join(f"{digest}:{number}\r\n" for number, digest in enumerate(digests)))
    assert all(passwords.is_listed(word, path) for word in words)
    assert not any(passwords.is_listed(f"other {number}", path) for number in range(300))
    path.write_text("")
    assert not passwords.is_listed("word 1", path)


def test_an_operators_list_counts_too(own, tmp_path):
    path = tmp_path / "list"
    path.write_text(digest_of("a sentence of a breach") + ":3\n")
    with override_settings(BREACHED_PASSWORDS=str(path)):
        assert changed(own, "a sentence of a breach").json()["errors"][0]["code"] == "password_breached"
    assert changed(own, "a sentence of a breach").status_code == 200
    with override_settings(BREACHED_PASSWORDS=str(tmp_path / "missing")), pytest.raises(WrongSetting, match="BREACHED_PASSWORDS"):
        checks.refuse_unsafe_settings()


@pytest.mark.parametrize("password", [
    "guildhall2026", "Gu1ldh@ll-2026", "northlight-guildhall", "NorthlightPictures!!", "alice.marten1", "m4rten-4l1ce-99",
    "password-studio-1", "alice@example.com",
])  # fmt: skip
def test_what_is_made_of_known_words_is_refused(password):
    assert passwords.is_made_of(password, (*passwords.WORDS, *NAMES))
    with pytest.raises(ValidationError):
        passwords.check(password, names=NAMES)


@pytest.mark.parametrize(
    "password", ["alice likes long sentences", "a northlight over cold water", PASSWORD, "!!!!!!!!!!", "0918273645"]
)
def test_a_known_word_in_a_long_sentence_is_none(password):
    passwords.check(password, names=NAMES)


def test_each_door_knows_the_studio_and_the_person(own):
    for password in ("Northlight-99", "alice-alice-1"):
        assert changed(own, password).json()["errors"][0]["code"] == "password_of_known_words"
    tom = own.actor("tom", project=False)
    for password in ("northlight.2026", "jorinde-1999"):
        with pytest.raises(InvalidInput, match=r"person\.password"):
            access.add_person(tom, email="new@example.com", name="Jorinde", password=password)
    with pytest.raises(InvalidInput, match=r"person\.password"):
        access.found_studio(
            name="Silverbirch", slug="silverbirch", owner_email="o@example.com", owner_name="Orla", password="silverbirch-7"
        )  # fmt: skip
    assert access.add_person(tom, email="new@example.com", name="Jorinde", password=PASSWORD)
