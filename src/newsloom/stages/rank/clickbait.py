"""Cues of headlines that promise instead of tell. The model in `wording` learns from them.

How cues combine: see `cues`. Upper-case style is left out on purpose: it tells one publisher's house style from another's, not bait from news.
"""

from __future__ import annotations

import re

from newsloom.stages.rank.cues import combined, cue_table, cues_in

_NUMBER_WORD = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
_LISTED = r"(?:things?|reasons?|ways?|times|facts?|tips|tricks|hacks|signs|photos?|pictures?|pics|gifs?|tweets|memes?|moments|questions|secrets|mistakes|lessons|gifts|recipes|struggles|jokes|products|ideas|stages|rules|quotes|people|celebrit\w+|women|men|girls|guys|kids|moms|dads|dogs|cats|animals|puppies|books|movies|songs|shows|foods|desserts|snacks|drinks|outfits|tattoos|hairstyles|places|truths|thoughts|steps|examples|posts|texts|costumes|characters|life ?hacks)"

_CUES = cue_table(
    (
        ("numbered list", 0.7, rf"^(?:the |these |here are (?:the )?|top )?{_NUMBER_WORD} (?:\S+ ){{0,5}}{_LISTED}\b"),
        ("number first", 0.4, r"^(?:the |these |here are |only )?\d{1,3} (?!(?:killed|dead|die|died|injured|hurt|wounded|arrested|people (?:killed|dead|injured|die)|percent|per cent|million|billion|year|years|month|months|day|days|soldiers|troops|bodies|miners|held|charged|missing|shot|u\.?s|countries|states|nations|more|in|of|on|to|at|are|feared)\b)[a-z\"'“‘]"),
        ("speaks to you", 0.5, r"\b(?:you|your|you['’](?:re|ll|ve|d)|yourself|yours|y['’]all)\b"),
        ("quiz", 0.8, r"\b(?:which|what|how|who|can|do|does|are|would|could|should|did|have)\b.{0,60}\b(?:are|is|do|would|should|can|could|did|will|have) (?:you|your)\b|\b(?:can|do|could|would|are|have|did|will|should) (?:you|your|we)\b|\b(?:this|our|the ultimate) quiz\b|\bquiz(?:$|:)|\bwe bet\b|\bguess\b|\bwould you rather\b|\bpoll\b.*\?"),
        ("points without naming", 0.45, r"^(?:this|these|here['’]?s|here are|here is|watch|meet|see|that time|so|when|why|how|what|there['’]s|the \w+ (?:thing|reason|way)s?)\b"),
        ("this kind of", 0.3, r"\b(?:this|these) (?:\w+ ){0,3}(?:is|are|was|will|shows?|might|may|just|guy|girl|man|woman|kid|dog|cat|couple|mom|dad|teen|video|photo|one|trick|thing|people|simple|adorable)\b"),
        ("holds back", 0.7, r"\b(?:what happen(?:s|ed)(?: next)?|happens when|the reason (?:why|is)|you need to know|everything you|(?:won['’]t|wont|will never|can['’]t|not) believe|guess what|the truth about|find out|one (?:weird|simple) trick|turns out|(?:no one|nobody) (?:is talking|tells|told|knew|knows)|will (?:make|leave|blow|change|have|melt|give|restore|shock|surprise) (?:you|your|us)|secrets? (?:of|to|behind)|before (?:and|you) (?:after|die)|need to (?:see|try|read|watch|know|stop)|have to see|must[- ](?:see|read|have|try))\b"),
        ("hyperbole", 0.5, r"\b(?:amazing|awesome|incredible|insane(?:ly)?|unbelievabl[ey]|jaw-dropping|mind-?blowing|heartwarming|hilarious(?:ly)?|adorable|epic|shocking(?:ly)?|stunning|gorgeous|creepy|perfect(?:ly)?|genius|brilliant(?:ly)?|weird(?:est)?|craziest|crazy|cutest|cute|funniest|funny|hottest|ridiculous(?:ly)?|totally|literally|actually|basically|seriously|really|absolutely|definitely|obsessed|flawless|delicious|magical|fabulous|badass|awkward|relatable|impossibly|beautiful(?:ly)?|delightful|glorious|heartbreaking|painfully|hella|favou?rites?|iconic|iconically|proof|unapologetic\w*|extremely|totes|sassy|swoon\w*|nerdy|sexy|hot(?:ter)?|classy|pretty|fancy|cozy|drunk|dreamy)\b"),
        ("superlative", 0.2, r"\b(?:best|worst|greatest|ultimate|most \w+|definitive)\b"),
        ("ever", 0.35, r"\b(?:ever|of all time|in the world|for the first time ever|all the feels|right now|forever|at all)\b[.!]?$"),
        ("everyone", 0.35, r"\b(?:everyone|everybody|every \w+|anyone|nobody|no one|people (?:who|are|with)|all of us|literally all|who (?:love|grew up|have|are|just|know))\b"),
        ("chatty", 0.45, r"\b(?:i|i['’]m|i['’]ve|we|we['’]re|we['’]ve|my|me|our|let['’]s|omg|wtf|lol|bae|fam|selfies?|af|gonna|wanna|gotta|hey|oh|yes|yay|ugh|kinda|stuff|thing|things|bff|besties?|squad|mom|dad|grandma|boyfriend|girlfriend|friends?|crush|hangover|millennials?|feels)\b"),
        ("reacts", 0.3, r"\b(?:hilarious|reacts?|reaction|goes viral|viral|internet|twitter|tumblr|instagram|snapchat|facebook|youtube|netflix|disney|harry potter|star wars|kardashian\w*|jenner|beyonc[eé]|taylor swift|kanye|zodiac|astrolog\w+|horoscope|pinterest|buzzfeed|emoji|’?90s|'90s|’?00s|childhood|breakup|valentine['’]?s|halloween|makeup|diy)\b"),
        ("open question", 0.25, r"\?\s*$"),
        ("asks", 0.5, r"^(?:is|are|was|were|do|does|did|can|could|should|would|will|have|has|which|who)\b(?!-)(?!.* (?:says|said)\b)"),
        ("talks", 0.3, r"\b(?:just|got|gets?|getting|finally|even|also|still|here|too|so|dear|kind of|sort of|a lot|pretty much|apparently|definitively|honest(?:ly)?|probably|maybe)\b"),
        ("whole sentence", 0.25, r"(?:\b(?:that|is|are|was|were|these|this|if|about|them|they|she|he|her|his|their|it|it's|its|who|being|been|be|had|has|have)\b.*){2}"),
        ("imagines", 0.5, r"^if\b|\bwere\b.*\b(?:posters|characters|princesses)\b|\bas (?:if|told)\b|\b(?:looks?|looking|feels?) (?:like|hot\w*)\b"),
        ("contraction", 0.3, r"\b(?:i|you|he|she|it|we|they|that|what|here|there|who|can|don|doesn|didn|isn|aren|won|wouldn|shouldn|ain|let)['’](?:s|re|ve|ll|d|m|t)\b"),
        ("exclaims", 0.35, r"!"),
        ("according to", 0.3, r"\b(?:according to (?:your|the internet|tumblr|twitter|science)|as told by|that (?:will|prove|perfectly|are|every|only|you|make|show|should|happen|sum)|if (?:you|your|they|disney|we|the)|for (?:people|anyone|when|your)|is (?:the|here|everything|so|just|what))\b"),
    ),
    re.IGNORECASE,
)  # fmt: skip

_HARD_NEWS = "but words of hard news"
CUE_NAMES = (*(cue.name for cue in _CUES), _HARD_NEWS)
"""What `clickbait_cues` may name."""

_PLAIN = re.compile(
    r"(?i:\b(?:killed|kills|dead|dies|died|injured|bomb\w*|troops|police|court|president|minister|parliament|senate|congress|election\w*|govern\w+|military|u\.?n\.?|nato|earthquake|storm|floods?|crash\w*|sentenced|arrested|trial|inquiry|lawsuit|profit\w*|shares|economy|bank|billion|percent)\b)"
)


def clickbait_cues(title: str) -> tuple[float, tuple[str, ...]]:
    """Return how much *title* baits, in 0..1, and the cues found, strongest first.

    The words of hard news (a court, a storm, a bank) halve what the cues suggest: such headlines question and count too.

    Cost: linear in the first 300 characters.
    """
    headline = title[:300].strip()
    found = sorted(cues_in(headline, _CUES), key=lambda cue: (-cue.weight, cue.name))
    score = combined(cue.weight for cue in found)
    names = tuple(cue.name for cue in found)
    if found and _PLAIN.search(headline):
        return score / 2, (*names, _HARD_NEWS)
    return score, names
