"""The whole product on one machine with nothing installed: simulated Atera, Postgres, worker, server, and a tour as a client.

Every part runs as the process it is in real life; only Atera is simulated.
"""
