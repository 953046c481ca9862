"""What every kind of publication shares at the desk: scope, workflow, doubts, history."""

from django import forms
from django.contrib import admin, messages
from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localtime

from areaomogenea.prose.admin import ProseAdmin

from ..models import Doubt, Revision
from ..workflow import VERBS, verbs_for
from .files import AttachmentInline


class DoubtInline(admin.TabularInline):
    """What the import was not sure of: read it, mend the text, delete it."""

    model = Doubt
    extra = 0
    fields = readonly_fields = ["message"]

    def has_add_permission(self, request, obj=None):
        return False


class RevisionInline(admin.TabularInline):
    model = Revision
    extra = 0
    fields = readonly_fields = ["at", "status", "by", "comment", "title"]
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


class EditorialForm(forms.ModelForm):
    """The fields of a publication, and the note that goes with a change of state."""

    comment = forms.CharField(
        label="nota",
        required=False,
        max_length=255,
        help_text="Per rimandare: che cosa correggere. Per ritirare: il motivo, che i lettori vedranno.",
    )

    def clean(self):
        asked = super().clean()
        verb = next((verb for verb in VERBS if verb.button in self.data), None)
        if verb and verb.needs_comment and not asked.get("comment"):
            self.add_error("comment", "Scrivi una nota: chi la legge deve sapere perché.")
        if verb and verb.needs_all:
            for name in ("summary", "body", "topics"):
                if name in self.fields and not asked.get(name) and name not in self.errors:
                    self.add_error(name, "Per pubblicare non può mancare.")
        return asked


class EditorialAdmin(ProseAdmin):
    """Scope, workflow, doubts and history; a kind of publication adds only its own fields."""

    form = EditorialForm
    prose_fields = ("body",)
    list_display = ["title", "kind", "state", "hour", "topic_names", "doubt_count"]
    list_filter = ["status", "kind", "topics", ("doubts", admin.EmptyFieldListFilter)]
    search_fields = ["title", "summary"]
    date_hierarchy = "publish_at"
    autocomplete_fields = ["topics", "municipalities", "picture"]
    readonly_fields = ["state", "updated_at"]
    inlines = [DoubtInline, AttachmentInline, RevisionInline]
    change_form_template = "admin/editorial/change_form.html"
    actions = ["publish", "withdraw"]
    list_per_page = 50

    def get_queryset(self, request):
        return super().get_queryset(request).editable_by(request.user).prefetch_related("topics", "doubts")

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404  # a foreign row is no more to be told from one that never was

    def get_changeform_initial_data(self, request):
        return {"kind": "notizie"} | super().get_changeform_initial_data(request)

    def get_autocomplete_fields(self, request):
        fields = super().get_autocomplete_fields(request)
        return fields if writes_for_area(request.user) else [name for name in fields if name != "municipalities"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "municipalities" and not writes_for_area(request.user):
            field.queryset = field.queryset.filter(assignments__user=request.user)
            field.required = True
            field.help_text = "I Comuni per cui scrivi: almeno uno."
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "summary":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        publication = self.get_object(request, object_id)
        verbs = verbs_for(request.user, publication) if publication else []
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"verbs": verbs})

    def save_model(self, request, obj, form, change):
        if not change:
            obj.author = request.user
        super().save_model(request, obj, form, change)

    def response_change(self, request, obj):
        for verb in verbs_for(request.user, obj):
            if verb.button in request.POST:
                self.apply(request, obj, verb, request.POST.get("comment", ""))
                return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    def apply(self, request, publication, verb, comment=""):
        """Makes a change of state, and tells who was faster when somebody was."""
        if getattr(publication, verb.name)(by=request.user, comment=comment):
            self.message_user(request, f"«{publication}» è {verb.done}.")
            return
        last = publication.revisions.first()
        who = f"{last.by or 'qualcuno'} l’ha già cambiata" if last else "non è nello stato giusto"
        self.message_user(request, f"«{publication}»: {who}.", messages.WARNING)

    def has_change_permission(self, request, obj=None):
        """What readers see changes only by who may publish."""
        may_change = super().has_change_permission(request, obj)
        is_live = obj is not None and obj.status == obj.Status.APPROVED
        return may_change and (not is_live or self.has_publish_permission(request))

    def has_publish_permission(self, request):
        return request.user.has_perm("editorial.publish_publication")

    @admin.display(description="stato", ordering="status")
    def state(self, publication):
        if publication.pk and publication.is_scheduled():
            return "Programmata"
        return publication.get_status_display()

    @admin.display(description="ora", ordering="publish_at")
    def hour(self, publication):
        return date_format(localtime(publication.publish_at), "j M Y, H:i") if publication.publish_at else "–"

    @admin.display(description="argomenti")
    def topic_names(self, publication):
        return ", ".join(topic.acronym or topic.name for topic in publication.topics.all())

    @admin.display(description="dubbi")
    def doubt_count(self, publication):
        return len(publication.doubts.all()) or "–"

    @admin.action(description="Pubblica all’ora indicata (o adesso)", permissions=["publish"])
    def publish(self, request, queryset):
        for publication in queryset:
            if missing := publication.missing_to_publish():
                self.message_user(request, f"«{publication}» non è pubblicata: {', '.join(missing)}.", messages.ERROR)
            else:
                self.apply(request, publication, VERB["publish"])

    @admin.action(description="Ritira", permissions=["publish"])
    def withdraw(self, request, queryset):
        for publication in queryset:
            self.apply(request, publication, VERB["withdraw"])


VERB = {verb.name: verb for verb in VERBS}


def writes_for_area(user):
    return user.has_perm("editorial.write_for_area")
