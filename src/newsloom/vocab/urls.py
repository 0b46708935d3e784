"""Addresses: one parser (WHATWG, ada) for everything, and the forms newsloom keeps and compares.

`canonical` is what is stored and shown, `identity` is only ever compared. Tracking parameters are what a link gained on its
way to a reader and what never changes the page; the list is our own, and deliberately leaves out names that some sites use
for content (`id`, `source`, `ref` with any value).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_plus

import ada_url
from publicsuffixlist import PublicSuffixList

MAX_URL_CHARACTERS = 8192
"""Longer addresses are refused: browsers and servers cut at about this length, hostile pages do not."""

TRACKING_PREFIXES = (
    "utm_", "utm-", "ga_", "hsa_", "mtm_", "matomo_", "piwik_", "pk_", "oly_", "vero_", "stm_", "itm_",
    "_hs", "__hs", "ref_src", "ref_url", "fb_action_", "fb_source", "mkt_tok", "trk_", "wt_", "wt.mc", "xtor", "iclid",
)  # fmt: skip
"""A parameter whose lower-case name starts so is dropped (Google, HubSpot, Matomo, Omeda, Vero…)."""

TRACKING_NAMES = frozenset(
    {
        "fbclid", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "twclid", "ttclid", "li_fat_id",
        "igshid", "igsh", "epik", "srsltid", "_openstat", "mc_cid", "mc_eid", "_ga", "_gl", "ncid", "cvid", "icid", "cid_source",
        "cmpid", "cmp", "campaign_id", "emc", "smid", "smtyp", "sref", "soc_src", "soc_trk", "guccounter", "guce_referrer",
        "guce_referrer_sig", "__twitter_impression", "__source", "__s", "s_cid", "sr_share", "taid", "tpcc", "mbid", "ftag", "ftcamp", "linkid_src",
        "feature_src", "recruiter", "rss_source", "partner_rss", "share_id", "sharetype", "shareadraft", "amp_js_v", "amp_gsa", "usqp", "usg",
        "_branch_match_id", "_branch_referrer", "cjevent", "irclickid", "irgwc", "rb_clickid", "wickedid", "mkcid", "ito",
        "at_bbc_team", "at_campaign", "at_campaign_type", "at_channel", "at_creation", "at_custom1", "at_custom2", "at_custom3", "at_custom4",
        "at_detail_placement", "at_emailtype", "at_format", "at_general_placement", "at_identifier", "at_link", "at_link_id", "at_link_origin",
        "at_link_type", "at_medium", "at_network", "at_platform", "at_ptr_name", "at_ptr_type", "at_recipient_id", "at_recipient_list",
        "at_send_date", "at_term", "at_variant",
        "ns_campaign", "ns_fee", "ns_linkname", "ns_mchannel", "ns_source", "cmp_id", "cmp_source", "cmp_medium", "cmp_campaign",
    }
)  # fmt: skip
"""A parameter with exactly this lower-case name is dropped (the `at_` are Piano's, once AT Internet; the `ns_` comScore's)."""

TRACKING_PAIRS = frozenset(
    {
        ("ref", "rss"), ("ref", "feed"), ("ref", "twitter"), ("ref", "facebook"), ("ref", "nf"), ("source", "rss"), ("source", "feed"),
        ("src", "rss"), ("from", "rss"), ("feature", "rss"), ("partner", "rss"), ("cid", "rss"), ("ref", "hn"), ("via", "rss"),
        ("ocid", "socialflow_twitter"), ("ocid", "socialflow_facebook"), ("ocid", "msedgntp"), ("ocid", "msedgdhp"), ("ocid", "hpmsn"),
    }
)  # fmt: skip
"""Names that sites also use for content are dropped only with a value that says where the reader came from."""

REDACTED = "REDACTED"
"""Stands for the value of a query parameter that holds a secret."""

# Names of query parameters that hold a subscriber's key, in lower case. Those in front of `(?!…)` also begin plain words.
_SECRET_NAME = re.compile(
    r"token|secret|passw|pwd|credential|session|signature|jwt|auth(?!or(?!i))|key(?!word|phrase|note)|user|"
    r"(?<![a-z])(?:pass|sig|uid|sid|hash)(?![a-z])|(?:sig|hash|pass)$"
)
_USER_INFO = re.compile(r"^(\s*[A-Za-z][A-Za-z0-9+.-]*:)//[^/?#\\]*@")
_MOBILE_PREFIXES = ("www.", "m.", "mobile.", "amp.")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def parse(url: str, base: str | None = None) -> ada_url.URL | None:
    """Return *url* parsed by the WHATWG algorithm (against *base*), or None when it is not an address or far too long."""
    if len(url) > MAX_URL_CHARACTERS:
        return None
    try:
        return ada_url.URL(_scalar(url), base if base is None else _scalar(base))
    except ValueError:
        return None


def _scalar(text: str) -> str:
    """Return *text* with U+FFFD for what is no character; `?` instead would begin a query, and end the host early."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def parse_web(url: str, base: str | None = None) -> ada_url.URL | None:
    """Return *url* parsed as `parse` does, or None unless it is http or https and names a host."""
    parsed = parse(url, base)
    if parsed is None or parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        return None
    return parsed


