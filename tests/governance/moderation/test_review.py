"""What hides a word and must not; what only looks like one; the text is never changed."""

import time

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
    "typed", ["a red apple", "forbidding den of foxes", "unforbiddenly", "a very good thing", "", "grapes in a drape"]
)
def test_a_harmless_text_passes(typed):
    assert review([typed], POLICY).allowed
    assert review([typed], DEFAULT).allowed


@pytest.mark.parametrize(
    "typed",
    [
        # letter by letter, in pieces, without spaces
        "p o r n", "p.o.r.n", "p  o\tr\nn", "p!o!r!n", "p, o, r, n", "n a z i", "N A Z I", "r a p e", "c s a m", "a n a z i flag",
        "childporn", "c h i l d p o r n", "undressher", "undress, her", "swa-sti-ka", "behe ading", "po rn", "na_zi",
        "dis mem ber ment",
        # invisible letters, and blanks that are no spaces
        "por\u2800n", "por\u3164n", "p\u2800orn", "a\u2800porn\u2800picture", "na\u00adzi", "na\u200bzi", "na\u0000zi",
        "csa\uffa0m",
        # strokes, accents, small capitals, boxes, flags
        "pørn", "łolicon", "đismemberment", "ħentai", "pǫ́rn", "nàžï", "ṕ\u0338orn", "ᴘᴏʀɴ", "ɴᴀᴢɪ", "ꜱᴡᴀꜱᴛɪᴋᴀ", "🅿🅾🆁🅽", "🇵🇴🇷🇳",
        "🅟🅞🅡🅝", "Ⓟⓞⓡⓝ", "🄿🄾🅁🄽", "nɐzi",
        # look-alikes of other scripts, capitals too, and of our own
        "ΝΑΖΙ", "ＮＡＺＩ", "𝔫𝔞𝔷𝔦", "pоrn", "РОRN", "сsам", "swаstіkа", "loIicon", "1olicon", "|o1icon", "svvastika", "SVVASTIKA",
        "NAZl", "nazı",
        # digits and signs for letters, at the edges too
        "p0rn", "n4z1", "na2i", "hen+ai", "$wastika", "r@pe", "porn!", "a nazi!", "porn4", "nazi88", "pooorrrn",
        # among the words of a script without spaces
        "画nazi画",
    ],
)  # fmt: skip
def test_no_spelling_gets_round_what_every_studio_starts_with(typed):
    for text in (typed, f"a picture of {typed}", f"{typed}, in oil", f"({typed})"):
        assert not review([text], DEFAULT).allowed, text


@pytest.mark.parametrize(
    "typed",
    [
        "grape", "g r a p e", "a d r a p e", "scunthorpe", "therapist", "t h e r a p i s t", "a naze in kent", "drape",
        "essex", "a rapper",
        "popcorn", "acorn on a porch", "vitamin C, Sam smiles", "studio C, 5am light", "scene 3c 5am", "Nazareth",
        "the Amazing Spider",
        "Grapefruit & rapeseed field", "a silicone mould", "child, portrait", "undressed heron", "he adds a hat", "behead ingot",
        "a cat + a dog!", "f/1.8, 35mm, ISO 100", "4k, 8k, 16:9", "No. 1 (I) in A minor", "a b c d e f g", "I a m Sam",
        "IIII1111!!!!||||",
        "ein Fuchs im Schnee, Öl auf Leinwand", "un renard rusé à l'orée de la forêt", "un zorro rojo, acuarela, año nuevo",
        "lis w śniegu, łąka o świcie", "en rød ræv på øen", "kar üstünde tilki, İstanbul", "một con cáo trong tuyết",
        "рыжая лиса в снегу, самолёт в ангаре", "самурай и горы", "μια αλεπού στο χιόνι", "ΜΙΑ ΑΛΕΠΟΥ ΣΤΟ ΧΙΟΝΙ",
        "雪の中の赤い狐、水彩",
        "雪地里的红狐狸", "눈 속의 붉은 여우", "ثعلب أحمر في الثلج", "שועל אדום בשלג", "लाल लोमड़ी", "จิ้งจอกแดง",
        "🇵🇱 🇩🇪 🇫🇷 flags", "🦊❄️",
    ],
)  # fmt: skip
def test_what_is_innocent_passes(typed):
    assert review([typed], DEFAULT).allowed
    assert review([f"a picture of {typed}, in oil"], DEFAULT).allowed


@pytest.mark.parametrize(
    ("phrase", "refused", "passes"),
    [("ass", "an ass", "as a fox"), ("butt", "a buttt", "but a fox"), ("kill", "KILL", "a kite"), ("ss", "the SS", "the fox's den"),
     ("1488", "a 1488", "in 214880"), ("heil", "HEIL", "a hell"), ("裸体", "画裸体女", "体裸")],
)  # fmt: skip
def test_a_studios_own_short_rule_takes_no_other_word(phrase, refused, passes):
    policy = Policy((Rule("own", phrase, "test"),))
    assert not review([refused], policy).allowed
    assert review([passes], policy).allowed


def test_a_long_text_of_doubtful_letters_is_judged_soon():
    began = time.monotonic()
    review(["o1I!| l" * 1500, "p o r " * 1500], DEFAULT)
    assert time.monotonic() - began < 5


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
