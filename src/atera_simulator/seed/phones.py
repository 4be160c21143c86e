"""Telephone numbers that belong to nobody: only ranges that regulators keep for films and examples.

Germany (Bundesnetzagentur), United Kingdom (Ofcom), France (Arcep), Sweden (PTS), United States (555-01xx). Countries that keep no
such range get the British non-geographic one.
"""

from random import Random


def landline(rng: Random, country: str) -> str:
    """Return a fictional office number for `country`."""
    match country:
        case "Germany":
            return rng.choice(("+49 40 66969 {:03d}", "+49 30 23125 {:03d}", "+49 89 99998 {:03d}")).format(
                rng.randrange(1000)
            )
        case "France":
            return f"+33 1 99 00 {rng.randrange(100):02d} {rng.randrange(100):02d}"
        case "Sweden":
            return f"+46 8 465 004 {rng.randrange(100):02d}"
        case "United States":
            return f"+1 503 555 01{rng.randrange(100):02d}"
        case _:
            return f"+44 1632 960{rng.randrange(1000):03d}"


def mobile(rng: Random, country: str) -> str:
    """Return a fictional mobile number for `country`."""
    match country:
        case "Germany":
            return f"+49 171 39200{rng.randrange(100):02d}"
        case "France":
            return f"+33 6 39 98 {rng.randrange(100):02d} {rng.randrange(100):02d}"
        case "United States":
            return f"+1 503 555 01{rng.randrange(100):02d}"
        case _:
            return f"+44 7700 900{rng.randrange(1000):03d}"
