"""Weights of the join and of the merge, written by benchmarks/training/train_stories.py. Do not edit."""

from newsloom.stages.cluster.likeness import Weights

WORDS = Weights(
    join=(
        -1.9791,  # one
        -8.4135,  # nearest
        -3.9026,  # centroid
        19.071,  # mean
        -1.704,  # cohesion
        -3.5765,  # crowd
        4.059,  # margin
        -0.2928,  # title
        6.1211,  # lead
        1.6694,  # names
        -1.0959,  # names_apart
        -1.3995,  # keys_apart
        0.0258,  # figures
        -0.0136,  # figures_apart
        0.0893,  # size
        1.9502,  # brief
        0.0,  # meaning
        0.0,  # meaning_centroid
        0.0,  # meaning_margin
    ),
    kin=(
        -3.648,  # one
        0.3623,  # odds
        -0.0389,  # rival
        3.4324,  # centroid
        24.05,  # mean
        -5.4768,  # cohesion_most
        -4.6066,  # cohesion_least
        -7.9627,  # tight
        1.7949,  # names
        -0.5363,  # names_apart
        -0.0098,  # names_astray
        -3.1228,  # crowd
        -0.7852,  # mutual
        -0.22,  # size_least
        -0.0153,  # size_most
        -0.8484,  # single
        2.9549,  # brief
        0.0,  # meaning
        0.0,  # meaning_mean
    ),
)

MEANING = Weights(
    join=(
        -1.9791,  # one
        -8.4135,  # nearest
        -3.9026,  # centroid
        19.071,  # mean
        -1.704,  # cohesion
        -3.5765,  # crowd
        4.059,  # margin
        -0.2928,  # title
        6.1211,  # lead
        1.6694,  # names
        -1.0959,  # names_apart
        -1.3995,  # keys_apart
        0.0258,  # figures
        -0.0136,  # figures_apart
        0.0893,  # size
        1.9502,  # brief
        0.0,  # meaning
        0.0,  # meaning_centroid
        0.0,  # meaning_margin
    ),
    kin=(
        -3.648,  # one
        0.3623,  # odds
        -0.0389,  # rival
        3.4324,  # centroid
        24.05,  # mean
        -5.4768,  # cohesion_most
        -4.6066,  # cohesion_least
        -7.9627,  # tight
        1.7949,  # names
        -0.5363,  # names_apart
        -0.0098,  # names_astray
        -3.1228,  # crowd
        -0.7852,  # mutual
        -0.22,  # size_least
        -0.0153,  # size_most
        -0.8484,  # single
        2.9549,  # brief
        0.0,  # meaning
        0.0,  # meaning_mean
    ),
)
