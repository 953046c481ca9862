"""Rooms import downhill only; this is the map, and the guard on it."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from .house import PACKAGES

ROOT = Path(__file__).parent.parent
LOW = ("sandbox", "prose", "identity", "naming", "municipalities")  # each may lean on those before it
SHARED = ("topics", "library", "accounts", "search")  # none of them knows another
HIGH = ("monitoring", "publishing", "quality", "desk")
BESIDE = ("deadlines", "offices")  # what any kind may have
KINDS = tuple(package for package in PACKAGES if package != "areaomogenea")


def named(room):
    return room if room in KINDS else f"areaomogenea.{room}"


def downhill():
    """Each room with those that it may import."""
    below = []
    for floor in (*((room,) for room in LOW), SHARED, *((room,) for room in HIGH), BESIDE, KINDS, ("distribution",)):
        yield from ((named(room), set(map(named, below))) for room in floor)
        below += floor


DOWNHILL = dict(downhill())
NO_APPS = {"areaomogenea.naming", "areaomogenea.prose", "areaomogenea.sandbox"}
HALL = "areaomogenea"


def room_of(module):
    rooms = [room for room in [*DOWNHILL, HALL] if f"{module}.".startswith(f"{room}.")]
    return max(rooms, key=len, default=None)


def imported(path):
    """Absolute names of all that a file imports, relative imports resolved."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: 1 - node.level or None]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def files_of(room):
    folder = ROOT / room.replace(".", "/")
    return [
        path for path in folder.rglob("*.py") if room_of(".".join(path.relative_to(ROOT).with_suffix("").parts)) == room
    ]


@pytest.mark.parametrize("room", DOWNHILL)
def test_room_imports_only_downhill(room):
    reached = {room_of(module) for path in files_of(room) for module in imported(path)} - {None, room}

    assert reached <= DOWNHILL[room]


def defined(path):
    """What others may import from a module: the names that it binds at its top, and the files beside a package."""
    nodes = [ast.parse(path.read_text(encoding="utf-8"))]
    names = {file.stem for file in path.parent.iterdir()} if path.name == "__init__.py" else set()
    while nodes:
        for node in ast.iter_child_nodes(nodes.pop()):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.alias):
                names.add(node.asname or node.name.partition(".")[0])
            nodes.append(node)
    return names


def test_every_name_of_ours_that_is_imported_is_there():
    """A name that moved is found here in a second, not by the whole suite, which would not even begin."""
    folders = [*PACKAGES, "tests", "benchmarks"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}
    imports = {
        (module, name, path) for path in files for module, _, name in (full.rpartition(".") for full in imported(path))
    }
    known = {module: defined(modules[module]) | {"*"} for module in {one[0] for one in imports} & modules.keys()}

    assert [one for one in imports if one[0] in known and one[1] not in known[one[0]]] == []


def siblings():
    floors = (SHARED, BESIDE, KINDS)
    return [(named(reader), named(maker)) for floor in floors for reader in floor for maker in floor if reader != maker]


def backwards_names(maker):
    """The names under which the rows of other rooms reach those of this one."""
    models = [model for model in apps.get_models() if room_of(model.__module__) == maker and not model._meta.proxy]
    fields = [field for model in models for field in model._meta.local_fields + model._meta.local_many_to_many]
    relations = [field.remote_field for field in fields if field.remote_field and not field.remote_field.hidden]
    return {one.get_accessor_name() for one in relations if room_of(one.model.__module__) != maker}


@pytest.mark.parametrize(("reader", "maker"), siblings())
def test_no_room_reads_the_relations_of_its_sibling(reader, maker):
    """A relation is an arrow too: whoever reads it backwards leans on the room that made it."""
    names = "|".join(map(re.escape, sorted(backwards_names(maker)))) or "^$"
    asks = re.compile(rf"""[."'_](?:{names})\b""")
    templates = (ROOT / "templates" / reader.rpartition(".")[2]).rglob("*.html")

    assert [path for path in [*files_of(reader), *templates] if asks.search(path.read_text(encoding="utf-8"))] == []


def test_every_package_is_on_the_map():
    ours = {app for app in settings.INSTALLED_APPS if (ROOT / app.replace(".", "/")).is_dir()}

    assert ours | NO_APPS == {*DOWNHILL, HALL}


ASKS_THE_REQUEST = re.compile(r"build_absolute_uri|get_host|get_current_site|RequestSite|request\.scheme|HTTP_HOST")


TELLS_HOSTS_APART = ROOT / "areaomogenea" / "response_cache.py"  # because one may be refused


def test_no_address_depends_on_what_a_request_says_of_its_host():
    tracked = [path for room in [*DOWNHILL, HALL] for path in files_of(room)]
    tracked += [path for path in (ROOT / "templates").rglob("*") if path.is_file()]

    asking = [path for path in tracked if ASKS_THE_REQUEST.search(path.read_text(encoding="utf-8"))]
    assert [path for path in asking if path != TELLS_HOSTS_APART] == []


@pytest.mark.parametrize("name", ["core", "common", "utils", "helpers", "misc"])
def test_no_room_is_a_knot(name):
    assert not [path for room in [*DOWNHILL, HALL] for path in files_of(room) if name in (path.stem, path.parent.name)]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a copy without its history")
def test_what_is_made_here_stays_out_of_the_history():
    ignored = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"]

    assert subprocess.run(ignored, cwd=ROOT, check=True, capture_output=True, text=True).stdout == ""
