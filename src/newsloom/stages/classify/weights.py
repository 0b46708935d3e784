"""Weights of the topic classifier. Made by benchmarks/training/topics.py; do not edit."""

from __future__ import annotations

TABLES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "full": (
        (
            -0.5675,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0871,  # company
            0.1643,  # company_lead
            0.2247,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            1.4084,  # title_keyword
            0.0000,  # title_keywords
            1.1140,  # lead_keyword
            0.0000,  # lead_keywords
            2.1473,  # density
            2.3706,  # specific
            1.5915,  # title_rare
            1.7795,  # lead_rare
            0.0000,  # title_fit
            0.0480,  # lead_fit
            0.8545,  # capitals
            0.1226,  # parent_lead
            2.6263,  # parent_words_lead
            2.0478,  # hit_words_lead
            0.0000,  # hit_company_lead
            0.5372,  # hit_company_words_lead
            0.0000,  # doubtful_words_lead
            0.1405,  # doubtful_company_lead
            6.6138,  # doubtful_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -0.8972,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.1342,  # company_lead
            0.1611,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            0.9285,  # title_keyword
            0.0000,  # title_keywords
            0.7110,  # lead_keyword
            0.0000,  # lead_keywords
            1.2252,  # density
            1.9717,  # specific
            1.2967,  # title_rare
            1.5418,  # lead_rare
            0.0000,  # title_fit
            0.0084,  # lead_fit
            0.9406,  # capitals
            0.0516,  # parent_lead
            2.0015,  # parent_words_lead
            4.1716,  # hit_words_lead
            0.0092,  # hit_company_lead
            0.0000,  # hit_company_words_lead
            0.0000,  # doubtful_words_lead
            0.1431,  # doubtful_company_lead
            4.7255,  # doubtful_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.4319,  # learned_company
            0.2668,  # hit_learned_company
            0.7258,  # learned_text
            2.4674,  # learned_near
        ),
    ),
    "texts": (
        (
            -0.4993,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0813,  # company
            0.1916,  # company_lead
            0.2235,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            1.4541,  # title_keyword
            0.0000,  # title_keywords
            1.1631,  # lead_keyword
            0.0000,  # lead_keywords
            2.5942,  # density
            2.4763,  # specific
            1.4919,  # title_rare
            1.6312,  # lead_rare
            0.0000,  # title_fit
            0.0093,  # lead_fit
            0.7840,  # capitals
            0.1205,  # parent_lead
            1.5579,  # parent_words_lead
            0.9364,  # hit_words_lead
            0.0000,  # hit_company_lead
            0.0000,  # hit_company_words_lead
            0.0000,  # doubtful_words_lead
            0.2180,  # doubtful_company_lead
            4.6347,  # doubtful_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -0.8829,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.0000,  # words_rival
            0.0000,  # company
            0.1432,  # company_lead
            0.1612,  # company_rival
            0.0000,  # company_words_lead
            0.0000,  # company_words_rival
            1.0242,  # title_keyword
            0.0000,  # title_keywords
            0.7743,  # lead_keyword
            0.0000,  # lead_keywords
            1.7036,  # density
            2.2064,  # specific
            1.2551,  # title_rare
            1.4772,  # lead_rare
            0.0000,  # title_fit
            0.0000,  # lead_fit
            0.8562,  # capitals
            0.0561,  # parent_lead
            1.0234,  # parent_words_lead
            2.5063,  # hit_words_lead
            0.0364,  # hit_company_lead
            0.0000,  # hit_company_words_lead
            0.0000,  # doubtful_words_lead
            0.2029,  # doubtful_company_lead
            2.6456,  # doubtful_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.4245,  # learned_company
            0.2607,  # hit_learned_company
            0.9924,  # learned_text
            2.8878,  # learned_near
        ),
    ),
    "none": (
        (
            -1.7573,  # constant
            0.0000,  # text
            0.0000,  # text_lead
            0.0000,  # text_rival
            0.0000,  # words_lead
            0.4883,  # words_rival
            0.0000,  # company
            0.0000,  # company_lead
            0.0000,  # company_rival
            0.0000,  # company_words_lead
            0.4983,  # company_words_rival
            1.3927,  # title_keyword
            0.0000,  # title_keywords
            0.9277,  # lead_keyword
            0.0000,  # lead_keywords
            3.0024,  # density
            2.5303,  # specific
            1.3646,  # title_rare
            2.1109,  # lead_rare
            0.1562,  # title_fit
            0.0282,  # lead_fit
            0.7740,  # capitals
            0.0000,  # parent_lead
            1.5231,  # parent_words_lead
            1.5664,  # hit_words_lead
            0.0000,  # hit_company_lead
            0.4716,  # hit_company_words_lead
            0.0000,  # doubtful_words_lead
            0.0000,  # doubtful_company_lead
            8.1868,  # doubtful_company_words_lead
            0.0000,  # learned_words
            0.0000,  # learned_rival
            0.0000,  # learned_company
            0.0000,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
        (
            -1.5269,  # constant
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
            0.7338,  # title_keyword
            0.0000,  # title_keywords
            0.3632,  # lead_keyword
            0.0000,  # lead_keywords
            2.1080,  # density
            2.2942,  # specific
            1.2667,  # title_rare
            2.1029,  # lead_rare
            0.0225,  # title_fit
            0.0862,  # lead_fit
            0.8478,  # capitals
            0.0000,  # parent_lead
            1.0277,  # parent_words_lead
            2.8158,  # hit_words_lead
            0.0000,  # hit_company_lead
            0.0000,  # hit_company_words_lead
            0.0000,  # doubtful_words_lead
            0.0000,  # doubtful_company_lead
            6.9405,  # doubtful_company_words_lead
            0.0000,  # learned_words
            0.0899,  # learned_rival
            0.3973,  # learned_company
            0.0420,  # hit_learned_company
            0.0000,  # learned_text
            0.0000,  # learned_near
        ),
    ),
}
"""Name → constant and weight of each feature, before and after the pile taught."""
