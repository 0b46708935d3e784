"""The language of a text by its script and commonest words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.vocab.language_guess import guess_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council of the town said that the pier will be closed for repairs until the end of the month."),
        ("de", "Der Rat der Stadt hat beschlossen, dass der Pier wegen der Arbeiten bis zum Ende des Monats gesperrt wird."),
        ("fr", "Le conseil de la ville a décidé que la jetée sera fermée pour des travaux jusqu'à la fin du mois."),
        ("es", "El consejo de la ciudad dijo que el muelle estará cerrado por las obras hasta el final del mes."),
        ("nl", "De raad van de stad heeft besloten dat de pier wegens werk aan het dek tot het einde van de maand dicht blijft."),
        ("sv", "Rådet i staden har beslutat att piren ska vara stängd för arbeten och att den inte öppnas före månadens slut."),
        ("ru", "Совет города решил, что причал будет закрыт из-за работ, и он не откроется до конца месяца, как это было."),
        ("uk", "Рада міста вирішила, що причал буде закрито через роботи, і він не відкриється до кінця місяця, як це було."),
        ("ja", "市議会は、桟橋が工事のため今月末まで閉鎖されると発表した。再開は来月になる見込みだという。関係者が明らかにした。"),
        ("zh", "市议会宣布，码头因施工将关闭至本月底，预计下个月重新开放，相关人士透露，工程费用由市政府承担，居民可以使用临时通道。"),
        ("el", "Το συμβούλιο της πόλης αποφάσισε ότι η προβλήτα θα παραμείνει κλειστή έως το τέλος του μήνα."),
    ],
)  # fmt: skip
def test_languages_are_told_apart(language: str, text: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Pier 7",
        "Lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor incididunt",
        "1234 5678 " * 20,
    ],
)
def test_what_is_no_text_of_a_known_language_is_left_open(text: str) -> None:
    assert guess_language(text) is None


@given(st.text(max_size=500))
def test_any_text(text: str) -> None:
    assert guess_language(text) == guess_language(text)