@lru_cache(maxsize=2048)
def canonical(url: str, base: str | None = None) -> str | None:
    """Return the address newsloom keeps for *url*: normalised, without fragment, user name, default port and tracking.

    The path and the order of the other parameters stay as they are: servers may tell them apart.

    Args:
        url: as found in a page or feed; may be relative when *base* is given.
        base: absolute address that *url* is relative to.

    Returns:
        An absolute http(s) address, or None when *url* is none. `canonical(canonical(x)) == canonical(x)`.

    Source: WHATWG URL Standard, 4.4 and 4.5.
    """
    parsed = parse_web(url, base)
    if parsed is None:
        return None
    if parsed.username or parsed.password:
        parsed.username = ""
        parsed.password = ""
    parsed.hash = ""
    search = str(parsed.search)
    if search:
        parsed.search = "&".join(_content_parameters(search))
    return str(parsed.href)


@lru_cache(maxsize=2048)
def resolve(base: str, ref: str) -> str | None:
    """Return the absolute http(s) address of *ref* found in the page at *base*, fragment and all, or None."""
    parsed = parse_web(ref, base)
    return None if parsed is None else str(parsed.href)


@lru_cache(maxsize=2048)
def identity(url: str) -> str:
    """Return the key under which the variants of one address are one.

    No scheme, no `www.`/`m.`/`mobile.`/`amp.` in front of the site, no trailing slash, no tracking, parameters sorted,
    percent-escapes in one form. Only to be compared, never fetched. Text that is no address is its own key.
    """
    clean = canonical(url)
    parsed = parse_web(clean) if clean else None
    if parsed is None:
        return url.strip()
    name = _without_mobile_prefix(str(parsed.hostname))
    port = f":{parsed.port}" if parsed.port else ""
    path = _one_escaping(str(parsed.pathname)).rstrip("/")
    query = "&".join(sorted(_one_escaping(part) for part in str(parsed.search)[1:].split("&") if part))
    return f"{name}{port}{path}{'?' + query if query else ''}"


@lru_cache(maxsize=2048)
def host(url: str) -> str:
    """Return the host of *url* in lower-case ASCII without port, "" when it has none."""
    parsed = parse(url)
    return str(parsed.hostname).rstrip(".") if parsed is not None else ""


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """Return the site *host* belongs to: its registrable domain (`bbc.co.uk` for `www.bbc.co.uk`).

    Private suffixes count, so each `name.github.io` is a site of its own. A host that is itself a public suffix, a bare name
    or an IP address is its own site.

    Source: publicsuffix.org, the list bundled with publicsuffixlist.
    """
    name = host.strip().rstrip(".").lower()
    if is_ip_address(name):
        return name
    return _suffixes().privatesuffix(name) or name


