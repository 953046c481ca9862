"""Load the 48 Comuni, those outside and the aliases from the data that comes with the portal."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from areaomogenea.municipalities.mosaic import Geometry
from areaomogenea.naming.slugs import slug_of

from ...models import Alias, Municipality
from ...mosaic import outline, project, tints

DATA = Path(__file__).parents[2] / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


class Command(BaseCommand):
    help = "Carica i 48 Comuni, quelli esterni e le grafie. Si può ripetere: aggiorna, non duplica."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        geometries = borders()
        tint = tints(geometries)
        for row in rows("municipalities.csv"):
            geometry = geometries[row["istat"]]
            label_x, label_y = project(float(row["lon"]), float(row["lat"]))
            bring(
                row["istat"],
                name=row["name"],
                slug=row["slug"],
                province=row["province"],
                population=row["population"],
                population_date=row["population_date"],
                website=row["website"],
                border=geometry,
                outline=outline(geometry),
                tint=tint[row["istat"]],
                label_x=label_x,
                label_y=label_y,
            )
        for row in rows("outside.csv"):
            bring(row["istat"], name=row["name"], slug=slug_of(row["name"]), province=row["province"], in_area=False)
        for row in rows("aliases.csv"):
            Alias.objects.update_or_create(
                municipality=Municipality.objects.get(istat_code=row["istat"]),
                text=row["alias"],
                defaults={"safe_alone": row["safe_to_match_alone"] == "yes"},
            )
        self.stdout.write(f"{Municipality.objects.of_area().count()} Comuni dell’Area caricati.")


def bring(istat_code: str, **facts: object) -> None:
    """Written only if it says something new: whoever reuses the data reads when it last changed."""
    fields: dict[str, Any] = {name: Municipality._meta.get_field(name) for name in facts}
    facts = {name: fields[name].to_python(value) for name, value in facts.items()}
    known = Municipality.objects.filter(istat_code=istat_code).first()
    if known:
        facts.pop("slug")  # an address that was given out moves only if somebody wants it to
    if known is None or any(getattr(known, name) != value for name, value in facts.items()):
        Municipality.objects.update_or_create(istat_code=istat_code, defaults=facts)


def borders() -> dict[str, Geometry]:
    """The GeoJSON geometry of each of the 48, by ISTAT code."""
    collection = json.loads((DATA / "borders.geojson").read_text(encoding="utf-8"))
    return {feature["id"]: feature["geometry"] for feature in collection["features"]}
