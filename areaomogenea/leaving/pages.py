"""What people wrote, each page in a folder of its own: HTML, and Markdown with what describes it at its head."""

import json
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils.timezone import localtime

from areaomogenea.distribution.exports.context import text_export
from areaomogenea.distribution.exports.text_formats import as_markdown
from areaomogenea.distribution.feeds import absolute
from areaomogenea.identity.address import absolute_url
from areaomogenea.offices.models import Office
from areaomogenea.publishing import kinds
from areaomogenea.topics.models import Term, Topic

CHUNK = 100


def publications() -> Iterator[tuple[str, str, str]]:
    """(folder, HTML, Markdown) of all, drafts and what was withdrawn too."""
    for kind in kinds.every():
        model: Any = kind.model_class
        rows = model._default_manager.of_kind(kind.code).with_all().prefetch_related("former_addresses")
        for row in rows.order_by("pk").iterator(CHUNK):
            folder = f"pagine/{kind.code}/{row.slug}/"
            html = at_home(text_export(row, "md"), depth=3)
            yield folder, html, head(described(row)) + as_markdown(html)


def described(row: Any) -> dict[str, Any]:
    """What the text does not say of itself."""
    hours = {"pubblicata": row.publish_at, "aggiornata": row.updated_at, "vale_fino_a": row.expires_at}
    return {
        "titolo": row.title,
        "tipo": row.kind_label,
        "stato": row.standing[1],
        **{name: localtime(hour).isoformat() for name, hour in hours.items() if hour},
        "argomenti": [topic["name"] for topic in row.topic_labels],
        "comuni": [place["name"] for place in row.places],
        "indirizzo": row.get_absolute_url(),
        "indirizzi_di_prima": [former.slug for former in row.former_addresses.all()],
        "in_breve": row.summary,
    }


def head(fields: dict[str, Any]) -> str:
    """YAML, of which JSON is a part."""
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items() if value)
    return "\n".join(["---", *lines, "---", "", ""])


def topics() -> Iterator[tuple[str, str, str]]:
    for topic in Topic.objects.order_by("pk"):
        offices = Office.objects.current().on(topic).with_body()
        context = {"topic": topic, "body": absolute(topic.explanation), "offices": offices}
        html = at_home(render_to_string("leaving/topic.html", context), depth=3)
        fields = {"titolo": topic.name, "sigla": topic.acronym, "in_breve": topic.summary}
        fields["indirizzo"] = topic.get_absolute_url()
        yield f"pagine/argomenti/{topic.slug}/", html, head(fields) + as_markdown(html)
    terms = Term.objects.select_related("topic").order_by("acronym", "pk")
    html = render_to_string("leaving/glossary.html", {"terms": terms})
    yield "pagine/glossario/", html, as_markdown(html)


def at_home(html: str, depth: int) -> str:
    """Addresses of files lead to those that the archive holds."""
    return html.replace(f'="{absolute_url("/file/")}', f'="{"../" * depth}media/')
