"""Cues of press releases, market reports, investor notices and promotion. The models in `wording` learn from those of the headline.

How cues combine: see `cues`. News that no company would send out about itself (a suit, a death, a strike) halves what the
headline alone suggests, because releases do not carry it.
"""

from __future__ import annotations

import re

from newsloom.stages.rank.cues import combined, cue_table, cues_in

_WIRES = frozenset({
    "prnewswire.com", "prnewswire.co.uk", "businesswire.com", "globenewswire.com", "accesswire.com", "einnews.com",
    "einpresswire.com", "openpr.com", "prlog.org", "prweb.com", "newswire.com", "newswire.ca", "prunderground.com",
    "issuewire.com", "abnewswire.com", "24-7pressrelease.com", "pressat.co.uk", "presseportal.de", "newsfilecorp.com",
    "marketsandmarkets.com", "grandviewresearch.com", "researchandmarkets.com", "marketresearchfuture.com",
    "fortunebusinessinsights.com", "mordorintelligence.com", "alliedmarketresearch.com", "reportlinker.com",
    "verifiedmarketresearch.com", "precedenceresearch.com", "transparencymarketresearch.com",
})  # fmt: skip

_CORPORATE = r"(?:Inc|Corp|Corporation|LLC|Ltd|PLC|plc|GmbH|AG|S\.A|N\.V|Holdings|Technologies|Therapeutics|Pharmaceuticals|Biosciences|Solutions|Systems|Software|Labs|Networks|Group|Industries)\b\.?"
_YEAR = r"(?:by|through|until|to|till|from|during|in)\s+20[2-4]\d|20[12]\d\s*(?:-|–|to)\s*20[2-4]\d|\b20[2-4]\d\b"

