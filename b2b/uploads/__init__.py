"""Uploaded tables and their review: read, understood, compared with what is there, applied, and undone."""
