from __future__ import annotations

import copy
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, override, pgettext

from b2b.sentences import Measure, in_language, kept, remembered, revived, said


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def kept_and_read(text: str) -> tuple[str, str]:
    """In English and in Chinese, after JSON."""
    told = json.loads(json.dumps(kept(text)))
    with override("zh-hans"):
        return text, said(told)


def test_a_sentence_is_said_again_in_another_language_with_what_was_put_into_it():
    with remembered():
        empty = gettext("This cell may not be empty. Write %(expects)s.") % {
            "expects": gettext_lazy("a number such as 1234.5")
        }

    assert kept_and_read(empty) == (
        "This cell may not be empty. Write a number such as 1234.5.", "此单元格不能为空。请填写数字，例如 1234.5。",
    )  # fmt: skip


def test_numbers_count_again_and_words_of_a_context_stay_in_it():
    with remembered():
        rows = ngettext("%(rows)s row has faults.", "%(rows)s rows have faults.", 3) % {"rows": 3}
        apply = pgettext("upload", "Apply")

    assert kept_and_read(rows) == ("3 rows have faults.", "3 行有错误。")
    assert kept_and_read(apply) == ("Apply", "使其生效")
    assert said(kept(apply)) == "Apply"


def test_sentences_of_validators_keep_their_message_and_its_values():
    with remembered(), pytest.raises(ValidationError) as refused:
        MaxLengthValidator(3)("abcdef")

    with remembered():
        english, chinese = kept_and_read(refused.value.messages[0])
    assert english == "Ensure this value has at most 3 characters (it has 6)."
    assert chinese == "确保该变量包含不超过 3 字符 (目前字符数 6)。"


def test_what_is_no_sentence_stays_as_it_is_written():
    outside = gettext("This cell may not be empty. Write %(expects)s.") % {"expects": "x"}

    assert kept({"a": [outside, 7, None]}) == {"a": ["This cell may not be empty. Write x.", 7, None]}
    assert said("Alt.") == "Alt."
    assert said({"msgid": "A sentence nobody translated: %(x)s.", "values": {"x": "y"}}) == (
        "A sentence nobody translated: y."
    )


def test_a_sentence_remembers_through_text_copies_and_another_language_in_between():
    with remembered():
        with in_language("zh-hans"):
            assert str(gettext_lazy("Faulty")) == "有错误"
        sentence = copy.deepcopy(str(gettext("Faulty")))
        language = get_language()

    assert (language, kept(sentence)) == ("en", {"msgid": "Faulty"})
    assert kept(gettext("Faulty")) == "Faulty"


def test_what_was_revived_is_kept_as_before():
    told = {"detail": {"msgid": "Faulty"}, "rows": [1, {"msgid": "New"}]}

    with override("zh-hans"):
        read = revived(told)

    assert (read["detail"], read["rows"]) == ("有错误", [1, "新增"])
    assert kept(read) == told


def test_a_unit_within_a_sentence_is_named_in_the_readers_language() -> None:
    with override("en"), remembered():
        told = kept(gettext("“%(text)s” is not a known unit of measure.") % {"text": Measure("KGM")})
    many = kept(Measure("H87", Decimal("1200.50")))

    assert json.loads(json.dumps([told, many])) == [told, many]
    with override("zh-hans"):
        assert (said(told), said(many)) == ("“千克”不是已知的计量单位。", "1,200.5 件")
        assert str(revived(many)) == "1,200.5 件"
        assert kept(revived(many)) == many
    with override("en"):
        assert said(many) == "1,200.5 piece"
