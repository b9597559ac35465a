"""Drum maps and their versions."""
