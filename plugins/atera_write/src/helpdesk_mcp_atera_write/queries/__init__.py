"""Statements in, typed rows out."""
