# shellcheck shell=bash disable=SC2034 # what stands here is used by who sources it
# Where the portal stands on its server, and what bin/install and bin/portale both do there. To be sourced.

owner=areaomogenea
home=/srv/areaomogenea            # code: releases, and the repository that they come from
current=$home/current             # the release that serves
previous=$home/previous           # the one that a rollback brings back
state=/var/lib/areaomogenea       # what the portal makes, the same for every release
cache=/var/cache/areaomogenea
copies=/var/backups/areaomogenea
settings=/etc/areaomogenea.env
site=/etc/nginx/sites-available/areaomogenea
certificate=/etc/ssl/portale
port=/run/areaomogenea/socket
units=/etc/systemd/system
dry_run=''
umask 022

say() { printf '• %s\n' "$*"; }
warn() { printf '! %s\n' "$*" >&2; }
fail() {
  printf '✗ %s\n' "$*" >&2
  exit 1
}

run() {
  if [ "$dry_run" ]; then printf '    %s\n' "${*@Q}"; else "$@"; fi
}

quietly() { # what it says is shown only if it fails
  local log
  if [ "$dry_run" ]; then
    run "$@"
    return
  fi
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
    return
  fi
  grep . "$log" | tail -n 8 | sed 's/^/    /' >&2
  rm -f "$log"
  return 1
}

write() { # PATH MODE, and on its input what shall stand there; whoever reads meanwhile reads the old whole
  if [ "$dry_run" ]; then
    printf '    scrivo %s\n' "$1"
    cat >/dev/null
  else
    install -D -m "$2" /dev/stdin "$1.new"
    mv -T "$1.new" "$1"
  fi
}

only_root() { [ "$(id -u)" = 0 ] || fail "Serve l’amministratore del server: scrivi «sudo» davanti al comando."; }
has_systemd() { [ -d /run/systemd/system ] && [ -z "${NO_START:-}" ]; }

