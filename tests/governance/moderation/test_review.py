"""What hides a word and must not; what only looks like one; the text is never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.moderation.default_policy import DEFAULT
from governance.moderation.rules import Policy, Rule, judge, review

POLICY = Policy((Rule("test.word", "forbidden", "test"), Rule("test.phrase", "very bad thing", "test")), {"nsfw": 0.8})


@pytest.mark.parametrize(
    "typed",
    ["forbidden", "FORBIDDEN", "a Forbidden, thing", "f o r b i d d e n", "f.o.r.b.i.d.d.e.n", "fórbïdden", "f0rb1dd3n",
     "fоrbіdden", "for\u200bbidden", "fooorbidddden", "ｆｏｒｂｉｄｄｅｎ", "𝐟𝐨𝐫𝐛𝐢𝐝𝐝𝐞𝐧", "very  bad\tthing", "very-bad-thing"],
)  # fmt: skip
def test_a_hidden_word_is_found(typed):
    verdict = review(["harmless", typed], POLICY)
    assert not verdict.allowed and verdict.reasons[0].text == 1


@pytest.mark.parametrize(
    "typed", ["a red apple", "forbid den of foxes", "unforbiddenly", "a very good thing", "", "grapes in a drape"]
)
def test_a_harmless_text_passes(typed):
    assert review([typed], POLICY).allowed
    assert review([typed], DEFAULT).allowed


def test_the_span_is_of_the_text_as_typed():
    reason = review(["draw a f0rb\u200bidden fox"], POLICY).reasons[0]
    assert "draw a f0rb\u200bidden fox"[reason.start : reason.end] == "f0rb\u200bidden"


@given(st.text(max_size=60))
def test_any_text_is_judged_without_trouble(typed):
    review([typed], DEFAULT)


def test_a_score_at_the_limit_withholds_and_an_unknown_class_too():
    assert judge({"nsfw": 0.1}, POLICY).allowed
    assert not judge({"nsfw": 0.8}, POLICY).allowed
    assert not judge({}, POLICY).allowed


def test_a_policy_survives_being_kept():
    assert Policy.from_json(POLICY.as_json()).digest() == POLICY.digest()
