"""The drawn map and the list beside it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .forms import ChooseForm
from .models import Municipality


def index(request: HttpRequest) -> HttpResponse:
    form = ChooseForm(request.GET or None)
    if form.is_valid():
        return redirect(form.cleaned_data["comune"])
    context = {
        "form": form,
        "municipalities": Municipality.objects.of_area().defer("border"),
        "outside": Municipality.objects.filter(in_area=False),
    }
    return render(request, "municipalities/index.html", context)
