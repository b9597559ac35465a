"""The roles and what each of them may do, in one table. A role holds everything that the ones before it hold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role: the karma that it takes (None: given by hand) and the permissions that it adds."""

    name: str
    karma: int | None
    permissions: tuple[str, ...]


ROLES = (
    Role("fixer", 10, ("catalog.change_song",)),
    Role("verifier", 500, ("catalog.view_upload", "maps.view_mapversion")),
    Role(
        "curator",
        2000,
        (
            "catalog.view_song",
            "catalog.view_recording",
            "catalog.change_recording",
            "maps.view_drummap",
            "maps.change_drummap",
            "aijobs.view_job",
            "aijobs.change_job",
        ),
    ),
)
