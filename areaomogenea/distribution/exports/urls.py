"""The address of a page, with the ending of each form in place of its last stroke."""

from django.urls import path, re_path

from areaomogenea.publishing import kinds

from .views import FORMS, handout

with_exports = [kind for kind in kinds.every() if kind.exports]
NEWS = "|".join(kind.code for kind in with_exports if kind.group is kinds.Group.NEWS)
LASTING = [kind for kind in with_exports if kind.group is kinds.Group.LASTING]
urlpatterns = []
for form in FORMS:
    of_news = rf"^novita/(?P<kind>{NEWS})/(?P<slug>[-\w]+)\.{form.suffix}$"
    urlpatterns += [re_path(of_news, handout, {"form": form}, name=f"news_{form.suffix}")]
    urlpatterns += [
        path(
            f"{kind.path}<slug:slug>.{form.suffix}",
            handout,
            {"kind": kind.code, "form": form},
            name=f"{kind.model_class._meta.model_name}_{form.suffix}",
        )
        for kind in LASTING
    ]
