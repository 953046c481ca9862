"""What the desk is reminded of: offices whose contacts nobody has checked for long."""

from areaomogenea.accounts.models import User
from areaomogenea.desk.reminders import Reminder, ReminderRow

from .models import Office

SHOWN = 6


def offices_to_check(user: User) -> Reminder | None:
    """Those that this person may check off; None when there are none."""
    if not user.has_perm("offices.change_office"):
        return None
    late = Office.objects.to_check().with_body()
    rows = [
        ReminderRow(office.name, "admin:offices_office_change", office.pk, when_checked(office))
        for office in late[: SHOWN + 1]
    ]
    if not rows:
        return None
    total = late.count() if len(rows) > SHOWN else len(rows)
    return Reminder("check", "Contatti da verificare", rows[:SHOWN], total, "admin:offices_office_changelist")


def when_checked(office: Office) -> str:
    """ "Consorzio.IT, verificato il 3 maggio 2026"."""
    on = f"verificato il {office.checked_on:%d/%m/%Y}" if office.checked_on else "mai verificato"
    return f"{office.body_name}, {on}"
