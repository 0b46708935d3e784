"""What stands in an article's place but is never part of one: consent dialogs, and lines that sell, share or lead elsewhere.

The block classifier learned what the pages it was trained on show. Dialogs of consent managers are often written into a page
only in a browser, and lines such as "Read also" stand right between paragraphs; both can be told by rule, with no doubt left.
"""

from __future__ import annotations

import re

# Ids and class names that consent managers give their dialogs, and those that sites give their own. As whole names, so that
# `has-cookie-banner` on the page's outermost element is none.
_CONSENT_MANAGERS = (
    r"(?:onetrust|ot-sdk|didomi|cybotcookiebot|cookiebot|usercentrics|qc-cmp2?|sp_message|truste|trustarc|borlabscookie"
    r"|borlabs-cookie|osano|cmpbox|iubenda|cky|cookieyes|cmplz|complianz|cookiefirst|klaro|fc-consent|cc-window|evidon"
    r"|sourcepoint|quantcast|consentmanager|real-cookie-banner|moove_gdpr|cookielaw|cookie-law|cli-modal)(?:[-_]\S*)?"
)
_DIALOG = r"banner|bar|box|consent|container|content|dialog|disclaimer|info|law|layer|message|modal|notice|notification|overlay|policy|popup|prompt|wall|wrapper"
_OWN_CONSENT = (
    rf"(?:[a-z0-9]+[-_])?(?:cookies?|gdpr|ccpa|dsgvo|rgpd)(?:[-_]{{0,2}}(?:{_DIALOG}))+"
    rf"|(?:cookies?|gdpr|privacy|embed|content|media|video|social|external|iframe|youtube)[-_]?consent(?:[-_]{{0,2}}(?:{_DIALOG}))*"
    rf"|consent(?:[-_]{{0,2}}(?:{_DIALOG}))+"
)
_OFFER = (
    r"(?:[a-z0-9]+[-_])?newsletters?[-_]?(?:sign[-_]?up|subscribe|subscription|form|box|promo|banner|widget|cta|teaser|inline|embed|optin)"
    r"(?:[-_](?:inner|content|wrapper|container|text|form))*"
)
_NAMES = re.compile(
    rf"(?!(?:has|no|with|without|show|hide|open|allow|is|accepts?)[-_])(?:{_CONSENT_MANAGERS}|{_OWN_CONSENT}|{_OFFER})",
    re.IGNORECASE,
)
_SAYS_NOTICE = re.compile(
    r"onetrust|ot-sdk|didomi|cookie|usercentrics|qc-cmp|sp_message|trust|borlabs|osano|cmp|iubenda|cky|klaro|consent|cc-window"
    r"|evidon|sourcepoint|quantcast|gdpr|ccpa|dsgvo|rgpd|cli-modal|newsletter"
)  # every name that `_NAMES` fits has one of these

_MAX_LINE = 400
"""Characters. What is longer says something else besides."""

