#!/bin/sh
# Installs dexter, or puts another version in its place: checked before it is in force,
# checked again after, and the old one back if it does not hold.
#
#   sudo deploy/install.sh                       on a host, from this checkout
#   deploy/install.sh --root DIR --no-systemd    below a folder, without systemd
#
# What is where, below --root (default /):
#   opt/dexter/releases/ID   a release: its own Python environment, units, scripts
#   opt/dexter/current       the one in force; switched by one rename
#   etc/dexter/dexter.env    secrets and settings, mode 0600
#   var/lib/dexter/home      DEXTER_HOME
#   var/lib/dexter/upgrades  the database before each upgrade
#   var/cache/dexter         what can be made again
set -eu

usage() {
    cat <<'END'
install.sh [--source PATH] [--requirements FILE] [--version NAME] [--root DIR]
           [--python PYTHON] [--keep N] [--no-systemd] [--build COMMAND]
install.sh --recover

  --source PATH        a checkout or a wheel (default: the checkout this lies in)
  --requirements FILE  its pinned dependencies (default: requirements.lock beside it)
  --version NAME       what to call it (default: the version of pyproject.toml)
  --root DIR           install below DIR instead of /
  --python PYTHON      the Python to build with, 3.11 or later (default: python3)
  --keep N             how many releases to keep (default: 3)
  --no-systemd         no units, no user of its own: a timer is your affair
  --build COMMAND      COMMAND SOURCE RELEASE builds RELEASE/venv instead of pip
  --recover            only finish, or take back, what a killed upgrade left
END
}

say() { printf '%s\n' "$*"; }
hint() { printf '  %s\n' "$*"; }
fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
source=$(dirname -- "$here")
requirements='' version='' root='' python=python3 keep=3 systemd=auto build='' only_recover=no
while [ $# -gt 0 ]; do
    case $1 in
        --source) source=$2; shift ;;
        --requirements) requirements=$2; shift ;;
        --version) version=$2; shift ;;
        --root) root=$2; shift ;;
        --python) python=$2; shift ;;
        --keep) keep=$2; shift ;;
        --no-systemd) systemd=no ;;
        --build) build=$2; shift ;;
        --recover) only_recover=yes ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[ -z "$root" ] || { mkdir -p "$root"; root=$(cd "$root" && pwd); }
[ "$root" != / ] || root=''
if [ "$systemd" = auto ]; then
    command -v systemctl >/dev/null 2>&1 && systemd=yes || systemd=no
fi
prefix=$root/opt/dexter state=$root/var/lib/dexter cache=$root/var/cache/dexter
etc=$root/etc/dexter
home=$state/home env_file=$etc/dexter.env
# shellcheck source=install/host.sh
. "$here/install/host.sh"
# shellcheck source=install/force.sh
. "$here/install/force.sh"

# --- a release -----------------------------------------------------------------------

look_at_source() {
    [ -e "$source" ] || fail "there is nothing at $source"
    if [ -z "$requirements" ]; then
        requirements=$source/requirements.lock
        [ -d "$source" ] || requirements=$(dirname -- "$source")/requirements.lock
    fi
    [ -n "$build" ] || [ -f "$requirements" ] ||
        fail "no pinned dependencies at $requirements"
}

build_release() {
    mkdir -p "$release"
    cp -R "$here" "$release/deploy"
    if [ -n "$build" ]; then
        "$build" "$source" "$release"
        return
    fi
    pip="$release/venv/bin/python -m pip --disable-pip-version-check --quiet"
    "$python" -m venv "$release/venv"
    $pip install --require-hashes -r "$requirements"
    $pip install --no-deps --no-build-isolation "$source"
}

named() {
    if [ -z "$version" ]; then
        version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$source/pyproject.toml" 2>/dev/null | head -n 1)
    fi
    [ -n "$version" ] || version=$(basename "$source" .whl)
    printf '%s-%s' "$version" "$(date -u +%Y%m%d%H%M%S)" | tr -c 'A-Za-z0-9.+-' '_'
}

# --- the steps -----------------------------------------------------------------------

umask 022
set_up
exec 9>"$prefix/.install.lock"
flock -n 9 || fail 'another install is under way'
trap ended EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
rm -f "$prefix/.said"
recover
[ "$only_recover" = no ] || exit 0
look_at_source
look_at_host
old=$(in_force)
id=$(named)
release=$prefix/releases/$id
say "building $id"
build_release

say 'trying it on a copy of the home'
"$python" -IS "$prefix/.home.py" rehearse "$home" "$prefix/.rehearsal"
[ -n "$root" ] || [ "$systemd" = no ] || chown -R dexter: "$prefix/.rehearsal"
# What the release in force fails too is no reason to stay with it.
excused=''
[ -z "$old" ] || excused=$(ails "$prefix/$old" "$prefix/.rehearsal")
rm -f "$prefix/.said"
failing=$(ails "$release" "$prefix/.rehearsal")
worse=$(besides "$failing" "$excused")
if [ -n "$worse" ]; then
    cat "$prefix/.said" >&2
    fail "\`dexter $worse\` fails in $id; ${old:-nothing} stays in force"
fi
[ -z "$failing" ] || say "as before, this fails and wants mending: $failing"
touch "$release/.ready"

say "switching from ${old:-nothing}"
stop_all
kept=$state/upgrades/$id
as_dexter "$home" "$python" -IS "$prefix/.home.py" keep "$home" "$kept"
printf 'old=%s\nnew=%s\nkept=%s\n' "$old" "releases/$id" "$kept" >"$prefix/.upgrade.new"
mv "$prefix/.upgrade.new" "$prefix/.upgrade"
switching=yes
switch_to "releases/$id"
set_up_etc "$release"
units_of "$release"
rm -f "$prefix/.said"
failing=$(ails "$prefix/current" "$home")
worse=$(besides "$failing" "$excused")
# Once more behind the units' walls, where a check can fail that passed without them.
if [ -z "$failing" ] && [ "$systemd" = yes ] && ! systemctl start dexter-check.service; then
    worse='doctor, as a service'
fi
if [ -n "$worse" ]; then
    cat "$prefix/.said" >&2 2>/dev/null || true
    fail "\`dexter $worse\` fails now that $id is in force"
fi
switching=no
settle
say "$id is in force"
[ "$systemd" = yes ] || hint "run $prefix/current/venv/bin/dexter with DEXTER_HOME=$home"
