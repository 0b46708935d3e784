"""Weights of the join and of the merge, written by benchmarks/training/train_stories.py. Do not edit."""

from newsloom.stages.cluster.likeness import Weights

WORDS = Weights(
    join=(
        -0.6373,  # one
        -6.668,  # nearest
        -4.044,  # centroid
        15.3854,  # mean
        -1.2403,  # cohesion
        -2.7107,  # crowd
        4.2993,  # margin
        4.505,  # lead
        1.6953,  # names
        -1.6494,  # names_apart
        -1.455,  # keys_apart
        -1.1899,  # subjects_apart
        -0.1022,  # size
        1.183,  # brief
        0.0,  # meaning
        0.0,  # meaning_centroid
        0.0,  # meaning_margin
    ),
    kin=(
        -2.4415,  # one
        0.6822,  # odds
        -0.0235,  # rival
        -1.2729,  # centroid
        18.6538,  # mean
        -1.0281,  # cohesion_most
        -5.3864,  # cohesion_least
        -2.9729,  # tight
        1.9351,  # names
        -0.2919,  # names_apart
        -1.2256,  # subjects_apart
        0.0046,  # crowd
        -0.2853,  # mutual
        -0.1279,  # size_least
        -0.1027,  # size_most
        -0.7649,  # single
        1.8763,  # brief
        0.0,  # meaning
        0.0,  # meaning_mean
    ),
)

MEANING = Weights(
    join=(
        -1.2829,  # one
        -2.5344,  # nearest
        -10.2418,  # centroid
        17.519,  # mean
        -1.22,  # cohesion
        -2.4411,  # crowd
        2.8552,  # margin
        3.4542,  # lead
        1.6949,  # names
        -1.5395,  # names_apart
        -1.575,  # keys_apart
        -0.9673,  # subjects_apart
        -0.023,  # size
        1.6081,  # brief
        -3.8715,  # meaning
        5.3295,  # meaning_centroid
        2.064,  # meaning_margin
    ),
    kin=(
        -2.3698,  # one
        0.6749,  # odds
        0.1959,  # rival
        -7.1428,  # centroid
        23.4798,  # mean
        -2.3567,  # cohesion_most
        -4.9686,  # cohesion_least
        -4.8868,  # tight
        1.6989,  # names
        -0.1776,  # names_apart
        -1.7,  # subjects_apart
        -3.6435,  # crowd
        -0.1515,  # mutual
        -0.2603,  # size_least
        -0.133,  # size_most
        -0.2492,  # single
        1.209,  # brief
        10.4929,  # meaning
        -9.5549,  # meaning_mean
    ),
)