_READ_ALSO = re.compile(
    r"(?:also read|read (?:also|more|next|now)|see also|watch(?: also| more| next)?|listen(?: also| now)|related(?: (?:articles?|stor(?:y|ies)|news"
    r"|links?|coverage|content|reading|topics?))?|recommended(?: for you| reading)?|more (?:on this(?: story)?|like this|from us)|don['’]t miss|you (?:may|might) also like"
    r"|lesen sie (?:auch|mehr)|mehr (?:zum thema|dazu)|auch interessant|siehe auch|(?:à )?lire aussi|voir aussi|à voir aussi"
    r"|le[ae] también|lea además|te puede interesar|leia (?:também|mais)|veja também|leggi anche|vedi anche|lees ook|lees meer"
    r"|läs (?:också|mer)|les også|læs også|czytaj (?:też|także|więcej)|zobacz (?:też|także)|čtěte také|читайте также|читайте ще|devamını oku"
    r"|関連記事|関連|あわせて読みたい|相关(?:阅读|新闻|报道)|延伸阅读|اقرأ أيضا|관련기사)\s*(?:[:：|»>›–—-]+|\.{3}|…|$)\s*",
    re.IGNORECASE,
)
_KIND_OF_COOKIE = (
    r"(?:and|or|our|own|their|strictly|technically|necessary|essential|required|optional|functional|technical|performance|session"
    r"|persistent|first-party|third-party|analytics?|analytical|statistical|marketing|advertising|targeting|tracking|social media|browser|http)"
)
_LINES = re.compile(
    # Rights
    r"(?:copyright\s*)?(?:©|\(c\)\s*\d{4})(?=.{0,150}$|.*\b(?:rights reserved|reproduc|republish|redistribut))|copyright\s+\d{4}|(?:all rights reserved|alle rechte vorbehalten|tous droits réservés"
    r"|todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati)\b"
    # Paywall
    r"|(?:please )?(?:subscribe|sign in|log ?in|register|sign up|create (?:a free|an|your) account)\b[^.]{0,40}\b(?:to|and) (?:continue|keep|read|unlock|access|finish)\b"
    r"|to (?:continue|keep) reading(?: (?:this|the|our) (?:article|story))?[,:]? (?:please|subscribe|sign|log|register|create|become|you)\b|already (?:a|an) (?:subscriber|member)\?|already have an account\?"
    r"|this (?:article|content|story) is (?:reserved|exclusive|available|only)\b[^.]{0,30}\b(?:subscribers|members)\b"
    r"|(?:jetzt )?weiterlesen mit\b|sie (?:haben|sind) bereits\b[^.]{0,20}\b(?:abo|abonnent)|(?:la suite|cet article) est réservée?\b|déjà abonnée?\b"
    r"|suscr[ií]bete para\b|contenido exclusivo para suscriptores|già abbonato\b|assine para\b"
    # Sharing and following
    r"|(?:share|tweet|e-?mail|print|bookmark) (?:this|the) (?:article|story|post|page|news|video)\b|share (?:on|via) (?:facebook|x|twitter|whatsapp|linkedin)\b"
    r"|(?:diesen )?artikel teilen\b|teilen sie diesen artikel\b|partage[rz] (?:cet article|sur)\b|compart(?:ir|e) (?:este artículo|esta noticia|en)\b"
    r"|condividi (?:questo|su)\b|deel dit artikel\b|follow us (?:on|at)\b|folgen sie uns\b|suivez-nous\b|síguenos\b|seguici su\b"
    # Newsletters
    r"|(?:sign up|subscribe|register)\b[^.]{0,80}\b(?:newsletters?|e-?mail (?:alerts?|updates?)|your inbox|whatsapp channel|youtube channel|daily briefing)\b"
    r"|get (?:the|our) [^.]{0,60}\b(?:newsletters?|inbox)\b|(?:melden sie sich|abonnieren sie|jetzt)\b[^.]{0,60}\bnewsletter\b"
    r"|(?:inscrivez-vous|abonnez-vous)\b[^.]{0,60}\b(?:newsletter|lettre d['’]info)|suscr[ií]bete a\b[^.]{0,60}\b(?:newsletter|boletín)|iscriviti alla newsletter\b"
    # Consent
    r"|we and (?:our|selected)\b[^.]{0,20}partners (?:use|store|access|process)\b"
    rf"|(?:we|this (?:web)?site|our (?:web)?site) uses?(?:,? {_KIND_OF_COOKIE})*,? cookies\b"
    r"|we value your privacy\b|your privacy (?:choices|settings)\b|(?:manage|change) (?:my|your) (?:cookie|consent|privacy) (?:settings|preferences|choices)\b"
    r"|to (?:show you|view|see|watch) this (?:content|video|post)\b[^.]{0,40}\b(?:permission|consent|cookies|javascript)\b"
    r"|this content is (?:provided|hosted|not available)\b[^.]{0,80}\b(?:cookies|consent|privacy)\b"
    r"|wir (?:verwenden|nutzen|setzen) cookies\b|nous utilisons des cookies\b|(?:usamos|utilizamos) cookies\b|utilizziamo (?:i )?cookie\b|wij gebruiken cookies\b",
    re.IGNORECASE,
)


def names_a_notice(names: str) -> bool:
    """Return True where class names or id are those of a consent dialog or of a form that offers a newsletter."""
    return _SAYS_NOTICE.search(names.lower()) is not None and any(_NAMES.fullmatch(name) for name in names.split())


def is_notice(text: str, linked: int) -> bool:
    """Return True for a block that is no sentence of any article: it sells, shares, asks for consent, or leads elsewhere.

    Args:
        text: the block's.
        linked: how many of its characters stand inside links.
    """
    if len(text) > _MAX_LINE:
        return False
    also = _READ_ALSO.match(text)
    if also is not None:
        return linked >= 0.5 * (len(text) - also.end())
    return _LINES.match(text) is not None
