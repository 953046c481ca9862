"""The form of what keeps versions: what was typed meets what others saved meanwhile, and nothing is lost."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from areaomogenea.library.body_images import resolve_pictures
from areaomogenea.prose.fields import ProseField
from areaomogenea.prose.forms import LineField
from areaomogenea.prose.html import clean
from areaomogenea.publishing.coverage import coverage_of, faults
from areaomogenea.publishing.merge import Merge, merge, merge_with_proposal
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.revisions import RevisionAction
from areaomogenea.publishing.shared import keeper_of
from areaomogenea.publishing.snapshots import from_json, value_as_json, versioned_fields
from areaomogenea.publishing.workflow import APPROVED, VERB, Verb, only_proposes, pressed
from areaomogenea.quality.check_input import check_input_from, checked_document, documents_of
from areaomogenea.quality.content_checks import CheckInput, blocking, hour_missing_or_absurd

from .effects import meanwhile_of, why_not
from .files import WORDS_READ

MOST_NAMED = 8
PROPOSE = VERB["propose"]


class VersionedForm(forms.ModelForm):
    """The fields of a row, the version they were typed on, and the note that goes with a change of state."""

    user = None  # the admin gives each form class the person who fills it
    goes_on = False  # from the proposal that waits, also for who need not propose
    proposes = False  # by choice

    seen_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    # The same until the form is shown again: then what was typed is on the one, and what the page shows is the other.
    read_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    # The proposal that waits, likewise; empty for who does not go on from one.
    seen_proposal = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    read_proposal = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    # The clock alone makes of a page that waits one that readers see, and no version tells of it.
    read_standing = LineField(required=False, widget=forms.HiddenInput)
    comment = LineField(
        label="Nota",
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.taken, self.conflicts, self.rows, self.meanwhile = [], [], {}, None
        self.kept = keeper_of(self.instance)
        version = self.kept.version if self.instance.pk else 0
        self.fields["seen_version"].initial = self.fields["read_version"].initial = version
        if self.instance.pk:
            self.fields["read_standing"].initial = self.kept.standing[0]
        if self.instance.pk and (self.goes_on or only_proposes(self.user, self.kept)):
            self._go_on_with(self.kept.pending_proposal)

    def _go_on_with(self, proposal):
        """The proposal that waits is where who proposes goes on, on the version that it was made on."""
        if proposal:
            content = {name: value for name, value in proposal.content.items() if name in self.fields}
            model_fields = {name: self._meta.model._meta.get_field(name) for name in content}
            self.initial = dict(self.initial) | {
                name: value if model_fields[name].is_relation else model_fields[name].to_python(value)
                for name, value in content.items()
            }
            self.fields["seen_version"].initial = proposal.version
            self.fields["seen_proposal"].initial = proposal.pk

    @property
    def formsets(self) -> dict[str, Any]:
        """The formsets of the tables that are written with it, by name."""
        return getattr(self.instance, "formsets", {})

    def clean(self) -> Any:
        cleaned = super().clean()
        self._keep_address(cleaned)
        self.meet_own_row(cleaned)
        self.rows = {name: formset.typed() for name, formset in self.formsets.items()}
        self._meet_others(cleaned)
        self._meet_proposal(cleaned)
        self._meet_reading(cleaned)
        verb = self._open_verb()
        if verb and verb.needs_comment and not cleaned.get("comment"):
            self.add_error("comment", "Scrivi una nota: chi la legge deve sapere perché.")
        self.meet_readers(cleaned, verb)
        return cleaned

    def _keep_address(self, cleaned):
        """An address that readers know is not emptied; a topic or a term is known from the first."""
        is_known = self.instance.pk and getattr(self.kept, "was_seen", lambda: True)()
        if is_known and cleaned.get("slug") == "":
            cleaned["slug"] = self.instance.slug

    def _open_verb(self):
        """The verb whose button was pressed; a button that was there before and is no more saves nothing."""
        button = pressed(self.data)
        if button and self.is_proposal:
            return PROPOSE
        if button is None or button.is_open_to(self.user, self.kept):
            return button
        self.add_error(None, why_not(self.kept) if self.instance.pk else "Questo pulsante non c’è: scegline un altro.")
        return None

    @property
    def is_proposal(self) -> bool:
        """Whether what is sent waits as a proposal, whatever was pressed."""
        return bool(self.instance.pk) and (self.proposes or only_proposes(self.user, self.kept))

    def meet_own_row(self, cleaned: Mapping[str, int | str | None]) -> None:
        """A step before what was typed meets what others wrote: it is said as the stored row would say it."""

    def meet_readers(self, cleaned: Mapping[str, int | str | None], verb: Verb | None) -> None:
        """The step in which the form says what keeps the row from its readers."""

    def _meet_reading(self, cleaned):
        """A verb, and what readers see at once, act on nothing that was not shown: it is, and asked again."""
        if not self.instance.pk:
            return
        read, version, standing = cleaned.get("read_version"), self.kept.version, self.kept.standing[0]
        if read == version and cleaned.get("read_standing") in (standing, ""):
            return
        is_decision = pressed(self.data) or self.kept.status == APPROVED
        if is_decision and not self.is_proposal:
            notice = "Mentre leggevi, altri hanno cambiato questa pagina: guarda che cosa, poi premi di nuovo."
            self.add_error(None, notice)
        self.meanwhile = meanwhile_of(self.kept, -1 if read is None else read, self.user)
        self.data = self.data.copy()
        self.data["read_version"], self.data["read_standing"] = version, standing  # type: ignore[index]  # a copy takes it

    def _meet_others(self, cleaned):
        """A three-way merge: changes of others stay where this person made none; where both did, they choose."""
        seen = cleaned.get("seen_version")
        is_behind = self.instance.pk and seen is not None and seen < self.kept.version
        base = (self.kept.content_at(seen) or {}) if is_behind else {}
        for name, formset in self.formsets.items():
            self.rows[name] = formset.with_unmentioned(self.rows[name], base.get(name))
        if not is_behind:
            return
        typed = {name: rows for name, rows in self.rows.items() if self.formsets[name].is_valid()}
        # An answer counts for the version that it was given on.
        is_answered = cleaned.get("read_version") == self.kept.version
        answers = self.data if is_answered else {}
        made = merge(self.kept, seen, self.typed_content(cleaned) | typed, self.user, answers)
        self._meet(cleaned, made, "Anche {by} ha cambiato {what}: scegli quale tenere.")

    def _meet_proposal(self, cleaned):
        """A merge with a proposal that waits and was not there when this was begun: this one would take its place."""
        if not self.instance.pk or self.conflicts or not self.is_proposal:
            return
        waiting, seen = self.kept.pending_proposal, cleaned.get("seen_proposal")
        if not waiting or waiting.pk == seen:
            return
        started = self.kept.revisions.filter(pk=seen, action=RevisionAction.PROPOSED).first()
        typed = {name: rows for name, rows in self.rows.items() if self.formsets[name].is_valid()}
        answers = self.data if cleaned.get("read_proposal") == waiting.pk else {}
        made = merge_with_proposal(self.kept, waiting, started, self.typed_content(cleaned) | typed, self.user, answers)
        self._meet(cleaned, made, "Intanto {by} ha proposto altro per {what}: scegli quale tenere.")
        self.data = self.data.copy()
        self.data["read_proposal"] = waiting.pk  # type: ignore[index]  # as above

    def _meet(self, cleaned, made, message):
        self.taken, self.conflicts = [*self.taken, *made.taken], made.conflicts
        for name in made.merged:
            self._take(cleaned, name, made)
        for conflict in made.conflicts:
            is_field = conflict.name in self.fields
            what = "questo campo" if is_field else f"{conflict.label}, che hai cambiato tu"
            self.add_error(conflict.name if is_field else None, message.format(by=conflict.by, what=what))

    def typed_content(self, cleaned: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The content that was typed, as the history keeps it; fields with an error are left out."""
        cleaned = self.cleaned_data if cleaned is None else cleaned
        fields = [field for field in versioned_fields(self._meta.model) if field.name in cleaned]
        typed = {field.name: value_as_json(field, cleaned[field.name]) for field in fields}
        return typed | {
            field.name: self.settled(typed[field.name]) for field in fields if isinstance(field, ProseField)
        }

    def settled(self, html: str) -> str:
        """A rich text as the row would keep it."""
        return clean(html)

    def _take(self, cleaned: dict[str, Any], name: str, made: Merge) -> None:
        """The field or the table gets what was merged, in what was cleaned and in what is shown again."""
        if name in self.formsets:
            self.rows[name] = self.formsets[name].shown = made.content[name]
            return
        field = self._meta.model._meta.get_field(name)
        cleaned[name] = from_json(field, made.content[name])
        self.data = self.data.copy()
        shown, widget = self.fields[name].prepare_value(cleaned[name]), self.fields[name].widget
        if isinstance(widget, forms.MultiWidget):
            for box, inner, value in zip(widget.widgets_names, widget.widgets, widget.decompress(shown), strict=True):
                self.data[f"{name}{box}"] = inner.format_value(value) or ""  # type: ignore[index]  # as above
        elif field.many_to_many:
            self.data.setlist(name, shown)
        else:
            self.data[name] = "" if shown is None else shown  # type: ignore[index]  # as above