# The settings, as systemd reads them: nothing of the file is run, and a blank or a < in a value is only that.
read_settings() {
  local line name value
  environment=()
  [ -r "$settings" ] || fail "Non trovo $settings: il portale qui non è installato, oppure serve «sudo»."
  while IFS= read -r line || [ "$line" ]; do
    line=${line#"${line%%[![:space:]]*}"}
    case $line in '' | '#'* | ';'*) continue ;; esac
    name=${line%%=*} value=${line#*=}
    [[ $line == *=* && $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || fail "In $settings non capisco la riga «$line»: ci vuole NOME='valore'."
    value=${value%"${value##*[![:space:]]}"}
    case $value in \'*\' | \"*\") value=${value:1:-1} ;; esac
    environment+=("$name=$value")
  done <"$settings"
  [ "$(setting DATABASE_URL)" ] || fail "In $settings manca DATABASE_URL: il portale scriverebbe in una banca dati di prova."
}

setting() { # NAME [DEFAULT]
  local pair found=${2:-}
  for pair in ${environment[@]+"${environment[@]}"}; do
    if [ "${pair%%=*}" = "$1" ]; then found=${pair#*=}; fi
  done
  printf '%s' "$found"
}

as_portal() { # the same user, folder and variables as the services have
  runuser -u $owner -- env -i PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 "TERM=${TERM:-dumb}" HOME=$cache \
    XDG_CACHE_HOME=$cache "${environment[@]}" "$@"
}

manage() ( # RELEASE ARGUMENTS
  cd "$1" && as_portal "$1/.venv/bin/python" manage.py "${@:2}"
)

point() { # LINK TARGET, so that the link leads somewhere at every moment
  ln -sfn "$2" "$1.new"
  mv -T "$1.new" "$1"
}

# The files of a release join those of the others, each at once: whoever is shown a page of before finds its sheet after.
publish_static() { # RELEASE
  "$1/.venv/bin/python" - "$1/var/static" "$state/static" <<'END'
import os, shutil, sys, time
from pathlib import Path

source, target = map(Path, sys.argv[1:])
for file in source.rglob("*"):
    place = target / file.relative_to(source)
    if file.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, f"{place}.new")
        os.replace(f"{place}.new", place)
month_ago = time.time() - 30 * 24 * 60 * 60
for place in target.rglob("*"):
    if place.is_file() and place.stat().st_mtime < month_ago:  # of no release since
        place.unlink()
END
}

put() { # FILE PLACE: notes in `changed` whether it was another
  local text
  text=$(cat "$1")
  if [ -e "$2" ] && [ "$text" = "$(cat "$2")" ]; then return; fi
  printf '%s\n' "$text" | write "$2" 644
  changed+=("$2")
}

install_units() { # RELEASE
  local unit folder folders redactions
  changed=()
  for unit in "$1"/deploy/areaomogenea*.{service,socket,timer}; do put "$unit" "$units/${unit##*/}"; done
  redactions=$(setting REDACTIONS_FILE)
  folders=$(elsewhere "$(setting VAR_DIR)" "$(setting MEDIA_ROOT)" "${redactions%/*}")
  for folder in "$units"/areaomogenea{,-}.service.d; do
    put "$1/deploy/hardening.conf" "$folder/hardening.conf"
    put <(writable "$folders") "$folder/folders.conf"
  done
  put <(writable "$(elsewhere "$(setting BACKUPS_FOLDER)")") "$units/areaomogenea-backup.service.d/copies.conf"
  if [ ${#changed[@]} -gt 0 ] && has_systemd; then run systemctl daemon-reload; fi
}

elsewhere() { # FOLDERS that services could not write without being allowed to
  local folder
  for folder in "$@"; do
    case $folder in '' | "$state" | "$state"/*) ;; *) printf ' -%s' "$folder" ;; esac
  done
}

writable() { # FOLDERS
  if [ "$1" ]; then printf '[Service]\nReadWritePaths=%s\n' "${1# }"; fi
}

start_units() { # RELEASE
  local timers=("$1"/deploy/areaomogenea*.timer)
  if ! has_systemd; then
    say "Qui non avvio niente. Si avvierebbero: areaomogenea.socket areaomogenea.service ${timers[*]##*/} nginx"
    return
  fi
  run systemctl enable --quiet --now areaomogenea.socket
  run systemctl enable --quiet --now areaomogenea.service "${timers[@]##*/}"
}

name_of_site() {
  local name
  name=$(setting SITE_ADDRESS)
  name=${name#https://}
  printf '%s' "${name%%:*}"
}

later_nginx() { # true from 1.25.1 on, where http2 is a line of its own
  local version
  version=$(nginx -v 2>&1)
  [ "$(printf '%s\n' 1.25.1 "${version##*/}" | sort -V | head -n1)" = 1.25.1 ]
}

site_of() { # RELEASE: the site for this server's name, nginx and addresses
  local changes=(-e "s/portale\.example\.it/$(name_of_site)/g")
  if compgen -G '/etc/nginx/modules-enabled/*brotli-static*' >/dev/null; then changes+=(-e 's/#brotli_static on;.*/brotli_static on;/'); fi
  if ! [ -e /proc/net/if_inet6 ]; then changes+=(-e '/listen \[::\]/d'); fi
  if later_nginx; then changes+=(-e 's/\(listen 443 ssl\) http2\(.*\)/\1\2\n    http2 on;/' -e 's/\(listen \[::\]:443 ssl\) http2/\1/'); fi
  sed "${changes[@]}" "$1/deploy/nginx.conf"
}

stamp_of() { sha256sum | cut -c1-64; }

is_ours() { # PATH: nobody has changed it since it was written here
  [ "$(head -n1 "$1")" = "# impronta $(tail -n+2 "$1" | stamp_of)" ]
}

install_site() { # RELEASE
  local text old
  text=$(site_of "$1")
  if [ -e "$site" ] && ! is_ours "$site"; then
    say "$site è stato cambiato a mano: lo lascio com’è. Quello di questa versione è $1/deploy/nginx.conf"
    return
  fi
  if [ -e "$site" ] && [ "$(tail -n+2 "$site")" = "$text" ] && [ -e /etc/nginx/sites-enabled/areaomogenea ]; then return; fi
  old=$(mktemp)
  if [ -e "$site" ]; then cp "$site" "$old"; fi
  printf '# impronta %s\n%s\n' "$(printf '%s\n' "$text" | stamp_of)" "$text" | write "$site" 644
  run ln -sfn "$site" /etc/nginx/sites-enabled/areaomogenea
  # Debian's own example claims the same place.
  if [ "$(readlink -f /etc/nginx/sites-enabled/default)" = /etc/nginx/sites-available/default ]; then run rm /etc/nginx/sites-enabled/default; fi
  if ! [ "$dry_run" ] && ! nginx -t -q 2>"$old.errors"; then
    cat "$old.errors" >&2
    if [ -s "$old" ]; then cp "$old" "$site"; else rm -f /etc/nginx/sites-enabled/areaomogenea; fi
    fail "nginx non accetta la configurazione del portale insieme alle altre che ha: l’ho tolta, il resto è come prima."
  fi
  rm -f "$old" "$old.errors"
  if has_systemd; then run systemctl reload-or-restart nginx; fi
}

status_address=/api/v1/status
answers() { # what serves says that it is well
  curl --fail --silent --output /dev/null --max-time 20 --unix-socket $port -H "Host: $(name_of_site)" \
    -H 'X-Forwarded-Proto: https' "http://portale$status_address"
}
main_process() { systemctl show --property MainPID --value areaomogenea.service; }
is_current() { [ "$(readlink "/proc/$(main_process)/cwd")" = "$(readlink -f $current)" ]; }

renew() { # RELEASE, to which `current` leads, takes the place of what runs; false if it does not answer within a minute
  local running='' try
  if has_systemd && systemctl --quiet is-active areaomogenea.service; then running=1; fi
  start_units "$1"
  if ! has_systemd; then return; fi
  if [ "$running" ] && [[ " ${changed[*]} " == *"/areaomogenea.service"* ]]; then
    systemctl restart areaomogenea.service || return
  fi
  for try in {0..119}; do
    # Asked again now and then: while one that was relieved still ends what it had begun, nobody relieves its heir.
    if [ "$running" ] && ((try % 20 == 0)) && ! is_current; then systemctl reload areaomogenea.service || return; fi
    if is_current && answers; then return; fi
    sleep 0.5
  done
  return 1
}
