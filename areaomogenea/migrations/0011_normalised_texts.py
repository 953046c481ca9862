"""Texts stored before any list said what they may hold become as they would be stored now, and searches find them."""

from django.db import IntegrityError, migrations, models, transaction

from areaomogenea.editorial.search import DOTTED, index
from areaomogenea.prose.html import plain
from areaomogenea.prose.letters import normalised, normalised_html, normalised_line, unhidden_line

BATCH = 1000
ROOMS = ("municipalities", "topics", "editorial", "news", "initiatives", "distribution", "areaomogenea")
MARKED_UP = {("publication", "body"), ("topic", "explanation"), ("question", "answer")}
# What code writes and compares, and secrets, stay as they are.
OF_CODE = {
    "archiveitem": {"fingerprint"},
    "intake": {"file_digest", "words_digest"},
    "link": {"address"},
    "previewlink": {"digest"},
    "redaction": {"model", "key", "target", "file_digest"},
    "submission": {"key", "digest", "leads_to"},
    "user": {"password"},
    "versionfile": {"file"},
}
# Whose words are searched, and the column that tells of which publication they are.
SEARCHED = {
    "publication": "pk",
    "communique": "pk",
    "initiative": "pk",
    "question": "initiative_id",
    "initiativegroup": "initiative_id",
}


def normalise(apps, schema_editor):
    alias, to_index = schema_editor.connection.alias, set()
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            rules, contents = rules_of(model), contents_of(model)
            if rules or contents:
                to_index |= normalise_rows(model, alias, rules, contents)
    remember(apps, alias, sorted(to_index))


def rules_of(model):
    """{field: how its text is normalised}."""
    name = model._meta.model_name
    texts = [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (isinstance(field, models.SlugField) or field.choices or field.name in OF_CODE.get(name, ()))
    ]
    return {field.name: rule_for(name, field) for field in texts}


def rule_for(name, field):
    if (name, field.name) in MARKED_UP:
        return normalised_html
    if isinstance(field, models.URLField):
        return unhidden_line
    return normalised if isinstance(field, models.TextField) else normalised_line


def contents_of(model):
    """Versions keep what was written as JSON; whoever meets them compares it with the row."""
    is_version = model._meta.model_name.endswith("revision")
    return ["content"] if is_version else []


def normalise_rows(model, alias, rules, contents):
    """The keys of the publications whose index says other words now."""
    of_publication, searched = SEARCHED.get(model._meta.model_name), set()
    columns = ["pk", *rules, *contents, *([of_publication] if of_publication not in (None, "pk") else [])]
    rows, last = model.objects.using(alias).order_by("pk"), None
    while page := list((rows.filter(pk__gt=last) if last is not None else rows).values(*columns)[:BATCH]):
        last = page[-1]["pk"]
        for row in page:
            changes = changes_of(row, rules, contents)
            if changes:
                change(rows, row["pk"], changes)
            if of_publication and (changes or any(DOTTED.search(row[name] or "") for name in rules)):
                searched.add(row[of_publication])
    return searched


def changes_of(row, rules, contents):
    normal = {name: rule(row[name]) for name, rule in rules.items() if row[name]}
    normal |= {name: every_text(row[name]) for name in contents}
    # A text that showed nothing stays, for people to see: no row is left without its name.
    return {name: value for name, value in normal.items() if value != row[name] and value}


def every_text(value):
    if isinstance(value, dict):
        return {name: every_text(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [every_text(inner) for inner in value]
    return (normalised_html if "<" in value else normalised)(value) if isinstance(value, str) else value


def change(rows, pk, changes):
    try:
        with transaction.atomic(rows.db):
            rows.filter(pk=pk).update(**changes)
    except IntegrityError:
        pass  # another row has this name already, and people are to say which is which


def remember(apps, alias, keys):
    kinds = [apps.get_model("news", "Communique"), apps.get_model("initiatives", "Initiative")]
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        for kind in kinds:
            for row in kind.objects.using(alias).filter(pk__in=some):
                index(row, searchable_text(row))


def searchable_text(row):
    texts = [getattr(row, "subtitle", ""), row.summary, plain(row.body)]
    if hasattr(row, "lead"):
        texts += [row.lead, row.partners, *(group.name for group in row.groups.all())]
        texts += [f"{one.question}\n{plain(one.answer)}" for one in row.questions.all()]
    return "\n".join(texts)


class Migration(migrations.Migration):
    dependencies = [
        ("areaomogenea", "0010_redactions_for_roles"),
        ("distribution", "0002_hub"),
        ("editorial", "0032_where_old_rows_apply"),
        ("initiatives", "0002_who_moved"),
        ("municipalities", "0002_updated_at"),
        ("news", "0001_initial"),
        ("topics", "0004_keywords_may_be_weak"),
    ]
    operations = [migrations.RunPython(normalise, migrations.RunPython.noop)]
