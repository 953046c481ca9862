"""A server: how bin/install and bin/portale speak, what they read and write, and what the units let services do."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SERVICES = sorted(path.stem for path in DEPLOY.glob("*.service"))
GOAL = 3  # of systemd-analyze security, where 10 is a service that may do everything

pytestmark = pytest.mark.any_database


def spoken(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, **options)


def in_shell(script, **environment):
    """What a script says that may use the functions of deploy/server.sh."""
    command = f"set -euo pipefail; . {DEPLOY}/server.sh; {script}"
    return spoken("bash", "-c", command, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | environment)


def is_debian():
    release = Path("/etc/os-release")
    return release.exists() and bool(re.search(r'^VERSION="1[23] ', release.read_text(), re.MULTILINE))


# Words


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("", "Manca --domain"),
        ("--domain", "Dopo --domain ci vuole un valore."),
        ("--dominio portale.example.it", "Non conosco «--dominio»."),
        ("--domain 10.0.0.1 --admin capo@example.it", "«10.0.0.1» non è il nome di un sito"),
        ("--domain portale.example.it --admin capo", "«capo» non è un indirizzo e-mail."),
        ("--domain portale.example.it --admin a@example.it --database Portale;x", "solo lettere minuscole"),
        ("--domain portale.example.it --admin a@example.it --media var", "comincia con una barra"),
    ],
)
def test_wrong_option_is_refused_in_words(options, words):
    result = spoken("bin/install", *options.split())

    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert "sudo bin/install --domain portale.example.it" in result.stderr


@pytest.mark.parametrize("script", ["install", "portale"])
def test_whoever_asks_is_told_how_it_is_used(script):
    result = spoken(f"bin/{script}", "--help")

    assert (result.returncode, result.stderr) == (0, "")
    assert "sudo" in result.stdout


def test_word_that_portale_does_not_know_is_refused():
    result = spoken("bin/portale", "ritorna")

    assert result.returncode == 2
    assert "Non conosco «ritorna»." in result.stderr


@pytest.mark.skipif(not is_debian(), reason="not Debian 12 or 13")
def test_dry_run_tells_each_step_and_does_none():
    result = spoken("bin/install", "--dry-run", "--domain", "https://Portale.example.it/", "--admin", "capo@example.it")

    assert result.returncode == 0, result.stderr
    for number, step in enumerate("Pacchetti Utente Banca Impostazioni Certificato Codice Servizi".split(), 1):
        assert f"{number}. {step}" in result.stdout
    assert "scrivo /etc/areaomogenea.env" in result.stdout
    assert not Path("/etc/areaomogenea.env").exists()


# Settings


def test_settings_are_read_as_systemd_reads_them_and_nothing_of_them_is_run(tmp_path):
    lines = [
        "# a comment",
        "DATABASE_URL='postgres://areaomogenea@//var/run/postgresql/areaomogenea'",
        "DEFAULT_FROM_EMAIL=Redazione <redazione@example.it>",
        "ADMINS='a@example.it,b@example.it'",
        "",
        'SECRET_KEY="$(touch eseguito) `touch eseguito`"  ',
    ]
    (tmp_path / "env").write_text("\n".join(lines))

    result = in_shell(f"settings={tmp_path}/env; read_settings; printf '%s\\n' \"${{environment[@]}}\"")

    assert result.stdout.splitlines() == [
        "DATABASE_URL=postgres://areaomogenea@//var/run/postgresql/areaomogenea",
        "DEFAULT_FROM_EMAIL=Redazione <redazione@example.it>",
        "ADMINS=a@example.it,b@example.it",
        "SECRET_KEY=$(touch eseguito) `touch eseguito`",
    ]
    assert not (ROOT / "eseguito").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "il portale qui non è installato"),
        ("SECRET_KEY='x'\n", "manca DATABASE_URL"),
        ("DATABASE_URL=''\n", "manca DATABASE_URL"),
        ("DATABASE_URL='x'\nuna riga\n", "non capisco la riga «una riga»"),
    ],
)
def test_settings_that_would_lead_elsewhere_are_refused(tmp_path, text, words):
    if text is not None:
        (tmp_path / "env").write_text(text)

    result = in_shell(f"settings={tmp_path}/env; read_settings")

    assert result.returncode == 1
    assert words in result.stderr


def test_page_for_servers_tells_of_every_setting():
    read = set(re.findall(r"env[.a-z_]*\(\s*\"([A-Z_]+)\"", (ROOT / "areaomogenea" / "settings.py").read_text()))
    page = (ROOT / "docs" / "messa-in-produzione.md").read_text()

    assert len(read) > 30
    assert sorted(name for name in read if f"`{name}`" not in page) == []


def test_installed_settings_are_those_that_the_page_marks():
    installed = re.search(r"write_settings\(\).*?\nEND\n", (ROOT / "bin" / "install").read_text(), re.DOTALL)[0]
    rows = re.findall(r"^\| (.+?) \| ● \|", (ROOT / "docs" / "messa-in-produzione.md").read_text(), re.MULTILINE)

    assert sorted(re.findall(r"^([A-Z_]+)=", installed, re.MULTILINE)) == sorted(re.findall(r"[A-Z_]+", " ".join(rows)))


# nginx


@pytest.mark.parametrize(
    ("version", "line"),
    [("1.22.1", "    listen 443 ssl http2;"), ("1.26.3", "    listen 443 ssl;\n    http2 on;")],
)
def test_site_is_for_the_name_and_the_nginx_of_the_server(tmp_path, version, line):
    fake = tmp_path / "nginx"
    fake.write_text(f"#!/bin/sh\necho nginx version: nginx/{version} >&2\n")
    fake.chmod(0o755)

    result = in_shell(
        f"environment=(SITE_ADDRESS=https://crema.example.it); site_of {ROOT}", PATH=f"{tmp_path}:/usr/bin:/bin"
    )

    assert result.stderr == ""
    assert line in result.stdout
    assert "server_name crema.example.it;" in result.stdout
    assert "portale.example.it" not in result.stdout


def test_site_changed_by_hand_is_known(tmp_path):
    (tmp_path / "site").write_text("server {}\n")

    stamped = "(printf '# impronta %s\\n' \"$(stamp_of <site)\"; cat site) >ours; sed 's/{}/{ }/' ours >theirs"

    result = in_shell(f"cd {tmp_path}; {stamped}; is_ours ours && ! is_ours theirs && ! is_ours site && echo known")

    assert result.stdout == "known\n"


# Static files


def test_files_of_two_releases_stand_side_by_side(tmp_path):
    for release, content in [("old", "a"), ("new", "b")]:
        python = tmp_path / release / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.symlink_to(shutil.which("python3"))
        static = tmp_path / release / "var" / "static" / "desk"
        static.mkdir(parents=True)
        (static / f"portal.{content}.css").write_text(content)
        (static / "portal.css").write_text(content)

    result = in_shell(f"state={tmp_path}; publish_static {tmp_path}/old; publish_static {tmp_path}/new")

    assert (result.returncode, result.stderr) == (0, "")
    there = {path.name: path.read_text() for path in (tmp_path / "static" / "desk").iterdir()}
    assert there == {"portal.a.css": "a", "portal.b.css": "b", "portal.css": "b"}


# Units


def laid_out(folder):
    """The units as bin/portale puts them in a system, with those of systemd that they name."""
    units, theirs = folder / "etc/systemd/system", folder / "usr/lib/systemd/system"
    shutil.copytree("/usr/lib/systemd/system", theirs, symlinks=True)
    result = in_shell(
        f"units={units}; environment=(MEDIA_ROOT=/mnt/media VAR_DIR=$state); NO_START=1 install_units {ROOT}"
    )
    assert result.returncode == 0, result.stderr
    for name in ["srv/areaomogenea/current/.venv/bin/python", "bin/kill"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return units


systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")


@systemd
def test_systemd_takes_every_unit(tmp_path):
    units = laid_out(tmp_path)

    result = spoken(
        "systemd-analyze", "verify", f"--root={tmp_path}", *[path.name for path in units.glob("*.*") if path.is_file()]
    )

    assert "areaomogenea" not in result.stderr


@systemd
def test_services_may_do_little(tmp_path):
    laid_out(tmp_path)

    exposures = {}
    for service in SERVICES:
        result = spoken("systemd-analyze", "security", "--offline=true", f"--root={tmp_path}", f"{service}.service")
        exposures[service] = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", result.stdout)[1])

    assert {name: level for name, level in exposures.items() if level >= GOAL} == {}


def test_folder_of_files_elsewhere_can_be_written(tmp_path):
    result = in_shell(f"units={tmp_path}; environment=(MEDIA_ROOT=/mnt/media); NO_START=1 install_units {ROOT}")

    assert result.stderr == ""
    for folder in "areaomogenea.service.d", "areaomogenea-.service.d":
        assert (tmp_path / folder / "folders.conf").read_text() == "[Service]\nReadWritePaths=-/mnt/media\n"
        assert (tmp_path / folder / "hardening.conf").read_text() == (DEPLOY / "hardening.conf").read_text()


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_runs_as_the_portal_with_its_settings(name):
    lines = (DEPLOY / f"{name}.service").read_text().splitlines()

    assert {
        "User=areaomogenea",
        "EnvironmentFile=/etc/areaomogenea.env",
        "WorkingDirectory=/srv/areaomogenea/current",
        "StateDirectory=areaomogenea",
    } <= set(lines)


def test_every_timer_has_its_service():
    assert {path.stem for path in DEPLOY.glob("*.timer")} <= set(SERVICES)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not here")
def test_scripts_are_sound():
    scripts = [path for path in (ROOT / "bin").iterdir() if path.read_bytes().startswith(b"#!/usr/bin/env bash")]

    result = spoken("shellcheck", "-x", *scripts, DEPLOY / "server.sh")

    assert result.stdout == ""
