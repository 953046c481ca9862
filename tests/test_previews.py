"""A page looked at before it is published: at the desk, saved or not, and by guests who were given a link."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.forms.models import model_to_dict, modelform_factory
from django.utils import timezone

from areaomogenea.publishing.pages import row_as_typed
from areaomogenea.publishing.preview_links import PreviewLink, token_digest
from news.models import Communique

from .factories import (
    make_attachment,
    make_communique,
    make_editor,
    make_municipality,
    make_picture,
    make_term,
    make_topic,
)
from .test_desk import LIST, form_data

pytestmark = pytest.mark.django_db
STATES = [
    {"status": "draft", "publish_at": None},
    {"status": "review"},
    {"status": "withdrawn"},
    {"status": "approved", "publish_at": timezone.now() + timedelta(days=30)},
]


@pytest.fixture
def editor(client):
    user = make_editor(role="Redattore", first_name="Elena")
    client.force_login(user)
    return user


def issue(communique, **overrides):
    return PreviewLink.objects.issue(communique, **{"by": None, "reader": "Sindaca di Offanengo"} | overrides)


def address_of(link):
    return f"/anteprima/{link.token}/"


def rest_of_page(response):
    """What is inside <main>, but for its other forms: there are none before it comes out; white space is one space."""
    main = response.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r'<section class="share.*?</section>', "", main, flags=re.DOTALL).split())


# At the desk


@pytest.mark.parametrize("state", STATES, ids=lambda state: state["status"])
def test_preview_is_the_page_that_readers_will_get(client, editor, state):
    communique = make_communique([make_topic()], [make_municipality()], **state)
    make_communique(communique.topics.all(), title="Vicina")

    preview = client.get(f"{LIST}{communique.pk}/anteprima/pagina/")
    when = communique.publish_at or timezone.now()
    Communique.objects.filter(pk=communique.pk).update(status="approved", publish_at=when)
    page = client.get(communique.get_absolute_url())

    assert "Vicina" in rest_of_page(preview)
    if when < timezone.now():
        assert rest_of_page(preview) == rest_of_page(page)


def test_preview_shows_what_is_typed_and_saves_nothing(client, editor):
    topic, crema = make_topic(name="Energia"), make_municipality(name="Crema")
    communique = make_communique(status="draft", title="Prima")
    sibling = make_communique([topic])
    typed = form_data(
        title="Adesso", body="<p>Nuovo<script>alert(1)</script></p>", topics=[topic.pk], municipalities=[crema.pk]
    )

    page = client.post(f"{LIST}{communique.pk}/anteprima/pagina/", typed)

    shown = rest_of_page(page)
    assert all(word in shown for word in ("Adesso", "<p>Nuovo</p>", "Energia", "Crema", sibling.title))
    assert "Prima" not in shown
    communique.refresh_from_db()
    assert (communique.title, communique.topics.count(), communique.revisions.count()) == ("Prima", 0, 0)


def test_preview_of_what_was_never_saved(client, editor):
    page = client.post(f"{LIST}anteprima/pagina/", form_data(title="Mai salvata", kind="avvisi"))

    assert "Mai salvata" in rest_of_page(page)
    assert "Avviso" in rest_of_page(page)
    assert not Communique.objects.exists()


def test_preview_of_a_form_with_faults_shows_the_rest_and_tells_them(client, editor):
    typed = form_data(title="", kind="altro", body="<p>Il testo c’è.</p>", publish_at_0="31/02/2026", topics=["99999"])

    frame = client.post(f"{LIST}anteprima/", typed).text
    page = client.post(f"{LIST}anteprima/pagina/", typed)

    assert "Titolo: Questo campo è obbligatorio." in frame
    assert "Il testo c’è." in rest_of_page(page)


def test_frame_hands_over_what_was_typed(client, editor):
    communique = make_communique(status="draft")
    typed = form_data(title='Un titolo "fra virgolette"', topics=["1", "2"])

    frame = " ".join(client.post(f"{LIST}{communique.pk}/anteprima/", typed).text.split())

    assert '<input type="hidden" name="title" value="Un titolo &quot;fra virgolette&quot;">' in frame
    assert '<input type="hidden" name="topics" value="2">' in frame


def test_form_leads_to_preview_and_links(client, editor):
    communique = make_communique(status="draft")

    form = client.get(f"{LIST}{communique.pk}/change/").text

    assert f'formaction="{LIST}{communique.pk}/anteprima/"' in form
    assert f'href="{LIST}{communique.pk}/link-di-anteprima/"' in form
    assert f'formaction="{LIST}anteprima/"' in client.get(f"{LIST}add/").text


def test_a_row_typed_has_all_that_a_row_read_has():
    communique = make_communique([make_topic(), make_topic()], [make_municipality()])
    make_attachment(communique)
    make_term()
    form = modelform_factory(Communique, fields=["title", "topics"])(model_to_dict(communique), instance=communique)
    form.is_valid()
    read = Communique.objects.with_all().get(pk=communique.pk)

    typed = row_as_typed(form)

    for name in ("topic_labels", "places", "documents", "terms"):
        assert [dict(row) for row in getattr(typed, name)] == getattr(read, name), name


def test_only_the_page_in_the_preview_may_be_framed_and_only_by_the_portal(client, editor):
    communique = make_communique(status="draft")

    page = client.get(f"{LIST}{communique.pk}/anteprima/pagina/")
    frame = client.get(f"{LIST}{communique.pk}/anteprima/")
    guest = client.get(address_of(issue(communique)))

    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    for other in (frame, guest):
        assert other["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_preview_at_the_desk_shows_files_that_are_shut_to_readers(client, editor):
    picture = make_picture()
    communique = make_communique(status="draft", picture=picture)
    document = make_attachment(communique)

    page = client.get(f"{LIST}{communique.pk}/anteprima/pagina/").text

    for address in (picture.small_url, document.file.url):
        path = f"/admin/library/picture{address}"
        assert path in page
        assert client.get(path).status_code == 200
        assert client.get(address).status_code == 404
    assert f'"{picture.small_url}' not in page


def test_picture_typed_into_a_text_is_shown(client, editor):
    picture = make_picture()
    typed = form_data(body=f'<figure><img src="{picture.file.url}" alt="La piazza"></figure>')

    page = rest_of_page(client.post(f"{LIST}anteprima/pagina/", typed))

    assert f'src="/admin/library/picture{picture.file.url}" alt="La piazza"' in page


@pytest.mark.parametrize("path", ["anteprima/", "anteprima/pagina/", "link-di-anteprima/"])
def test_previews_keep_to_the_rows_in_scope(client, path):
    crema, elsewhere = make_municipality(), make_municipality()
    user = make_editor(role="Redattore comunale")
    user.assignments.create(municipality=crema)
    client.force_login(user)
    mine, theirs = (make_communique(places=[place], status="draft") for place in (crema, elsewhere))
    document = make_attachment(theirs)

    assert client.get(f"{LIST}{mine.pk}/{path}").status_code == 200
    assert client.get(f"{LIST}{theirs.pk}/{path}").status_code == 404
    assert client.post(f"{LIST}{theirs.pk}/{path}", {"issue": "1", "reader": "Io", "days": "7"}).status_code == 404
    assert client.get(f"/admin/library/picture{document.file.url}").status_code == 404
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("path", ["1/anteprima/", "1/anteprima/pagina/", "1/link-di-anteprima/", "2/anteprima/"])
def test_nobody_previews_without_logging_in(client, path):
    assert client.get(f"{LIST}{path}").url.startswith("/admin/login/")


@pytest.mark.parametrize("pk", ["0", "x", "99999999999999999999", "_00"])
def test_rows_that_are_not_there_are_told_so(client, editor, pk):
    assert client.get(f"{LIST}{pk}/anteprima/", follow=True).status_code == 404


# Links for guests


def test_link_is_made_shown_once_and_kept_as_a_digest(client, editor):
    communique = make_communique(status="draft")
    links = f"{LIST}{communique.pk}/link-di-anteprima/"

    shown = client.post(links, {"issue": "1", "reader": "Sindaca di Offanengo", "days": "3"}, follow=True).text

    address = shown.partition('readonly value="')[2].partition('"')[0]
    link = communique.preview_links.get()
    token = address.removeprefix("http://testserver/anteprima/").removesuffix("/")
    assert (link.digest, link.made_by, link.reader) == (token_digest(token), editor, "Sindaca di Offanengo")
    assert timedelta(days=2, hours=23) < link.expires_at - timezone.now() <= timedelta(days=3)
    assert token not in client.get(links).text
    client.logout()
    assert communique.title in client.get(address).text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reader": ""}, "obbligatorio"),
        ({"reader": "x" * 121}, "più di 120 caratteri"),
        ({"reader": "a\0b"}, "caratteri null"),
        ({"days": "400"}, "Scegli una durata"),
    ],
)
def test_link_is_refused_at_its_field(client, editor, fields, message):
    communique = make_communique(status="draft")

    page = client.post(
        f"{LIST}{communique.pk}/link-di-anteprima/", {"issue": "1", "reader": "Io", "days": "7"} | fields
    )

    assert message in page.text
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state["status"])
def test_guest_sees_the_page_under_a_note(client, state):
    communique = make_communique([make_topic()], title="Da vedere prima", **state)

    page = client.get(address_of(issue(communique))).text

    assert "Da vedere prima" in page
    assert "Anteprima riservata: questa pagina non è pubblicata." in page


def test_preview_for_guests_is_never_kept_nor_listed(client):
    link = issue(make_communique(status="draft"))

    response = client.get(address_of(link))

    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in response.text
    assert not response.cookies
    assert link.token not in response.text  # nor is the address printed at the foot


def test_openings_are_counted(client):
    link = issue(make_communique(status="draft"))

    for minutes, ask in enumerate((client.get, client.get, client.head, client.get)):
        with time_machine.travel(link.created_at + timedelta(minutes=minutes // 3, seconds=minutes), tick=False):
            ask(address_of(link))

    link.refresh_from_db()
    assert link.opened == 2  # whoever presses again within a minute opens nothing new
    assert link.last_opened_at == link.created_at + timedelta(minutes=1, seconds=3)


def test_link_lasts_until_its_hour(client, time_machine):
    link = issue(make_communique(status="draft"), days=7)

    time_machine.move_to(link.expires_at - timedelta(minutes=1))
    assert client.get(address_of(link)).status_code == 200
    time_machine.move_to(link.expires_at)
    assert client.get(address_of(link)).status_code == 404


def test_expired_revoked_and_unknown_links_all_answer_the_same(client, editor):
    communique = make_communique(status="draft", title="Segreto")
    expired, revoked = issue(communique, days=-1), issue(communique)
    client.post(f"{LIST}{communique.pk}/link-di-anteprima/", {"revoke": revoked.pk})
    client.logout()

    answers = [
        client.get(address) for address in (address_of(expired), address_of(revoked), "/anteprima/mai-esistito/")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.text for answer in answers}) == 1
    assert "Segreto" not in answers[0].text
    assert all(answer["Cache-Control"] == "private, no-store" for answer in answers)


def test_link_of_another_row_is_not_revoked_from_here(client, editor):
    own, other = make_communique(status="draft"), make_communique(status="draft")
    link = issue(other)

    for pk in (link.pk, "x", "9" * 30):
        assert client.post(f"{LIST}{own.pk}/link-di-anteprima/", {"revoke": pk}).status_code == 404

    link.refresh_from_db()
    assert link.is_valid()


def test_link_leads_to_the_public_page_once_there_is_one(client):
    communique = make_communique(status="draft")
    link = issue(communique)
    communique.publish(by=None)

    assert client.get(address_of(link)).url == communique.get_absolute_url()


def test_link_opens_the_files_of_its_own_page_only(client):
    picture = make_picture()
    topics = [make_topic()]
    communique = make_communique(topics, status="draft", picture=picture)
    other, sibling = make_communique(status="draft"), make_communique(topics, picture=make_picture())
    mine, theirs = make_attachment(communique), make_attachment(other)
    link = issue(communique)

    page = client.get(address_of(link)).text
    prefix = address_of(link)[:-1]

    for address in (picture.small_url, mine.file.url):
        assert f"{prefix}{address}" in page
        assert client.get(f"{prefix}{address}").status_code == 200
        assert client.get(address).status_code == 404
    assert f"{prefix}{sibling.picture.small_url}" in page
    assert client.get(f"{prefix}{sibling.picture.small_url}").status_code == 200
    assert client.get(f"{prefix}{theirs.file.url}").status_code == 404
    assert client.get(f"{prefix}/file/%00").status_code == 404
    link.revoke()
    assert client.get(f"{prefix}{mine.file.url}").status_code == 404


@pytest.mark.parametrize("rows", [1, 5])
def test_cost_of_a_preview_does_not_grow(client, rows, django_assert_max_num_queries):
    topics, places = [make_topic() for _ in range(rows)], [make_municipality() for _ in range(rows)]
    communique = make_communique(topics, places, status="draft", picture=make_picture())
    for _ in range(rows):
        make_communique(topics, picture=make_picture())
        make_attachment(communique)
        link = issue(communique)

    with django_assert_max_num_queries(6):  # link, counter, page, its siblings and deadlines, the site’s identity
        client.get(address_of(link))


@pytest.mark.parametrize("links", [1, 5])
def test_cost_of_the_list_of_links_does_not_grow(client, editor, links, django_assert_max_num_queries):
    communique = make_communique(status="draft")
    for _ in range(links):
        issue(communique, by=make_editor())

    with django_assert_max_num_queries(10):
        client.get(f"{LIST}{communique.pk}/link-di-anteprima/")


def test_links_die_with_a_withdrawal(client):
    communique = make_communique(status="draft")
    link = issue(communique)
    communique.publish(by=None)

    communique.withdraw(by=None, comment="Dati personali")

    assert client.get(address_of(link)).status_code == 404
    assert client.get(f"{address_of(link)}file/x.pdf").status_code == 404
