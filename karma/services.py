"""Writing roles as Django groups."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from accounts.models import User

from .levels import ROLES


def write_roles() -> None:
    """Make the groups agree with the table of roles. Permissions that no room has made yet are left for later."""
    held: list[str] = []
    for role in ROLES:
        held += role.permissions
        wanted = Q(pk__in=[])
        for permission in held:
            room, codename = permission.split(".")
            wanted |= Q(content_type__app_label=room, codename=codename)
        group, _ = Group.objects.get_or_create(name=role.name)
        group.permissions.set(Permission.objects.filter(wanted))


def grant_role(person: User, name: str) -> None:
    """Give `person` a role by hand. A curator may also enter the admin. Raises ValueError for a name unknown."""
    names = [role.name for role in ROLES]
    if name not in names:
        raise ValueError(f"There is no role {name!r}; the roles are {', '.join(names)}.")
    person.groups.add(Group.objects.get(name=name))
    if name == "curator":
        User.objects.filter(pk=person.pk).update(is_staff=True)
