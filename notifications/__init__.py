"""Telling people: the one live socket."""
