"""The ear: a song goes in, a drum map comes out. Knows no Django and no database; see `pipeline` for the order."""
