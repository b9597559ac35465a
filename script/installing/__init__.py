"""Puts the packages that BeatSight needs into .venv, with nothing but the standard library at hand.

A *set* is a list of requirements files: `web` (serves pages), `worker` (web and the ear: everything that
a machine running the site needs) and `test` (all of it and the checks). A set is installed once: a stamp
of its files in .venv says so, and a start that finds the stamp installs nothing.

uv installs in seconds what takes pip minutes, so it is fetched first; where it cannot be had or fails, pip
does the work. torch comes as its CPU build unless BEATSIGHT_TORCH=cuda asks for the other.
"""
