"""Phrases that show where a text has its matter from, in each language there is a table of."""

from __future__ import annotations

import time

import pytest

from invented_items import TOPICS, article, item
from newsloom.adapters.files.profiles import read_profile
from newsloom.stages.rank import ProfileScorer
from newsloom.stages.rank.marks import MARKS
from newsloom.stages.rank.prose import read_prose

FIRST_HAND = {
    "en": "The mayor told the Post that records reviewed by this paper were wrong.",
    "de": "Die Bürgermeisterin sagte auf Anfrage, die Gerichtsunterlagen seien falsch.",
    "fr": "La maire n’a pas répondu ; les documents consultés disent autre chose.",
    "es": "La alcaldesa declinó hacer comentarios, según los documentos obtenidos por este diario.",
    "it": "La sindaca, intervistata ieri, non ha voluto rispondere sul posto.",
    "pt": "A prefeita, em entrevista, não quis comentar os documentos obtidos.",
}
SOURCES = {
    "en": "“It is wrong,” Ines Okafor said. Pavel Novak, who runs the pier, added that he knew.",
    "de": "„Das ist falsch“, sagte Ines Okafor. Pavel Novak, der den Steg leitet, erklärte es.",
    "fr": "« C’est faux », affirme Ines Okafor. Pavel Novak a déclaré le contraire.",
    "es": "«Es falso», dijo Ines Okafor. Pavel Novak afirmó lo contrario.",
    "it": "«È falso», ha detto Ines Okafor. Pavel Novak sostiene il contrario.",
    "pt": "“É falso”, disse Ines Okafor. Pavel Novak afirmou o contrário.",
}
REWRITES = {
    "en": "The Harbor Post first reported that the pier would close.",
    "de": "Wie die „Hafenpost“ berichtet, schließt der Steg.",
    "fr": "Comme l’a révélé Le Port, la jetée ferme.",
    "es": "Según publica El Puerto, el muelle cierra.",
    "it": "Come riporta Il Porto, il molo chiude.",
    "pt": "Segundo o jornal O Porto, o cais fecha.",
}
CORRECTIONS = {
    "en": "Correction: the pier is 40 metres long.",
    "de": "Korrektur: Der Steg ist 40 Meter lang.",
    "fr": "Rectificatif : la jetée mesure 40 mètres.",
    "es": "Fe de errores: el muelle mide 40 metros.",
    "it": "Errata corrige: il molo misura 40 metri.",
    "pt": "Errata: o cais mede 40 metros.",
}
PLAIN = "12 34 56"


@pytest.mark.parametrize("language", MARKS)
def test_each_language_knows_its_phrases(language: str) -> None:
    assert read_prose(FIRST_HAND[language], language).first_hand
    assert read_prose(SOURCES[language], f"{language}-XX").sources == ("Ines Okafor", "Pavel Novak")
    if language != "en":
        assert read_prose(REWRITES[language], language).rewrites
    assert read_prose("The pier opened.\n\n" + CORRECTIONS[language], language).corrections
    nothing = read_prose(PLAIN, language)
    assert (nothing.first_hand, nothing.sources, nothing.rewrites, nothing.corrections) == ((), (), (), ())


def test_a_language_without_a_table_is_unknown_and_an_unnamed_one_english() -> None:
    assert not read_prose(FIRST_HAND["en"], "fi").known
    assert read_prose(FIRST_HAND["en"], None).first_hand


def test_a_rewrite_counts_less_than_a_report() -> None:
    scorer = ProfileScorer(read_profile("newsloom"), organizations={}, topics=TOPICS)
    body = (
        "The pier closes in May, as reported by The Harbor Post. " + "It is old and nobody walks on it any more. " * 20
    )

    def originality(text: str) -> int:
        return scorer.quality(item(article(body=text))).parts["originality"]

    assert originality(body) == originality(body.replace("as reported by The Harbor Post", "as everybody knows")) - 6
    assert originality(body + "The mayor declined to comment.") > originality(body)


@pytest.mark.parametrize(
    "hostile",
    ["A." * 25_000, "Aa Bb " * 9_000, "told " * 10_000, "\n" * 50_000, "Correction" * 5_000, "wie die „A" * 5_000],
)
@pytest.mark.parametrize("language", MARKS)
def test_no_text_takes_long(hostile: str, language: str) -> None:
    before = time.process_time()
    read_prose(hostile, language)
    assert time.process_time() - before < 3
