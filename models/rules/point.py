"""Observation points: the villages whose weeks are expected."""

SELECTIONS = ("random", "purposive")  # how a village became one: drawn by lot, or picked