# Headline families, matched with case: (name, weight, pattern). `(?i:…)` where case does not matter.
_HEADLINE = cue_table(
    (
        ("compound growth rate", 0.85, r"\bCAGR\b|(?i:compound annual growth rate)"),
        (
            "market size",
            0.75,
            (r"(?i:\bmarket (?:size|value|research|report|insights?|overview|dynamics|segmentation|scope|intelligence)\b)"
            r"|(?i:\bmarket\b.{0,40}\b(?:key players|competitive landscape|top compan|industry report|growth opportunit|recent trends|demand, forecast))"),
        ),
        (
            "market forecast",
            0.65,
            (r"\bMarket\b[:,]?\s+(?:(?:is|Is|are|was)\s+)?(?i:(?:set|likely|poised|expected|projected|anticipated|estimated|predicted|forecast(?:ed)?|slated|going)\s+to\b"
            r"|to (?:reach|hit|surpass|exceed|grow|witness|expand|cross|see|garner|register|touch|be worth)\b|worth\b|will\b|booming\b|growth\b|outlook\b|analysis\b|trends\b|forecast\b|opportunit|by \w+|valued at|surpass|what)")
        ),
        ("market and year", 0.45, rf"(?i:\bmarkets?\b.*(?:{_YEAR}))"),
        ("global market", 0.4, r"(?i:^(?:the )?global\b.*\bmarket\b)"),
        ("industry forecast", 0.5, rf"(?i:\b(?:industry|sector)\b.{{0,60}}\b(?:forecast|outlook|analysis|growth|worth|trends|revenue)\b.*(?:{_YEAR}))"),
        ("company list", 0.6, r"(?i:\btop \d+ (?:compan|player|vendor|manufacturer|provider|supplier|startup|stock)\w*\b)"),
        (
            "investor notice",
            0.9,
            (r"\b(?:SHAREHOLDER|INVESTOR|STOCKHOLDER|CLASS ACTION|DEADLINE|EQUITY)\s+(?:ALERT|NOTICE|ACTION|REMINDER|UPDATE)\b|(?i:\b(?:shareholder|investor)s? (?:alert|notice|reminder)\b"
            r"|\bclass action (?:deadline|lawsuit filed|reminder)\b|\blaw firm\b.*\bon behalf of\b|\blead plaintiff\b|\binvestors? (?:who|with) (?:suffered|substantial|losses))"),
        ),
        ("stock picks", 0.6, r"(?i:\bstocks? to (?:buy|watch|own|consider)\b|\b(?:buy|strong buy) rating\b|\bpenny stocks?\b|\bprice target\b|\bhottest stocks?\b)"),
        (
            "company results",
            0.6,
            (r"\b(?:Reports?|Announces?|Posts?|Declares?|Schedules?|To (?:Report|Announce|Host|Present)|to (?:Report|Announce|Host|Present)|Sets? Date)\b.{0,60}"
            r"(?i:\b(?:quarter|full[- ]year|fiscal|earnings|financial results|dividend|conference call|annual meeting|conference|webcast)\b)"),
        ),
        ("dividend", 0.55, r"(?i:\bdeclares?\b.{0,40}\b(?:dividend|distribution)\b)"),
        (
            "announces",
            0.5,
            r"(?<!^)\b(?:Announces?|Announced As)\b(?! (?:\w+ )?(?:Death|Resign|Retire|Plans?|Bid|Cuts?|Surcharge|Ban|Strike|Tests?|Rules?|Inquiry|Deal))|(?i:\bannounces? (?:the )?(?:availability|integration|launch|release|appointment|partnership|acquisition|expansion|general availability|collaboration|closing|completion|winners?|new)\b)",
        ),
        (
            "product launch",
            0.45,
            r"^[A-Z0-9][\w.&’'-]*(?: (?:[A-Z0-9][\w.&’'-]*|of|and|for|the|&)){0,5},? (?:Launches|Unveils|Introduces|Releases|Debuts|Rolls Out|Delivers|Showcases|Enhances|Expands|Extends|Upgrades|Brings|Offers|Opens)\b",
        ),
        (
            "corporate step",
            0.4,
            r"^[A-Z0-9][\w.&’'-]*(?: (?:[A-Z0-9][\w.&’'-]*|of|and|for|the|&)){0,5},? (?:Joins|Signs|Selects|Selected|Completes|Receives|Earns|Celebrates|Acquires|Chooses|Deploys|Adopts|Implements|Teams (?:Up )?[Ww]ith|Attains|Obtains|Sponsors|Strengthens|Welcomes|Wins|Taps)\b",
        ),
        ("partnership", 0.5, r"(?i:\b(?:partners?|collaborates?|teams up|joins forces) with\b.{2,80}\bto (?:deliver|offer|provide|bring|accelerate|advance|enhance|enable|expand|power|transform|launch|drive|help|boost|streamline)\b)"),
        ("with partner", 0.35, r"\b(?:Partners|Collaborates|Integrates|Joins Forces) [Ww]ith\b|\b(?:Strategic|Global|New) (?:Partnership|Alliance|Collaboration)\b"),
        ("collaboration to advance", 0.3, r"\bto (?:Advance|Accelerate|Deliver|Transform|Empower|Enhance|Support|Drive|Streamline|Enable|Expand|Strengthen|Revolutionize|Power|Boost)\b"),
        (
            "recognition",
            0.65,
            (r"\b(?:Recogni[sz]ed|Named|Ranked|Honou?red|Positioned|Certified|Listed|Shortlisted|Selected|Awarded)\b (?i:(?:as |to |in |on |by |among |for |with )?(?:an? |the |one of )?.{0,40}\b(?:leader|winner|finalist|award|list|best|top|partner|fastest|inc\.? \d+|fortune|gartner|forrester|idc|quadrant|wave|visionary|challenger|great place|employer|companies|innovators?)\b)"
            r"|(?i:\b(?:partner|product|company|employer|solution|startup|supplier) of the year\b|\binc\.? 5000\b|\bmagic quadrant\b|\bgreat place to work\b|\bfast 500\b)"),
        ),
        ("recognition in passing", 0.3, r"(?i:\b(?:recogni[sz]ed as|named|ranked|honou?red as|positioned as|shortlisted)\b.{0,40}\b(?:leader|winner|finalist|award|best|fastest[- ]growing|of the year)\b)"),
        ("award", 0.35, r"\b(?:Wins?|Receives?|Earns?|Awarded|Takes Home)\b.*\b(?:Awards?|Best|Prize|Honors?|Medal|Recognition|Accreditation)\b"),
        ("certification", 0.6, r"(?i:\b(?:achieves?|earns?|receives?|obtains?|attains?|completes?|secures?|gains?|awarded)\b.{0,40}\b(?:certifi\w+|accreditation|complian\w+|ISO[ /-]?(?:IEC )?\d+|SOC[ -]?[123]|fedramp|authori[sz]ation|designation|competency|milestone|status|specialization)\b)"),
        (
            "appointment",
            0.6,
            r"\b(?:Appoints?|Names|Hires|Promotes|Welcomes|Elects|Adds|Taps)\b.{2,60}\b(?:Chief|CEO|CFO|CTO|COO|CMO|CRO|CISO|President|Vice President|VP|SVP|EVP|Director|Officer|Head of|General Manager|Partner|Board|Advisor|Chair(?:man|woman)?|to Lead)\b",
        ),
        ("leadership team", 0.5, r"(?i:\b(?:expands?|strengthens?|bolsters?|grows?|adds? to|announces?)\b.{0,30}\b(?:leadership|executive|management|advisory|sales|board)\b(?: team| of directors)?)"),
        ("funding", 0.4, r"(?i:\b(?:secures?|closes?|raises?|lands?|completes?)\b.{0,40}\b(?:series [a-f]|seed|pre-seed|funding|financing|investment|growth round)\b)"),
        ("funding purpose", 0.3, r"(?i:\b(?:funding|financing|series [a-f]|million)\b.{0,30}\bto (?:expand|accelerate|scale|fuel|advance|grow|further|drive)\b)"),
        (
            "marketing words",
            0.45,
            r"(?i:\b(?:next[- ]gen(?:eration)?|industry[- ](?:first|leading|best)|award[- ]winning|cutting[- ]edge|best[- ]in[- ]class|world[- ]class|first[- ]of[- ]its[- ]kind|game[- ]chang(?:er|ing)|ground-?breaking|revolutionary|innovative|state[- ]of[- ]the[- ]art|seamless(?:ly)?|turnkey|end-to-end|mission[- ]critical|unparalleled|ultimate|premier|leading (?:provider|platform|supplier|global))\b)",
        ),
        ("solutions", 0.35, r"(?i:\b(?:solutions?|digital transformation|customer experience|enterprise[- ](?:grade|ready|data)|AI-(?:powered|driven|enabled|based|native)|cloud-based|offerings?|portfolio|product (?:line|family|suite)|suite of|family of|capabilities|go-to-market|ecosystem)\b)"),
        ("introducing", 0.6, r"^(?:Introducing|Announcing|Meet the [Nn]ew|Now [Aa]vailable|Coming [Ss]oon|Discover)\b"),
        ("webinar", 0.8, r"(?i:\b(?:webinar|white ?paper|e-?book|free (?:guide|trial|demo|download)|register now|live demo|sponsored (?:content|post|by)|advertorial|promo(?:tion)? code|coupon|discount code)\b)"),
        ("how-to promotion", 0.4, r"(?i::\s*how to (?:accelerate|boost|unlock|maximi[sz]e|drive|transform|optimi[sz]e|improve|scale)\b)"),
        ("company suffix", 0.35, rf"\b[A-Z][\w&.-]+,? {_CORPORATE}(?= |,|$)"),
        ("ticker", 0.5, r"\((?:NASDAQ|NYSE|Nasdaq|OTC\w*|TSX\w*|LSE|AIM|ASX|AMEX|CSE|FSE|Euronext)[^)]{0,12}:\s*[A-Z0-9.]+\)"),
        ("version number", 0.35, r"(?i:\b[A-Z]\w+ (?:v(?:ersion )?)?\d+\.\d+(?:\.\d+)?\b(?! (?:percent|million|billion|trillion|bn|m|per|points?|magnitude)))"),
        ("conference", 0.55, r"(?i:\b(?:to (?:present|exhibit|showcase|speak|participate|attend|host)|exhibits?|showcases?) (?:.{0,40} )?at\b.{2,60}\b(?:conference|summit|expo|forum|congress|symposium|show|ces|week|annual)\b)|\bBooth\b"),
    )
)  # fmt: skip

