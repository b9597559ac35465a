"""What song is this file? Asked of our own recordings first, then of AcoustID, of its tags, of its name.

`catalogue` says whether the sound is a recording that we have. Where it isn't, `sources` gathers candidates for
title and artist, ranked; a person confirms one of them or types.
"""
