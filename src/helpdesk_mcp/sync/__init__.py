"""Keeps the mirror like Atera: joins `atera`, `store` and `text`, which know nothing of each other.

streams      what is read, from where, and how often
cycle        everything that is due, once
schedule     a worker that does so for ever
ticket       one ticket at once, for whoever has just changed it
rows         from Atera's records to our columns
"""