# Wordings of the text itself; a release signs its own name.
_TEXT = cue_table(
    (
        ("wire dateline", 0.95, r"/\s?PRNewswire|\(?\bBUSINESS WIRE\b|\bGLOBE ?NEWSWIRE\b|\bACCESSWIRE\b|\bEINPresswire|\bPRWEB\b|\bNewsfile Corp\b|\bABNewswire\b|(?i:\bfor immediate release\b)"),
        ("safe harbour", 0.8, r"(?i:\bforward[- ]looking statements?\b|\bsafe harbou?r (?:statement|provision))"),
        ("media contact", 0.75, r"(?im:^\W*(?:media|press|investor) (?:contacts?|relations|inquiries|enquiries)\b\W*)|(?i:\bmedia contact:)"),
        ("about the company", 0.5, r"(?m)^\W*About [A-Z][\w&.' -]{1,60}:?\s*$"),
        ("sample report", 0.85, r"(?i:\brequest (?:a |free )?(?:free )?sample\b|\bsample (?:copy|pdf|report)\b|\bbuy (?:this|now)\b.{0,20}\breport\b|\b(?:the|this) report (?:provides|offers|covers|highlights|studies|includes)\b.{0,60}\bmarket\b|\bmarket (?:size )?(?:was|is) (?:valued|estimated|projected|anticipated)\b)"),
        ("compound growth rate", 0.8, r"\bCAGR\b|(?i:compound annual growth rate)"),
        ("leading provider", 0.4, r"(?i:,? (?:a|the|an) (?:\w+[ -]){0,3}leading (?:\w+[ -]){0,3}(?:provider|supplier|developer|manufacturer|platform|innovator|vendor|maker)\b|\b(?:today|is (?:proud|pleased|excited|thrilled|delighted)) (?:announced?s?|to announce)\b)"),
        ("for more information", 0.35, r"(?i:\bfor more information,? (?:please )?(?:visit|contact|about)\b|\blearn more at\b|\bvisit www\.)"),
        ("marketing words", 0.25, r"(?i:\b(?:industry-leading|next-generation|best-in-class|cutting-edge|world-class|award-winning|seamlessly|empowers?|end-to-end)\b)"),
    )
)  # fmt: skip

