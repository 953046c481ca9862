"""The desk that every kind of publication shares, with the people and the pictures."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from areaomogenea.prose.admin import ProseAdmin

from .models import Attachment, Doubt, Picture, Revision, User


class UserCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("email",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = UserCreationForm
    ordering = ["email"]
    list_display = ["email", "first_name", "last_name", "is_staff", "is_active", "last_login"]
    search_fields = ["email", "first_name", "last_name"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("Persona", {"fields": ["first_name", "last_name"]}),
        ("Che cosa può fare", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Date", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})]


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin):
    list_display = ["thumbnail", "alternative_text", "credit", "width", "height"]
    list_display_links = ["thumbnail", "alternative_text"]
    search_fields = ["alternative_text", "credit"]

    @admin.display(description="immagine")
    def thumbnail(self, picture):
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', picture.small_url)


class AttachmentInline(admin.StackedInline):
    model = Attachment
    extra = 0


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
    fields = readonly_fields = ["at", "status", "by", "title"]
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


class EditorialAdmin(ProseAdmin):
    """Workflow, doubts and history; a kind of publication adds only its own fields."""

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
        return super().get_queryset(request).prefetch_related("topics", "doubts")

    def get_changeform_initial_data(self, request):
        return {"kind": "notizie"} | super().get_changeform_initial_data(request)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.author = request.user
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request, obj=None):
        """What readers see changes only by who may publish."""
        may_change = super().has_change_permission(request, obj)
        is_live = obj is not None and obj.status == obj.Status.APPROVED
        return may_change and (not is_live or self.has_publish_permission(request))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "summary":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

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
            elif publication.publish(by=request.user):
                self.message_user(request, f"«{publication}» è approvata: {self.hour(publication)}.")
            else:
                self.message_user(request, f"«{publication}» era già approvata.", messages.WARNING)

    @admin.action(description="Ritira", permissions=["publish"])
    def withdraw(self, request, queryset):
        for publication in queryset:
            if publication.withdraw(by=request.user):
                self.message_user(request, f"«{publication}» è ritirata.")
            else:
                self.message_user(request, f"«{publication}» non era pubblicata.", messages.WARNING)
