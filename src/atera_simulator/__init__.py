"""A local, faithful stand-in for Atera's REST API."""