_ADVERSE = re.compile(
    r"(?i:\b(?:su(?:es?|ed|ing)|lawsuits?|fined?|fraud(?:ulent)?|charged|arrest(?:s|ed)?|probes?|investigat(?:ion|ors|es into)|inquiry|dies|died|deaths?|dead|kill(?:s|ed)|crash(?:es|ed)?|strikes?|layoffs?|lays? off|cuts? (?:jobs|\d)|fires|fired|ousts?|ousted|resigns?|quits?|breach(?:es|ed)?|hack(?:s|ed|ers)?|leak(?:s|ed)?|exposed|stole|stolen|bans?|banned|blocks?|warns?|warning|fears?|worr(?:y|ied|ies)|threat(?:ens|ened)?|scandal|accus(?:es|ed)|allegations?|alleged(?:ly)?|critic(?:s|ism|ized)|backlash|outcry|protests?|recalls?|delays?|delayed|falls?|fell|plunges?|slump(?:s|ed)?|tumbles?|loses?|lost|losses|fails?|failed|failure|collapse[sd]?|bankruptcy|shortages?|scraps?|antitrust|regulators?|court|judge|police|senate|congress|lawmakers|parliament|war|military|troops|election)\b)"
)


_ADVERSE_NEWS = "but adverse news"
CUE_NAMES = (*(cue.name for cue in _HEADLINE), _ADVERSE_NEWS)
"""What `headline_cues` may name."""


def headline_cues(title: str) -> tuple[str, ...]:
    """Return the names of the cues in *title*, adverse news among them."""
    headline = title[:300]
    adverse = (_ADVERSE_NEWS,) if _ADVERSE.search(headline) else ()
    return (*(cue.name for cue in cues_in(headline, _HEADLINE)), *adverse)


def press_release_cues(
    title: str, excerpt: str = "", body: str = "", *, domain: str = ""
) -> tuple[float, tuple[str, ...]]:
    """Return how sure the cues make us that this is a press release or its like, and which cues were found.

    Args:
        title: the headline.
        excerpt: the description, "" when unknown.
        body: the text, "" when unknown; its beginning and end are read.
        domain: registrable domain of the provider, "" when unknown.

    Returns:
        A score in 0..1, 0.0 without a cue, and cue names, strongest first.

    Cost: linear; at most 300 characters of the title and 9,000 of the text are read.
    """
    headline = title[:300]
    in_headline = [(cue.weight, cue.name) for cue in cues_in(headline, _HEADLINE)]
    doubt = 1.0 - combined([weight for weight, _ in in_headline])
    if in_headline and _ADVERSE.search(headline) and not any(name == "investor notice" for _, name in in_headline):
        doubt = (1.0 + doubt) / 2
        in_headline.append((0.0, _ADVERSE_NEWS))
    in_text, found = text_cues(excerpt, body, domain)
    named = sorted(in_headline, key=lambda pair: (-pair[0], pair[1]))
    return 1.0 - doubt * (1.0 - in_text), (*found, *(name for _, name in named))


def text_cues(excerpt: str, body: str, domain: str) -> tuple[float, tuple[str, ...]]:
    """Return how sure the text itself makes us, and by which cues, strongest first; see `press_release_cues`."""
    text = excerpt[:1000] + "\n" + (body if len(body) <= 8000 else body[:4000] + "\n" + body[-4000:])
    found = [(cue.weight, f"{cue.name} (text)") for cue in cues_in(text, _TEXT)]
    if domain in _WIRES:
        found.append((0.95, f"release wire {domain}"))
    named = sorted(found, key=lambda pair: (-pair[0], pair[1]))
    return combined(weight for weight, _ in found), tuple(name for _, name in named)
