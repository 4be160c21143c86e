"""The content of a simulated account: customers, people, machines, tickets and all that is said about them.

`build_world` fills a `World` from tables and a seed. Each part draws from a random stream of its own.
"""

from atera_simulator.seed.build import build_world
from atera_simulator.seed.hostile import HOSTILE_TITLES

__all__ = ["HOSTILE_TITLES", "build_world"]
