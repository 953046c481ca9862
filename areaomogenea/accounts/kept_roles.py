"""The roles that the portal itself keeps: what each may do comes back with every migrate, whoever changes it."""

_names = set()


def register_kept_roles(names):
    """Of the table that says what they may do, from an `AppConfig.ready()`."""
    _names.update(names)


def is_kept(group):
    return group is not None and group.name in _names