def is_public_suffix(host: str) -> bool:
    """Return True when *host* is a name under which anybody registers (`co.uk`, `github.io`), as the list tells."""
    return not is_ip_address(host) and _suffixes().privatesuffix(host.strip().rstrip(".").lower()) is None


def is_ip_address(host: str) -> bool:
    """Return True when *host*, as a URL's host, is an IPv4 or a bracketed IPv6 address."""
    return host.startswith("[") or bool(re.fullmatch(r"\d+\.\d+\.\d+\.\d+", host))


def same_site(url: str, other: str) -> bool:
    """Return True when both addresses belong to one registrable domain."""
    mine = host(url)
    return bool(mine) and registrable_domain(mine) == registrable_domain(host(other))


def same_origin(from_url: str, to_url: str) -> bool:
    """Return whether what is secret to *from_url* may be sent to *to_url*.

    Scheme, host and port must be the same; a host that moves from http (80) to https (443) stays itself, never the other way.

    Source: RFC 6454, section 4; the upgrade is newsloom's own.
    """
    start, goal = _origin(from_url), _origin(to_url)
    if start is None or goal is None:
        return False
    return start == goal or (start == ("http", goal[1], 80) and goal == ("https", start[1], 443))


def public_address(url: str) -> str:
    """Return *url* as it may be written into files that others read: no user info, secret query values as `REDACTED`.

    An address without secrets stays as it is to the byte, and so does what was redacted before. Two addresses that differ in
    their secrets only have one public address. Secrets in a path cannot be told from names and stay.
    """
    public = _USER_INFO.sub(r"\1//", url)
    parsed = parse_web(public)
    if parsed is not None and (parsed.username or parsed.password):  # written in one of the ways only WHATWG reads
        parsed.username = parsed.password = ""
        public = str(parsed.href)
    address, mark, fragment = public.partition("#")
    path, question, query = address.partition("?")
    return path + question + "&".join(map(_redacted, query.split("&"))) + mark + fragment


def is_home_page(url: str) -> bool:
    """Return True when *url* names a site's front page: no path and no query, or nothing but an index file or a language."""
    parsed = parse_web(url)
    if parsed is None or parsed.search:
        return False
    return bool(
        re.fullmatch(
            r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w{2,5})?/?)?",
            str(parsed.pathname).lower(),
        )
    )


def is_tracking(name: str, value: str = "") -> bool:
    """Return True when the query parameter *name* (with *value*) only tells where a reader came from."""
    lower = name.lower()
    return lower in TRACKING_NAMES or lower.startswith(TRACKING_PREFIXES) or (lower, value.lower()) in TRACKING_PAIRS


def _origin(url: str) -> tuple[str, str, int] | None:
    parsed = parse_web(url)
    if parsed is None:
        return None
    scheme = str(parsed.protocol)[:-1]
    port = int(parsed.port) if parsed.port else {"http": 80, "https": 443}[scheme]
    return scheme, str(parsed.hostname).rstrip("."), port


def _redacted(part: str) -> str:
    name, equals, value = part.partition("=")
    return f"{name}={REDACTED}" if equals and value and _SECRET_NAME.search(unquote_plus(name).lower()) else part


def _content_parameters(search: str) -> list[str]:
    kept = []
    for part in search.removeprefix("?").split("&"):
        name, _, value = part.partition("=")
        if part and not is_tracking(unquote_plus(name), unquote_plus(value)):
            kept.append(part)
    return kept


def _without_mobile_prefix(name: str) -> str:
    site = registrable_domain(name)
    for prefix in _MOBILE_PREFIXES:
        rest = name.removeprefix(prefix)
        if rest != name and (rest == site or rest.endswith("." + site)):
            return rest
    return name


def _one_escaping(text: str) -> str:
    def unescape(match: re.Match[str]) -> str:
        character = chr(int(match[0][1:], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _PERCENT.sub(unescape, text)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
