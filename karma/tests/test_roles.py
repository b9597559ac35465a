"""Roles are Django groups that follow the table of levels."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from accounts.models import User
from karma.levels import ROLES

pytestmark = pytest.mark.django_db


def test_migrating_makes_a_group_for_each_role():
    assert set(Group.objects.values_list("name", flat=True)) >= {role.name for role in ROLES}


def test_each_permission_of_the_table_exists():
    held = Group.objects.get(name="curator").permissions.select_related("content_type")
    found = {f"{permission.content_type.app_label}.{permission.codename}" for permission in held}
    assert found == {permission for role in ROLES for permission in role.permissions}


def test_a_granted_role_gives_its_permissions_and_those_before_it():
    ann = User.objects.create_user("ann", "ann@example.org")
    call_command("grant_role", "ann@example.org", "verifier")
    ann = User.objects.get(pk=ann.pk)
    assert ann.has_perm("catalog.change_song") and ann.has_perm("maps.view_mapversion")
    assert not ann.has_perm("aijobs.change_job")


def test_a_curator_may_enter_the_admin():
    User.objects.create_user("ann", "ann@example.org")
    call_command("grant_role", "ann", "curator")
    assert User.objects.get().is_staff


def test_granting_to_nobody_says_so():
    with pytest.raises(CommandError, match="Nobody here is called bob"):
        call_command("grant_role", "bob", "fixer")
