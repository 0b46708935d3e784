"""Names of months, weekdays and time zones as they stand in dates on the web."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def fold(text: str) -> str:
    """Return *text* in lower case without accents, compatibility forms resolved: `Décembre` → `decembre`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


# One line a month: English, German, French, Spanish, Italian, Portuguese, Dutch, Nordic, Polish, Czech, Hungarian, Romanian,
# Turkish, Russian, Ukrainian, Greek; short and long, the forms that dates use (genitive where a language has one).
_MONTH_LINES = """
jan january jän jänner januar janv janvier ene enero gen gennaio janeiro januari tammikuuta sty stycznia led ledna január ianuarie ocak янв января січня ιανουαρίου ιαν
feb february febr februar feber fév févr février febrero febbraio fev fevereiro februari helmikuuta lut lutego úno února február februarie şub şubat фев февраля лютого φεβρουαρίου φεβ
mar march märz mär mrz mars marzo março mrt maart marts maaliskuuta marca bře března már március martie mart мар марта березня μαρτίου μαρ
apr april avr avril abr abril aprile kwi kwietnia dub dubna ápr április aprilie nis nisan апр апреля квітня huhtikuuta απριλίου απρ
may mai mayo mag maggio maio mei maj toukokuuta maja kvě května máj május mayıs мая май травня μαΐου μαι
jun june juni juin junio giu giugno junho kesäkuuta cze czerwca čvn června jún június iunie haz haziran июн июня червня ιουνίου ιουν
jul july juli juil juillet julio lug luglio julho heinäkuuta lip lipca čvc července júl július iulie tem temmuz июл июля липня ιουλίου ιουλ
aug august août aou ago agosto augustus augusti elokuuta sie sierpnia srp srpna augusztus ağu ağustos авг августа серпня αυγούστου αυγ
sep sept september septembre septiembre set sett settembre setembro syyskuuta wrz września zář září szept szeptember septembrie eyl eylül сен сент сентября вересня σεπτεμβρίου σεπ
oct october okt oktober octobre octubre ott ottobre out outubro lokakuuta paź października říj října október octombrie eki ekim окт октября жовтня οκτωβρίου οκτ
nov november novembre noviembre novembro marraskuuta lis listopada noiembrie kas kasım ноя нояб ноября νοεμβρίου νοε
dec december dez dezember déc décembre dic diciembre dicembre dezembro des desember joulukuuta gru grudnia pro prosince decembrie ara aralık дек декабря грудня δεκεμβρίου δεκ
"""

# Monday first: English, German, French, Spanish, Italian, Portuguese, Dutch, Nordic, Polish, Russian.
_WEEKDAY_LINES = """
mon monday mo montag lun lundi lunes lunedì seg segunda maandag mandag måndag man pon poniedziałek пн понедельник
tue tues tuesday di dienstag mar mardi martes mart martedì ter terça dinsdag tirsdag tisdag tir wto wtorek вт вторник
wed weds wednesday mi mittwoch mer mercredi mié miércoles mercoledì qua quarta wo woensdag onsdag ons śro środa ср среда
thu thur thurs thursday do donnerstag jeu jeudi jue jueves gio giovedì qui quinta donderdag torsdag tor tors czw czwartek чт четверг
fri friday fr freitag ven vendredi vie viernes venerdì sex sexta vr vrijdag fredag fre pią piątek пт пятница
sat saturday sa samstag sam samedi sáb sábado sab sabato za zaterdag lørdag lördag sob sobota сб суббота
sun sunday so sonntag dim dimanche dom domingo domenica zo zondag søndag söndag søn nie niedziela вс воскресенье
"""

MONTHS: Mapping[str, int] = {
    fold(name): number for number, line in enumerate(_MONTH_LINES.split("\n")[1:-1], 1) for name in line.split()
}
WEEKDAYS: Mapping[str, int] = {
    fold(name): number for number, line in enumerate(_WEEKDAY_LINES.split("\n")[1:-1]) for name in line.split()
}
NOISE = frozenset(
    ("at", "on", "um", "uhr", "le", "a", "de", "del", "el", "den", "of", "the", "om", "kl", "г", "τις", "στις")
)

# Names that follow the season by themselves; the S and D forms are fixed by RFC 822 or by their own name. A name that means
# several zones stands here only when one use outweighs the others by far in news (BST British, IST Indian).
_SEASONAL = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_FIXED_HOURS = """
z 0 ut 0 utc 0 gmt 0 wet 0 west 1 bst 1 cet 1 cest 2 met 1 mest 2 mez 1 mesz 2 wat 1 cat 2 sast 2 eet 2 eest 3 eat 3 msk 3 trt 3
gst 4 pkt 5 ist 5.5 npt 5.75 wib 7 ict 7 wita 8 hkt 8 sgt 8 pht 8 myt 8 awst 8 wit 9 jst 9 kst 9 acst 9.5 acdt 10.5 aest 10
aedt 11 nzst 12 nzdt 13 brt -3 art -3 nst -3.5 ndt -2.5 at -4 ast -4 adt -3 est -5 edt -4 cst -6 cdt -5 mst -7 mdt -6 pst -8 pdt -7
akst -9 akdt -8 hst -10
"""


@lru_cache(maxsize=256)
def region_zone(name: str) -> tzinfo | None:
    """Return the zone of an IANA name in any case (`america/los_angeles`), or None when there is none."""
    if not re.fullmatch(r"[a-z]+(?:/[a-z_]+){1,2}", name):
        return None
    proper = "/".join("_".join(word.capitalize() for word in part.split("_")) for part in name.split("/"))
    try:
        return ZoneInfo(proper)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zones() -> dict[str, tzinfo]:
    words = _FIXED_HOURS.split()
    fixed: dict[str, tzinfo] = {
        name: timezone(timedelta(hours=float(hours))) for name, hours in zip(words[::2], words[1::2], strict=True)
    }
    fixed["z"] = fixed["utc"] = fixed["gmt"] = UTC
    return fixed | {
        name: zone for name, region in _SEASONAL.items() if (zone := region_zone(region.lower())) is not None
    }


ZONES: Mapping[str, tzinfo] = _zones()
