"""Postgres and nothing else: no Atera, no MCP, no environment.

engines      how to connect, and what it means when that fails
migrate      the schema's history, and how far this database is
tables       the schema
"""
