"""ORE's groups and what each may do in the admin panel, in one readable place.

Rights in the portal itself (who sees a plan, who decides) follow from `permissions.py` of each app.
"""

ADMINISTRATOR = "Administrator ORE"
COORDINATOR = "Koordynator ORE"
AUDITOR = "Audytor"

VIEW, CHANGE, ADD, DELETE = "view", "change", "add", "delete"

# model → rights; "*" stands for every model of the app.
PERMISSIONS = {
    ADMINISTRATOR: {
        "portal.user": {VIEW, ADD, CHANGE},
        "portal.message": {VIEW},
        "portal.event": {VIEW},
        "portal.accessrecord": {VIEW},
        "portal.informationclause": {VIEW, ADD},
        "jst.*": {VIEW, ADD, CHANGE},
        "plans.*": {VIEW, ADD, CHANGE},
    },
    COORDINATOR: {
        "portal.user": {VIEW, ADD},
        "portal.message": {VIEW},
        "portal.informationclause": {VIEW, ADD},
        "jst.*": {VIEW, ADD, CHANGE},
        "plans.*": {VIEW, ADD, CHANGE},
    },
    AUDITOR: {
        "portal.message": {VIEW},
        "portal.informationclause": {VIEW},
        "portal.event": {VIEW},
        "portal.accessrecord": {VIEW},
        "jst.*": {VIEW},
        "plans.*": {VIEW},
    },
}


def wanted(group, permissions):
    """Return those of `permissions` that the table gives `group`."""
    table = PERMISSIONS[group]
    found = []
    for permission in permissions:
        app, model = permission.content_type.app_label, permission.content_type.model
        rights = table.get(f"{app}.{model}", table.get(f"{app}.*", set()))
        if permission.codename in {f"{right}_{model}" for right in rights}:
            found.append(permission)
    return found


def apply(**kwargs):
    """Bring the groups in the database to the table above; runs after every migrate."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # Django makes the permissions of an app after this has run for it.
    for name in sorted({model.partition(".")[0] for table in PERMISSIONS.values() for model in table}):
        create_permissions(apps.get_app_config(name), verbosity=0)
    permissions = list(Permission.objects.select_related("content_type"))
    for name in PERMISSIONS:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(wanted(name, permissions))
