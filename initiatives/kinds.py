"""The one kind of this app."""

from areaomogenea.publishing.kinds import Group, Kind

INITIATIVE = Kind(
    "iniziative",
    "Iniziativa",
    "Iniziative",
    Group.LASTING,
    path="iniziative/",
    model="initiatives.Initiative",
    page="initiatives.views.page",
    exports="initiatives.exports.context",
    linked="Iniziative collegate",
    endpoint="iniziativa",
)
