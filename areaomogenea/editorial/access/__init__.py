"""The door of the desk: login, second factor, invitations, forgotten passwords."""
