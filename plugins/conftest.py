"""Plugins' tests see the core's fixtures."""

from tests.conftest import anyio_backend, database_url, postgres, template

__all__ = ["anyio_backend", "database_url", "postgres", "template"]
