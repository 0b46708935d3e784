"""Words by which a text shows where it has its matter from, in six languages: first hand, named sources, another outlet, corrections.

Each is a family of fixed phrases, so that an editor can check the evidence in the text. Languages without a table are neutral.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_WORD = r"[A-ZÀ-ÖØ-Þ](?:\.|[\w'’-]{1,30})"
_NAME = rf"{_WORD}(?: (?:de |da |von |van |di |la )?{_WORD}){{1,2}}"


@dataclass(frozen=True, slots=True)
class Marks:
    """The phrases of one language. *sources* captures the name of who said something."""

    first_hand: re.Pattern[str]
    sources: re.Pattern[str]
    rewrite: re.Pattern[str]
    correction: re.Pattern[str]


def _marks(first_hand: str, says: str, rewrite: str, correction: str) -> Marks:
    """Return the patterns; *says* are verbs of saying, before or after a name."""
    return Marks(
        re.compile(rf"\b(?i:{first_hand})\b"),
        re.compile(rf"\b(?P<before>{_NAME})(?:,[^,.\n]{{2,80}},)? (?:{says})\b|\b(?:{says}) (?P<after>{_NAME})"),
        re.compile(rf"(?i:{rewrite})"),
        re.compile(rf"(?im:^\W{{0,3}}(?:{correction}))"),
    )


MARKS: Mapping[str, Marks] = {
    "en": _marks(
        r"told (?:the |a )?(?-i:[A-Z]\w{1,30})|told (?:reporters|us|me)|in an interview|interviewed|speaking to|"
        r"(?:documents|records|emails|e-mails|memos|data) (?:obtained|reviewed|seen|analy[sz]ed)|(?:obtained|reviewed|seen|analy[sz]ed) by|"
        r"according to (?:court|police|internal|public|city|company) \w+|public[- ]records request|freedom of information|declined to comment|"
        r"did not (?:immediately )?respond|requests? for comment|at the scene|(?:eye)?witness(?:es)?|court (?:filing|documents|records|papers)|"
        r"said (?:on |in )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)",
        r"said|says|told|added|wrote|argued|explained|testified",
        r"\b(?:as )?(?:first )?reported by (?:the )?(?-i:[A-Z])|\bfirst (?:appeared|published) (?:in|on|by)\b|\b(?:the )?(?-i:[A-Z][\w.]{1,30}(?: [A-Z][\w.]{1,30}){0,3}) (?:first )?reports\b",
        r"corrections?\b ?[:(—–-]|an earlier version of this|this (?:article|story|report) (?:has been|was) (?:corrected|amended|updated)|clarification:|editor['’]s note:",
    ),
    "de": _marks(
        r"sagte (?:er |sie )?(?:der|dem|gegenüber)|im (?:Gespräch|Interview) mit|auf (?:Anfrage|Nachfrage)|lehnte (?:eine )?(?:Stellungnahme|einen Kommentar) ab|"
        r"liegen? (?:der|dieser|unserer) Redaktion vor|nach (?:Recherchen|Informationen) (?:der|des|von)|Augenzeug(?:e|en|in|innen)|vor Ort|Gerichtsunterlagen|"
        r"teilte (?:die|der|das) \w+(?: am \w+)? mit|sagte am (?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag)",
        r"sagte?|erklärte?|betonte?|schrieb|berichtete|fügte|kritisierte",
        r"\b(?:wie|zuerst) (?:der|die|das)? ?(?-i:[„\"»]?[A-Z])[^.\n]{2,40} (?:berichtete?t?|meldete?t?)\b|\bzuerst erschienen (?:in|bei|auf)\b|\bunter Berufung auf\b",
        r"korrektur\b|berichtigung\b|in einer früheren (?:fassung|version)|anmerkung der redaktion|wir haben (?:den|diesen) (?:artikel|fehler) (?:korrigiert|berichtigt)",
    ),
    "fr": _marks(
        r"a(?:-t-(?:il|elle))? (?:déclaré|confié|indiqué|expliqué) (?:à|au|aux)|interrogée?s? par|dans un entretien|sur place|témoins?|n['’]a pas (?:souhaité|donné suite)|"
        r"n['’](?:a|ont) pas répondu|documents? (?:consultés?|obtenus?)|(?:consultés?|obtenus?) par|selon (?:la police|le parquet|un document)|joint(?:e|s)? par",
        r"a déclaré|a dit|a expliqué|explique|estime|affirme|a affirmé|a ajouté|raconte|déclare",
        r"\b(?:comme l['’]a (?:révélé|rapporté)|a révélé (?:le|la|l['’])|rapporte (?:le|la|l['’])) ?(?-i:[A-ZÀ-Þ])|\bselon (?:le journal|le quotidien|nos confrères)\b",
        r"correction\b|rectificatif\b|erratum\b|une (?:première|précédente) version de (?:cet|ce)|mise à jour :|note de la rédaction",
    ),
    "es": _marks(
        r"(?:dijo|declaró|explicó|contó) a (?:este|la|el|los)|en (?:una )?entrevista|consultad[oa]s? por|testigos?|en el lugar|declinó (?:hacer )?(?:comentar|comentarios)|"
        r"no (?:respondió|quiso (?:hacer )?(?:declaraciones|comentar))|documentos? (?:consultados?|obtenidos?|a los que)|según (?:la policía|la fiscalía|fuentes (?:policiales|judiciales))",
        r"dijo|dice|declaró|explicó|afirmó|aseguró|señaló|añadió|sostiene|explica",
        r"\b(?:según (?:publica|informa|adelantó|el diario|el periódico)|como (?:publicó|adelantó|informó)) ?\S|\binformó (?:el|la) (?-i:[A-ZÁ-Ú])",
        r"correcci[oó]n\b|fe de (?:errores|erratas)|una versión anterior de (?:este|esta)|nota (?:de la redacción|del editor)|aclaración:",
    ),
    "it": _marks(
        r"(?:ha )?(?:detto|dichiarato|spiegato|raccontato) (?:a|al|alla|ai)|in un['’]intervista|intervistat[oaie]|testimon[ei]|sul posto|non ha (?:voluto|risposto|rilasciato)|"
        r"documenti (?:visionati|ottenuti|consultati)|secondo (?:la polizia|la procura|fonti (?:giudiziarie|investigative))",
        r"ha detto|dice|ha dichiarato|ha spiegato|spiega|afferma|ha affermato|ha aggiunto|racconta|sostiene",
        r"\b(?:come (?:riporta|riferisce|anticipato da|scrive)|secondo quanto (?:riporta|riportato|scrive)|riporta (?:il|la)) ?\S",
        r"correzione\b|errata corrige|rettifica\b|una (?:precedente )?versione (?:precedente )?di (?:questo|quest['’])|nota della redazione",
    ),
    "pt": _marks(
        r"(?:disse|declarou|explicou|contou|afirmou) (?:à|ao|aos|às)|em entrevista|testemunhas?|no local|ouvid[oa]s? pel[ao]|não (?:respondeu|quis (?:comentar|se pronunciar))|"
        r"documentos? (?:obtidos?|consultados?|a que)|segundo (?:a polícia|o ministério público|fontes (?:policiais|judiciais))|procurad[oa]s? pel[ao]",
        r"disse|diz|declarou|explicou|afirmou|afirma|acrescentou|contou|explica",
        r"\b(?:segundo (?:o jornal|a revista|noticiou)|como (?:noticiou|revelou|publicou|adiantou)|noticiou (?:o|a)) ?\S",
        r"correção\b|errata\b|uma versão anterior d(?:este|esta)|nota da redação|atualização:",
    ),
}  # fmt: skip


def marks_of(language: str | None) -> Marks | None:
    """Return the phrases of *language* (a BCP 47 tag), English when it is unknown, None when there is no table for it."""
    return MARKS.get((language or "en").lower().partition("-")[0])
