"""The mosaic of the 48: borders in degrees become SVG outlines in one small square of integers."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import count, pairwise
from math import cos, radians
from typing import Any

Geometry = Mapping[str, Any]  # of GeoJSON
WIDTH, HEIGHT = 1000, 850
WEST, SOUTH, EAST, NORTH = 9.4544, 45.2321, 9.9114, 45.5045
MARGIN = 6
# At this latitude a degree of longitude is shorter than one of latitude by the cosine.
SCALE = (WIDTH - 2 * MARGIN) / ((EAST - WEST) * cos(radians((SOUTH + NORTH) / 2)))


def project(longitude: float, latitude: float) -> tuple[int, int]:
    """Degrees WGS 84 to whole SVG units, equirectangular around the middle of the Area."""
    x = MARGIN + (longitude - WEST) * cos(radians((SOUTH + NORTH) / 2)) * SCALE
    y = MARGIN + (NORTH - latitude) * SCALE
    return round(x), round(y)


def outline(geometry: Geometry) -> str:
    """The SVG path data of a GeoJSON Polygon or MultiPolygon, relative moves, exclaves included."""
    return "".join(_path([project(*point) for point in ring]) for ring in _rings(geometry))


def tints(geometries: Mapping[str, Geometry]) -> dict[str, int]:
    """A tint from 1 for each area, so that two that share a border never share it (greedy colouring)."""
    corners = {
        code: {tuple(point) for ring in _rings(geometry) for point in ring} for code, geometry in geometries.items()
    }
    chosen: dict[str, int] = {}
    for code, own in sorted(corners.items(), key=lambda item: -len(item[1])):
        taken = {chosen[other] for other in chosen if own & corners[other]}
        chosen[code] = next(tint for tint in count(1) if tint not in taken)
    return chosen


@lru_cache(maxsize=64)
def around(outlines: tuple[str, ...]) -> str:
    """The SVG path data of the line around some areas, given as a tuple of their outlines.

    A side that two of them share is within, and is left out; what is left is joined end to end.
    """
    sides = Counter(frozenset(side) for path in outlines for side in _sides(path))
    ahead: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for start, end in (side for path in outlines for side in _sides(path)):
        if sides[frozenset((start, end))] == 1:
            ahead.setdefault(start, []).append(end)
    rings = []
    while ahead:
        ring = [next(iter(ahead))]
        while following := ahead.get(ring[-1]):
            ring.append(following.pop())
            if not following:
                del ahead[ring[-2]]
        rings.append(_path(ring))
    return "".join(rings)


def _sides(path):
    """The sides of the closed rings of an outline, as pairs of points."""
    for ring in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        moves = list(zip(numbers[::2], numbers[1::2], strict=True))
        points = [moves[0]]
        for right, down in moves[1:]:
            points.append((points[-1][0] + right, points[-1][1] + down))
        yield from pairwise([*points, points[0]])


def _rings(geometry):
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def _path(points):
    (x, y), *rest = points
    moves = [f"M{x} {y}l"]
    for next_x, next_y in rest[:-1]:
        if (next_x, next_y) != (x, y):
            moves.append(f"{next_x - x} {next_y - y} ")
            x, y = next_x, next_y
    return "".join(moves).replace(" -", "-").rstrip() + "z"
