# shellcheck shell=sh disable=SC2154  # read by install.sh, which sets what is asked for
# Which release is in force, what runs of it, and the way back.

timers='dexter-daily.timer dexter-outbox.timer dexter-backup.timer'
services='dexter-daily.service dexter-outbox.service dexter-backup.service'

# A command as the service would run it in home $1: its user, its environment.
as_dexter() {
    in_home=$1
    shift
    if [ -z "$root" ] && [ "$systemd" = yes ]; then
        set -- runuser -u dexter -- "$@"
    fi
    "$python" -IS "$prefix/.as_service.py" "$root" "$in_home" "$@"
}

# Which checks of release $1 fail in home $2, one a line; what they said is in .said.
ails() (
    umask 077
    for check in '--help' 'config check --json' 'doctor --no-sources --json'; do
        # shellcheck disable=SC2086  # words of one command
        if ! as_dexter "$2" "$1/venv/bin/dexter" $check >"$prefix/.saying" 2>&1; then
            cat "$prefix/.saying" >>"$prefix/.said"
            echo "$check"
        fi
    done
    rm -f "$prefix/.saying"
)

# Of the failures $1 those that are not among $2.
besides() {
    printf '%s\n' "$1" | grep -vxF -e "$2" | head -n 1
}

in_force() { readlink "$prefix/current" 2>/dev/null || true; }

# One rename(2): there is a release in force at every moment.
switch_to() {
    if [ -z "$1" ]; then
        rm -f "$prefix/current"
        return
    fi
    ln -sfn "$1" "$prefix/.current.new"
    mv -T "$prefix/.current.new" "$prefix/current"
}

units_of() {
    [ "$systemd" = yes ] || return 0
    to=$root/etc/systemd/system
    mkdir -p "$to/dexter-.service.d"
    cp "$1/deploy/systemd/"dexter-*.service "$1/deploy/systemd/"dexter-*.timer "$to/"
    cp "$1/deploy/systemd/dexter-.service.d/"*.conf "$to/dexter-.service.d/"
    systemctl daemon-reload
}

# Should this script be killed, somebody finishes or takes back what it did.
plan_recovery() {
    command -v systemd-run >/dev/null 2>&1 || return 0
    cancel_recovery
    systemd-run --quiet --collect --unit=dexter-recover --on-active=30min \
        "$release/deploy/install.sh" --recover --python "$(command -v "$python")" \
        --keep "$keep" ${root:+--root "$root"} || true
}

cancel_recovery() { systemctl stop dexter-recover.timer 2>/dev/null || true; }

# What is stopped is written down, and whether the day was under way.
stop_all() {
    [ "$systemd" = yes ] || return 0
    plan_recovery
    if systemctl --quiet is-active dexter-daily.service; then
        echo dexter-daily.service >"$prefix/.stopped"
    else
        : >"$prefix/.stopped"
    fi
    # shellcheck disable=SC2086  # lists of units
    systemctl stop $timers $services 2>/dev/null || true
}

# Only what was stopped here: the operator may have stopped the timers as well.
start_all() {
    [ -f "$prefix/.stopped" ] || return 0
    if [ -n "$(in_force)" ]; then
        # shellcheck disable=SC2086
        systemctl enable --quiet --now $timers
        day=$(cat "$prefix/.stopped")
        [ -z "$day" ] || systemctl start --no-block "$day"
    fi
    rm -f "$prefix/.stopped"
    # While the way back is not whole it is tried again.
    [ -f "$prefix/.upgrade" ] || cancel_recovery
}

# An upgrade under way is written down: old, new, and where the database before is kept.
under_way() { sed -n "s/^$1=//p" "$prefix/.upgrade"; }

# The old release first: it refuses a later schema, so nothing is written until its own
# is back. The new one would bring the schema up again.
roll_back() {
    old=$(under_way old) kept=$(under_way kept)
    say "back to ${old:-nothing}"
    switch_to "$old"
    if [ -n "$old" ]; then
        set_up_etc "$prefix/$old"
        units_of "$prefix/$old"
    fi
    if said=$(as_dexter "$home" "$python" -IS "$prefix/.home.py" put-back "$home" "$kept"); then
        hint "$said"
        rm -f "$prefix/$(under_way new)/.ready" "$prefix/.upgrade"
    else
        hint "the database is not back; it is kept in $kept. Try: install.sh --recover"
    fi
    start_all
}

settle() {
    rm -f "$prefix/.upgrade"
    start_all
    # shellcheck disable=SC2012  # our own names
    ls -1t "$prefix"/releases/*/.ready | beyond | while read -r ready; do
        gone=$(dirname "$ready")
        [ "releases/$(basename "$gone")" = "$(in_force)" ] || remove "$gone"
    done
    # shellcheck disable=SC2012
    ls -1dt "$state"/upgrades/* 2>/dev/null | beyond | while read -r gone; do
        rm -rf "$gone"
    done
}

beyond() { tail -n "+$((keep + 1))"; }

remove() {
    # Not ready first: what is half gone must not look whole.
    rm -f "$1/.ready"
    rm -rf "$1"
}

# What a killed run of this script left: finished if it holds, else taken back.
recover() {
    if [ -f "$prefix/.upgrade" ]; then
        say 'an upgrade was cut; looking at what it left'
        new=$(under_way new)
        if [ "$(in_force)" = "$new" ] && [ -z "$(ails "$prefix/$new" "$home")" ]; then
            say "$new is in force, and holds"
            set_up_etc "$prefix/$new"
            units_of "$prefix/$new"
            settle
        else
            roll_back
        fi
    else
        # A kill may come between the stop and the first note of an upgrade.
        start_all
    fi
    for left in "$prefix"/releases/*; do
        [ ! -d "$left" ] || [ -f "$left/.ready" ] || remove "$left"
    done
    rm -rf "$prefix/.rehearsal" "$prefix/.current.new" "$prefix/.upgrade.new"
}

switching=no release=''
ended() {
    code=$?
    trap - EXIT
    set +e
    if [ "$switching" = yes ] && [ -f "$prefix/.upgrade" ]; then
        roll_back
    elif [ ! -f "$prefix/.upgrade" ]; then
        start_all
    fi
    if [ -n "$release" ] && [ ! -f "$release/.ready" ]; then
        remove "$release"
    fi
    rm -rf "$prefix/.rehearsal" "$prefix/.said" "$prefix/.saying"
    exit "$code"
}
