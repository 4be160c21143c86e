"""Changes: proposed, decided, carried out one step at a time, recorded before and after each call, finished after a crash.

policy       what this deployment and this caller may change
service      the desk that the server and the plugins talk to (sdk.changes.Changes)
runner       carries a confirmed change out, step by step
operations   the five calls to Atera that exist here: how each is sent, and how one sees afterwards that it happened
readback     reading from Atera at once, and storing what was read
report       journal entries as sentences
plugin       the tools that belong to no plugin: confirm_change, recent_changes, undo_change

Atera knows no idempotency key, so nothing is ever sent twice on suspicion: after a lost answer the record is read back.
"""
