"""The people of the desk: whom to invite, what each may do, who has not come yet."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime

from areaomogenea.accounts import ledger
from areaomogenea.accounts.attempts import LETTERS_TO, account_of
from areaomogenea.accounts.confirmation import ConfirmedAdmin
from areaomogenea.accounts.models import Assignment, User
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.accounts.sessions import UserSession, end_sessions
from areaomogenea.identity.address import absolute_url
from areaomogenea.municipalities.models import Municipality

from .extra_pages import DeskAdmin
from .leaving import LeavingPages
from .roles import permissions_field

# Nobody looks after other people's keys: they would be a secret that leaves by the admin.
admin.site.unregister([EmailAddress, Authenticator])


ABOUT_ROLES = (
    "Il Redattore comunale scrive solo per i Comuni assegnati, il Redattore per tutta l’Area; il Responsabile approva,"
    " pubblica e ritira; l’Amministratore cura anche persone e impostazioni."
)


class PersonForm(forms.ModelForm):
    municipalities = forms.ModelMultipleChoiceField(
        Municipality.objects.of_area().defer("border", "outline"),
        label="Comuni assegnati",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "person-places"}),
        help_text="Servono al Redattore comunale. Chi ha un altro ruolo scrive già per tutta l’Area.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["municipalities"] = self.instance.assignments.values_list("municipality", flat=True)
        if "groups" in self.fields:
            self.fields["groups"].required = not self.instance.is_superuser

    def clean(self) -> Any:
        cleaned = super().clean()
        roles = cleaned.get("groups")
        for_area = roles and roles.filter(permissions__codename="write_for_area").exists()
        if roles and not for_area and not cleaned.get("municipalities"):
            self.add_error("municipalities", "Scegli almeno un Comune: con questo ruolo si scrive solo per quelli.")
        return cleaned

    def _save_m2m(self):
        super()._save_m2m()
        chosen, assignments = self.cleaned_data["municipalities"], self.instance.assignments
        assignments.exclude(municipality__in=chosen).delete()
        rows = [Assignment(user=self.instance, municipality=place) for place in chosen]
        assignments.bulk_create(rows, ignore_conflicts=True)


class AcceptedFilter(admin.SimpleListFilter):
    title = "invito"
    parameter_name = "invito"

    def lookups(self, request: UserRequest, model_admin: PersonAdmin) -> list[tuple[str, str]]:
        return [("accettato", "Accettato"), ("in-attesa", "Non ancora accettato")]

    def queryset(self, request: UserRequest, queryset: QuerySet) -> QuerySet:
        waiting = {"password__startswith": "!"}
        match self.value():
            case "accettato":
                return queryset.exclude(**waiting)
            case "in-attesa":
                return queryset.filter(**waiting)
        return queryset


@admin.register(User)
class PersonAdmin(ConfirmedAdmin, DeskAdmin):
    pages = [LeavingPages]
    form = PersonForm
    ordering = ["last_name", "first_name", "email"]
    list_display = ["email", "name", "roles", "places", "state", "second_factor", "last_seen"]
    list_filter = [AcceptedFilter, "is_active", "groups"]
    search_fields = ["email__folded", "first_name__folded", "last_name__folded"]
    readonly_fields = ["places", "state", "second_factor", "last_seen", "sessions"]
    ledger_relations = ["assignments"]
    actions = ["invite_again", "reset_second_factor", "close_sessions"]
    who = ("Chi è", {"fields": ["email", ("first_name", "last_name")]})

    def get_queryset(self, request: UserRequest) -> Any:
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        people = super().get_queryset(request).annotate(is_guarded=Exists(factors))
        return people.prefetch_related("groups", "assignments__municipality")

    def get_fieldsets(self, request: UserRequest, obj: Any = None) -> Any:
        if obj is None:
            return [self.who, ("Che cosa può fare", {"fields": ["groups", "municipalities"]})]
        places = "municipalities" if self.has_change_permission(request, obj) else "places"
        powers = ["is_staff", "is_superuser", "user_permissions"] if request.user.is_superuser else []
        return [
            self.who,
            ("Che cosa può fare", {"fields": ["groups", places, *powers]}),
            ("Accesso", {"fields": ["state", "second_factor", "last_seen", "sessions"]}),
        ]

    def get_readonly_fields(self, request: UserRequest, obj: Any = None) -> Any:
        """The fields only shown: nobody promotes or demotes themselves, so somebody can always open the door."""
        own = ["is_staff", "is_superuser", "groups", "user_permissions"] if obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *own]

    def formfield_for_manytomany(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs |= {"label": "Ruoli", "widget": forms.CheckboxSelectMultiple, "help_text": ABOUT_ROLES}
            kwargs["queryset"] = roles_within(request.user)
        if db_field.name == "user_permissions":
            return permissions_field(label="Può anche", required=False)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: UserRequest, obj: Any = None) -> bool:
        is_here = obj is None or obj.anonymised_at is None
        return super().has_change_permission(request, obj) and is_within_reach(request.user, obj) and is_here

    def has_delete_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: UserRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        ways = LeavingPages(self).ways_of(request, self.get_object(request, object_id))
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"leaving": ways})

    def save_model(self, request: UserRequest, obj: Any, form: forms.BaseForm, change: bool) -> None:
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            end_sessions(obj, but=request)
        if "email" in form.changed_data and change:
            letter = {"user": obj, "email": form.initial["email"]}
            transaction.on_commit(lambda: get_adapter().send_notification_mail("account/email/email_changed", **letter))

    def save_related(self, request: UserRequest, form: forms.BaseForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            self.invite(request, form.instance)

    def response_add(self, request: UserRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_post_save_add(request, obj)  # the letter has said it already

    def changelist_view(self, request: UserRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"title": "Le persone della redazione"})

    def add_view(
        self, request: UserRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, (extra_context or {}) | {"title": "Invita una persona"})

    def invite(self, request: UserRequest, person: User) -> None:
        if not LETTERS_TO.take(account_of(person.email)):
            text = f"{person}: sono già partite molte lettere nell’ultima ora. Manda di nuovo l’invito più tardi."
            self.message_user(request, text, messages.WARNING)
            return
        address = absolute_url(reverse("invitation", args=[person.invite()]))
        transaction.on_commit(lambda: self.write_invitation(request, person, address))

    def write_invitation(self, request: UserRequest, person: User, address: str) -> None:
        letter = {
            "invited": person,
            "address": address,
            "by": request.user,
            "roles": ", ".join(group.name for group in person.groups.all()),
            "places": ", ".join(person.assignments.values_list("municipality__name", flat=True)),
            "expires_at": localtime(person.invitation_expires_at()),
        }
        if get_adapter().send_mail("account/email/invitation", person.email, letter):
            self.message_user(request, f"La lettera di invito è partita per {person.email}.")

    @admin.display(description="nome", ordering="last_name")
    def name(self, person: User) -> str:
        return person.get_full_name() or "–"

    @admin.display(description="ruoli")
    def roles(self, person: User) -> str:
        names = [group.name for group in person.groups.all()]
        return ", ".join(["Superutente"] * person.is_superuser + names) or "–"

    @admin.display(description="Comuni")
    def places(self, person: User) -> str:
        return ", ".join(assignment.municipality.name for assignment in person.assignments.all()) or "–"

    @admin.display(description="stato")
    def state(self, person: User) -> str:
        if person.anonymised_at:
            return "Anonimizzata"
        if not person.is_active:
            return "Sospesa"
        if person.has_accepted():
            return "Attiva"
        if not person.invited_at:
            return "Da invitare"
        expires = person.invitation_expires_at()
        ends = "scade" if expires > timezone.now() else "è scaduto"
        return f"Non ha ancora accettato: l’invito {ends} il {date_format(localtime(expires), 'j F Y, H:i').lower()}"

    @admin.display(description="secondo fattore")
    def second_factor(self, person: User) -> str:
        return "Sì" if person.is_guarded else "No"

    @admin.display(description="ultimo accesso", ordering="last_login")
    def last_seen(self, person: User) -> str:
        return date_format(localtime(person.last_login), "j M Y, H:i").lower() if person.last_login else "–"

    @admin.display(description="sessioni aperte")
    def sessions(self, person: User) -> str:
        lines = [
            f"{session.device}, vista l’ultima volta il {date_format(localtime(session.seen_at), 'j F Y, H:i').lower()}"
            for session in UserSession.objects.open().of(person).latest_first()
        ]
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)) or "Nessuna"

    @admin.action(description="Manda di nuovo l’invito", permissions=["change"])
    def invite_again(self, request: UserRequest, queryset: QuerySet) -> None:
        for person in queryset:
            if not self.has_change_permission(request, person) or not person.is_active:
                self.message_user(request, f"{person}: non puoi mandare un invito.", messages.WARNING)
            elif person.has_accepted():
                text = f"{person} ha già accettato. Se ha dimenticato la password, ne chiede una nuova all’ingresso."
                self.message_user(request, text, messages.WARNING)
            else:
                self.invite(request, person)

    @admin.action(description="Azzera il secondo fattore (telefono perso)", permissions=["change"])
    def reset_second_factor(self, request: UserRequest, queryset: QuerySet) -> None:
        for person in queryset:
            if person == request.user or not self.has_change_permission(request, person):
                self.message_user(request, f"{person}: non puoi azzerare il secondo fattore.", messages.WARNING)
                continue
            factors = sorted(person.authenticator_set.values_list("type", flat=True))
            person.authenticator_set.all().delete()
            end_sessions(person)
            ledger.note(ledger.Action.FACTOR_RESET, person, before={"factors": factors})
            self.message_user(request, f"{person}: al prossimo accesso imposterà un nuovo secondo fattore.")
            get_adapter().send_notification_mail("mfa/email/second_factor_reset", person)

    @admin.action(description="Chiudi le sessioni aperte", permissions=["change"])
    def close_sessions(self, request: UserRequest, queryset: QuerySet) -> None:
        for person in queryset:
            if not self.has_change_permission(request, person):
                self.message_user(request, f"{person}: non puoi chiudere le sessioni.", messages.WARNING)
                continue
            ledger.note(ledger.Action.SESSIONS_ENDED, person, after={"sessions": end_sessions(person, but=request)})
            self.message_user(request, f"{person}: le sessioni sono chiuse, per continuare bisogna entrare di nuovo.")


def is_within_reach(user: User, person: User | None) -> bool:
    """Whether the user may touch the person: of a superuser a new e-mail address would be enough to become one."""
    return person is None or user.is_superuser or not person.is_superuser


def roles_within(user: User) -> QuerySet[Group]:
    """The groups that give nothing which the user does not have."""
    if user.is_superuser:
        return Group.objects.all()
    return Group.objects.exclude(permissions__in=Permission.objects.exclude(group__user=user))
