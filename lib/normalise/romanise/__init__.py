"""Indian scripts to the Latin spelling that people use: राजेश कुमार -> Rajesh Kumar."""

from lib.normalise.romanise.words import romanise, romanise_word, romanised

__all__ = ["romanise", "romanise_word", "romanised"]
