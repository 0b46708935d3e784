"""Weights of the topic classifier. Made by benchmarks/training/topics.py; do not edit."""

from __future__ import annotations

TABLES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "full": (
        (
            -0.7764,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.1252,  # company_lead
            0.1856,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            1.3939,  # title_keyword
            0.0000,  # title_keywords
            1.2990,  # lead_keyword
            0.0000,  # lead_keywords
            2.5304,  # density
            2.3806,  # specific
            0.1220,  # parent_lead
            1.2175,  # parent_words_lead
            6.1726,  # hit_words_lead
            0.0000,  # hit_company_lead
            4.8238,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -1.4192,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.0364,  # company_lead
            0.1051,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            0.9577,  # title_keyword
            0.0000,  # title_keywords
            0.9635,  # lead_keyword
            0.0000,  # lead_keywords
            1.1819,  # density
            2.0476,  # specific
            0.0553,  # parent_lead
            0.8794,  # parent_words_lead
            7.8227,  # hit_words_lead
            0.0591,  # hit_company_lead
            2.4819,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.4048,  # learned_company
            0.2818,  # hit_learned_company
            2.8192,  # learned_text
            3.7034,  # learned_near
        ),
    ),
    "texts": (
        (
            -0.7361,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.1681,  # company_lead
            0.1779,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            1.2640,  # title_keyword
            0.0000,  # title_keywords
            1.4201,  # lead_keyword
            0.0000,  # lead_keywords
            2.9767,  # density
            2.6611,  # specific
            0.1050,  # parent_lead
            0.5227,  # parent_words_lead
            4.8748,  # hit_words_lead
            0.0360,  # hit_company_lead
            2.6468,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -1.4369,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.0537,  # company_lead
            0.1088,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            0.8737,  # title_keyword
            0.0000,  # title_keywords
            1.1262,  # lead_keyword
            0.0000,  # lead_keywords
            1.5856,  # density
            2.3036,  # specific
            0.0464,  # parent_lead
            0.1836,  # parent_words_lead
            6.1825,  # hit_words_lead
            0.1081,  # hit_company_lead
            0.7058,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.3942,  # learned_company
            0.2913,  # hit_learned_company
            2.7852,  # learned_text
            4.2258,  # learned_near
        ),
    ),
    "none": (
        (
            -1.8470,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.6444,  # words_lead
            0.1641,  # words_rival
            0.0000,  # company
            0.0000,  # company_lead
            0.0000,  # company_rival
            0.0000,  # company_words_lead
            0.5185,  # company_words_rival
            1.4854,  # title_keyword
            0.0000,  # title_keywords
            1.5060,  # lead_keyword
            0.0000,  # lead_keywords
            3.3595,  # density
            2.4379,  # specific
            0.0000,  # parent_lead
            0.8120,  # parent_words_lead
            4.8771,  # hit_words_lead
            0.0000,  # hit_company_lead
            4.0264,  # hit_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -1.5813,  # constant
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
            0.6801,  # title_keyword
            0.0000,  # title_keywords
            1.0549,  # lead_keyword
            0.0000,  # lead_keywords
            1.7485,  # density
            2.2062,  # specific
            0.0000,  # parent_lead
            0.6857,  # parent_words_lead
            5.9472,  # hit_words_lead
            0.0000,  # hit_company_lead
            2.2000,  # hit_company_words_lead
            0.0327,  # learned_words
            0.0370,  # learned_rival
            0.5154,  # learned_company
            0.2900,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
    ),
}
"""Name → constant and weight of each feature, before and after the pile taught."""
