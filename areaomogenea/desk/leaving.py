"""How people leave the desk, or come back: never deleted, so that what they did keeps a name, or at least a number."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern

from areaomogenea.accounts.confirmation import ask_again
from areaomogenea.accounts.models import User
from areaomogenea.accounts.requests import UserRequest

from .extra_pages import Pages


@dataclass(frozen=True)
class Leaving:
    """A way; `name` is the method of User that takes it, `effects` what it will do."""

    name: str
    label: str
    done: str
    effects: tuple[str, ...]
    is_of_suspended: bool = False
    is_for_ever: bool = False

    def is_open_to(self, person: User) -> bool:
        return not person.anonymised_at and (self.is_for_ever or person.is_active != self.is_of_suspended)


WAYS = {
    "sospendi": Leaving(
        "suspend",
        "Sospendi",
        "{name}: da ora non può più entrare.",
        (
            "Da subito non può più entrare: le sue sessioni si chiudono.",
            "I link di anteprima che ha creato non si aprono più.",
            "Ciò che ha scritto e deciso resta, con il suo nome.",
            "Si può riammettere quando si vuole: il ruolo e i Comuni restano gli stessi.",
        ),
    ),
    "riammetti": Leaving(
        "readmit",
        "Riammetti",
        "{name}: può entrare di nuovo.",
        (
            "Può entrare di nuovo, con la password, il ruolo e i Comuni di prima.",
            "Le sessioni e i link di anteprima di prima restano chiusi.",
        ),
        is_of_suspended=True,
    ),
    "anonimizza": Leaving(
        "anonymise",
        "Anonimizza",
        "Fatto: al suo posto si legge «{name}».",
        (
            "Nome, e-mail, password, secondi fattori, ruoli, Comuni e sessioni si cancellano.",
            "I link di anteprima che ha creato non si aprono più.",
            "Ciò che ha scritto e deciso resta: al posto del nome si legge «Persona non più in redazione» e un numero.",
            "Non si torna indietro. Se torna a lavorare qui, si invita come una persona nuova.",
        ),
        is_for_ever=True,
    ),
}


class LeavingPages(Pages):
    """A page for each way, which says what will happen and asks once."""

    def urls(self) -> list[URLPattern]:
        return [
            self.at(f"<int:pk>/{word}/", partial(self.leaving_view, way=way), way.name) for word, way in WAYS.items()
        ]

    def leaving_view(self, request: UserRequest, pk: int, way: Leaving) -> HttpResponse:
        person = get_object_or_404(self.desk.get_queryset(request), pk=pk)
        if not self.may_take(request, way, person):
            raise Http404
        ask_again(request)
        if request.method == "POST":
            if getattr(person, way.name)():
                messages.info(request, way.done.format(name=person))
            return redirect(self.desk.address("changelist"))
        return self.desk.page(request, "accounts/user/leaving", person, f"{way.label}: {person}", way=way)

    def ways_of(self, request: UserRequest, person: User) -> list[tuple[str, str]]:
        """(word of the address, label) of the ways that are open."""
        return [(word, way.label) for word, way in WAYS.items() if person and self.may_take(request, way, person)]

    def may_take(self, request: UserRequest, way: Leaving, person: User) -> bool:
        is_other = person != request.user  # so somebody is always left who can open the door
        return way.is_open_to(person) and is_other and self.desk.has_change_permission(request, person)
