"""Weights of the join and of the merge, written by benchmarks/training/train_stories.py DATA --write. Do not edit."""

from newsloom.stages.cluster.likeness import Weights

WORDS = Weights(
    join=(
        -2.0837,  # one
        -7.5995,  # nearest
        -3.4228,  # centroid
        18.2066,  # mean
        -1.6663,  # cohesion
        -1.3173,  # crowd
        4.7382,  # margin
        4.0261,  # lead
        1.7082,  # names
        -1.1048,  # names_apart
        -0.5406,  # keys_apart
        -1.2926,  # subjects_apart
        0.1584,  # size
        1.4476,  # brief
        0.0,  # meaning
        0.0,  # meaning_centroid
        0.0,  # meaning_margin
    ),
    kin=(
        -3.5327,  # one
        0.4279,  # odds
        -0.1336,  # rival
        0.9333,  # centroid
        14.7808,  # mean
        -1.0055,  # cohesion_most
        -5.2244,  # cohesion_least
        -1.7084,  # tight
        2.5999,  # names
        -0.366,  # names_apart
        -1.1944,  # subjects_apart
        3.4881,  # crowd
        0.0782,  # mutual
        -0.2605,  # size_least
        0.0161,  # size_most
        -0.6502,  # single
        2.3293,  # brief
        0.0,  # meaning
        0.0,  # meaning_mean
    ),
)

MEANING = Weights(
    join=(
        -2.5113,  # one
        -3.6656,  # nearest
        -9.5663,  # centroid
        19.6749,  # mean
        -1.4635,  # cohesion
        -1.2999,  # crowd
        3.8619,  # margin
        3.8291,  # lead
        1.8173,  # names
        -0.9848,  # names_apart
        -0.7166,  # keys_apart
        -1.2312,  # subjects_apart
        0.135,  # size
        1.7006,  # brief
        -3.9101,  # meaning
        5.2141,  # meaning_centroid
        1.4781,  # meaning_margin
    ),
    kin=(
        -3.3697,  # one
        0.519,  # odds
        0.0483,  # rival
        -4.8108,  # centroid
        18.9396,  # mean
        -3.1373,  # cohesion_most
        -5.985,  # cohesion_least
        -4.7217,  # tight
        2.1763,  # names
        -0.2601,  # names_apart
        -1.1765,  # subjects_apart
        -0.0832,  # crowd
        0.247,  # mutual
        -0.4289,  # size_least
        -0.0509,  # size_most
        -0.4752,  # single
        1.9364,  # brief
        11.3262,  # meaning
        -9.4331,  # meaning_mean
    ),
)
