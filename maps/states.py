"""The states of a map, its difficulties, and where a version comes from."""

from django.db import models


class MapStatus(models.TextChoices):
    UNVERIFIED = "unverified", "not verified yet"
    VERIFIED = "verified", "verified"
    ARCHIVED = "archived", "archived"


class Difficulty(models.TextChoices):
    EASY = "easy", "Easy"
    NORMAL = "normal", "Normal"
    HARD = "hard", "Hard"
    EXPERT = "expert", "Expert"


class Source(models.TextChoices):
    AI = "ai", "first map by the AI"
    MANUAL = "manual", "made by hand"
    EDIT = "edit", "approved edit"
