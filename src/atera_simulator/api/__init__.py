"""The HTTP side of the simulated Atera: public REST API v3 as of mid-2026, plus `/_simulator` to steer it."""

from atera_simulator.api.app import DEFAULT_RATE, DEFAULT_TOKEN, create_app, utc_now

__all__ = ["DEFAULT_RATE", "DEFAULT_TOKEN", "create_app", "utc_now"]