class EditorialForm(VersionedForm):
    """The form of a publication: what readers would miss is told at its field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk and not self.is_bound:  # one that comes back begins at its first fault
            self.fields["title"].widget.attrs["autofocus"] = True
        if self.instance.pk and "linked" in self.fields:
            self._tell_links_of_others()

    def _tell_links_of_others(self):
        seen = Publication.objects.seen_by(self.user)
        titles = [
            f"«{title}»"
            for title in seen.linking(self.instance).latest_first().values_list("title", flat=True)[:MOST_NAMED]
        ]
        if titles:
            self.fields["linked"].help_text += f" Da sole la collegano già: {', '.join(titles)}."

    def clean_publish_at(self) -> Any:
        """An absurd hour is a slip of the pen, in a draft too."""
        at = self.cleaned_data["publish_at"]
        for finding in hour_missing_or_absurd(CheckInput(publish_at=at)) if at else ():
            raise forms.ValidationError(f"{finding.message} {finding.advice}")
        if self.instance.pk and self.instance.is_scheduled() and at and at <= timezone.now():
            if pressed(self.data):
                return self.instance.publish_at  # it comes out by the verb that asks, not by its hour
            raise forms.ValidationError("Quest’ora è già passata. Per farla uscire subito premi «Pubblica adesso».")
        return at

    def clean_municipalities(self) -> Any:
        return self._with_untouchable("municipalities")

    def clean_linked(self) -> Any:
        return self._with_untouchable("linked")

    def _with_untouchable(self, name):
        """The rows that were chosen, with those that this person may not choose as they are."""
        chosen = self.cleaned_data[name]
        if not self.instance.pk:
            return chosen
        return [
            *chosen,
            *getattr(self.instance, name).exclude(pk__in=self.fields[name].queryset.order_by().values("pk")),
        ]

    def meet_own_row(self, cleaned: dict[str, Any]) -> None:
        if "coverage" not in self.errors:
            # Who writes for some Comuni has no such choice: theirs is a page of those that they choose.
            cleaned["coverage"] = coverage_of(cleaned.get("coverage"), cleaned.get("municipalities"))
        if cleaned.get("publish_at") and self.instance.pk:
            cleaned["publish_at"] = self._to_the_second(cleaned["publish_at"], cleaned.get("seen_version"))

    def meet_readers(self, cleaned: dict[str, Any], verb: Verb | None) -> None:
        self._meet_places(cleaned)
        is_for_readers = verb.needs_all if verb else self.instance.status == APPROVED
        if is_for_readers and not self.is_proposal:
            self._meet_words_of_picture(cleaned.get("picture"))
        if is_for_readers:
            self._meet_checks(cleaned, needs_hour=verb is None or verb.needs_hour)

    def _meet_places(self, cleaned):
        """The coverage is one thing with the Comuni that it names, also after both met what others changed."""
        self.instance.coverage = cleaned.get("coverage", self.instance.coverage)
        if "municipalities" in cleaned:
            for name, message in faults(self.instance.coverage, cleaned["municipalities"]).items():
                self.add_error(name, message)

    def _meet_words_of_picture(self, picture):
        """The words of the picture, which others may have changed since it was chosen, are those that were seen."""
        read = self.data.get(f"picture{WORDS_READ}")
        if picture and read and read != picture.description_digest:
            notice = (
                f"Intanto le sue parole sono cambiate: «{picture}», di {picture.credit}. Guardala, poi premi di nuovo."
            )
            self.add_error("picture", notice)

    def settled(self, html: str) -> str:
        return resolve_pictures(html)[0]

    def _to_the_second(self, typed, seen):
        """An hour that nobody touched, with the seconds that it had: the form shows minutes."""
        known = [self.instance.publish_at]
        if seen is not None and seen < self.instance.version:
            content = self.instance.content_at(seen) or {}
            known.append(parse_datetime(content.get("publish_at") or ""))
        return next((hour for hour in known if hour and hour.replace(second=0, microsecond=0) == typed), typed)

    def _meet_checks(self, cleaned, needs_hour):
        """The checks that keep it from being published, each at its field; one with an error of its own has enough."""
        own = self.instance if self.instance.pk else None
        hour = cleaned.get("publish_at") or (None if needs_hour else timezone.now())
        sheet = check_input_from(cleaned | {"publish_at": hour}, self._documents(own), own)
        refused = set(self.errors)
        for finding in blocking(sheet):
            if finding.field not in refused:
                field = finding.field if finding.field in self.fields else None
                self.add_error(field, f"{finding.message} {finding.advice}")

    def _documents(self, own):
        """The attachments as they would be if this were saved."""
        if "attachments" in self.formsets:
            return [checked_document(row) for row in self.formsets["attachments"].part.instances(self.rows)]
        return documents_of(own) if own else ()

    def store_files(self) -> list[str]:
        """The names of documents that nobody can read aloud, of those just chosen, which are put where they stay."""
        before = {name: list(rows) for name, rows in self.rows.items()}
        self.rows = {name: self.formsets[name].part.with_stored_files(rows) for name, rows in self.rows.items()}
        new = [row for row in self.rows.get("attachments", ()) if row not in before["attachments"]]
        return [row["name"] for row in new if row["has_text"] is False]
