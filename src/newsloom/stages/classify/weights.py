"""Weights of the topic classifier. Made by benchmarks/training/topics.py; do not edit."""

from __future__ import annotations

TABLES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "full": (
        (
            0.0810,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.2439,  # company_lead
            0.1898,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            0.2707,  # title_keyword
            0.0000,  # title_keywords
            0.1038,  # lead_keyword
            0.0000,  # lead_keywords
            2.6232,  # density
            2.5610,  # specific
            0.1386,  # parent_lead
            0.0000,  # parent_words_lead
            2.5905,  # hit_words_lead
            0.0000,  # hit_company_lead
            6.6152,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -0.3887,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.1554,  # company_lead
            0.0421,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            0.0000,  # title_keyword
            0.0000,  # title_keywords
            0.0501,  # lead_keyword
            0.0000,  # lead_keywords
            1.4697,  # density
            2.1964,  # specific
            0.0729,  # parent_lead
            0.0000,  # parent_words_lead
            3.4252,  # hit_words_lead
            0.0541,  # hit_company_lead
            5.1588,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0653,  # learned_rival
            0.5005,  # learned_company
            0.2250,  # hit_learned_company
            2.2152,  # learned_text
            0.0000,  # learned_near
        ),
    ),
    "texts": (
        (
            0.1638,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.3049,  # company_lead
            0.1838,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            0.2283,  # title_keyword
            0.0000,  # title_keywords
            0.1460,  # lead_keyword
            0.0000,  # lead_keywords
            2.9866,  # density
            2.8469,  # specific
            0.1071,  # parent_lead
            0.0000,  # parent_words_lead
            1.2114,  # hit_words_lead
            0.0354,  # hit_company_lead
            4.2468,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -0.3640,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.1945,  # company_lead
            0.0527,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            0.0000,  # title_keyword
            0.0000,  # title_keywords
            0.0832,  # lead_keyword
            0.0000,  # lead_keywords
            1.8278,  # density
            2.5080,  # specific
            0.0525,  # parent_lead
            0.0000,  # parent_words_lead
            1.8919,  # hit_words_lead
            0.1172,  # hit_company_lead
            2.6650,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0492,  # learned_rival
            0.4507,  # learned_company
            0.2800,  # hit_learned_company
            3.1929,  # learned_text
            0.0000,  # learned_near
        ),
    ),
    "none": (
        (
            -1.3727,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0775,  # words_rival
            0.0000,  # company
            0.0000,  # company_lead
            0.0000,  # company_rival
            0.0000,  # company_words_lead
            1.4110,  # company_words_rival
            0.5132,  # title_keyword
            0.0000,  # title_keywords
            0.2777,  # lead_keyword
            0.0314,  # lead_keywords
            3.2661,  # density
            2.6163,  # specific
            0.0000,  # parent_lead
            0.4096,  # parent_words_lead
            1.7064,  # hit_words_lead
            0.0000,  # hit_company_lead
            5.9246,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -1.0750,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.0000,  # company_lead
            0.0000,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            0.0000,  # title_keyword
            0.0000,  # title_keywords
            0.1686,  # lead_keyword
            0.0000,  # lead_keywords
            1.6648,  # density
            2.2597,  # specific
            0.0000,  # parent_lead
            0.0000,  # parent_words_lead
            1.5913,  # hit_words_lead
            0.0000,  # hit_company_lead
            5.1850,  # hit_company_words_lead
            0.0000,  # learned_words
            0.1040,  # learned_rival
            0.6026,  # learned_company
            0.1733,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
    ),
}
"""Name → constant and weight of each feature, before and after the pile taught."""
