"""A link serves its person for a minute, and nobody and nothing else; time is a parameter."""

import base64
import string
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from access.links import LIFE, Holder, Purpose, Target, make, read

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERS = Holder(uuid.uuid4(), uuid.uuid4())
TARGET = Target(Purpose.ASSET, uuid.uuid4(), uuid.uuid4())
SIGNS = string.ascii_letters + string.digits + "-_+/=. "


def opened(text, *, holder=HERS, purpose=Purpose.ASSET, now=NOW):
    return read(text, holder=holder, purpose=purpose, now=now)


def test_it_names_what_it_was_made_for():
    link = make(HERS, TARGET, now=NOW)
    assert opened(link.text) == TARGET
    assert link.expires == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("fraction", [timedelta(), timedelta(milliseconds=999)])
def test_it_lives_no_longer_than_sixty_seconds(fraction):
    made = NOW + fraction
    link = make(HERS, TARGET, now=made)
    assert timedelta(seconds=59) < link.expires - made <= LIFE == timedelta(seconds=60)
    assert opened(link.text, now=link.expires - timedelta(microseconds=1)) == TARGET
    assert opened(link.text, now=link.expires) is None
    assert opened(link.text, now=made + LIFE) is None


def test_it_serves_no_other_person_tenant_or_purpose():
    text = make(HERS, TARGET, now=NOW).text
    for other in (
        replace(HERS, person=uuid.uuid4()), replace(HERS, tenant=uuid.uuid4()), Holder(tenant=HERS.person, person=HERS.tenant),
    ):  # fmt: skip
        assert opened(text, holder=other) is None
    assert opened(text, purpose=Purpose.BUNDLE) is None
    assert opened(text) == TARGET


def test_it_says_nothing_of_its_person_and_is_made_with_this_installations_secret():
    text = make(HERS, TARGET, now=NOW).text
    inside = base64.urlsafe_b64decode(text + "=")
    assert HERS.tenant.bytes not in inside
    assert HERS.person.bytes not in inside
    with override_settings(SECRET_KEY="another installation's"):  # no secret: what it is not
        assert opened(text) is None


def test_each_changed_sign_makes_it_no_link():
    text = make(HERS, TARGET, now=NOW).text
    for at, sign in enumerate(text):
        for other in SIGNS:
            assert (opened(text[:at] + other + text[at + 1 :]) is None) == (other != sign)


@pytest.mark.parametrize("change", [
    lambda text: text[:-1], lambda text: f"{text}=", lambda text: f"{text}A", lambda text: f" {text}", lambda text: text * 2,
    lambda _: "", lambda _: "A", lambda _: "ä" * 91, lambda text: f"{text[:40]}\n{text[40:]}",
], ids=range(9))  # fmt: skip
def test_another_spelling_is_no_link(change):
    assert opened(change(make(HERS, TARGET, now=NOW).text)) is None


def test_parts_of_two_links_make_no_third():
    one = make(HERS, TARGET, now=NOW).text
    other = make(HERS, replace(TARGET, row=uuid.uuid4()), now=NOW).text
    assert opened(one[:48] + other[48:]) is None
    later = make(HERS, TARGET, now=NOW + timedelta(hours=1)).text
    assert opened(later[:5] + one[5:]) is None


@given(st.text(max_size=120))
def test_whatever_is_typed_is_read_without_trouble(text):
    assert opened(text) is None
