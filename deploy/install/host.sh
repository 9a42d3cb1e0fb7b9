# shellcheck shell=sh disable=SC2154  # read by install.sh, which sets what is asked for
# What the host must have, and what is made on it once.

look_at_host() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$python is missing or older than 3.11"
    need_venv
    # An environment takes 1.4 GB, and each database is copied twice.
    databases=$(find "$home" -name '*.db*' -type f -exec du -k {} + 2>/dev/null |
        awk '{ sum += $1 } END { print int(sum / 1024) }')
    needed=$((${DEXTER_INSTALL_MB:-2500} + 3 * ${databases:-0}))
    free=$(df -Pk "$prefix" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge "$needed" ] ||
        fail "$needed MB are needed below $prefix and $free MB are free; nothing was changed"
    look_at_memory
}

need_venv() {
    if [ -n "$build" ] || "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        return
    fi
    if [ -n "$root" ] || ! command -v apt-get >/dev/null 2>&1; then
        fail "$python has no venv; install it (python3-venv)"
    fi
    apt-get update -qq
    apt-get install -y -qq python3-venv
}

look_at_memory() {
    memory=$(awk '/^(MemTotal|SwapTotal):/ { sum += $2 } END { print int(sum / 1024) }' \
        /proc/meminfo 2>/dev/null || echo 0)
    if [ "${memory:-0}" -eq 0 ] || [ "$memory" -ge 2500 ]; then
        return
    fi
    say "memory and swap are $memory MB together, which a large scan may pass. More swap:"
    hint 'fallocate -l 2G /swapfile && chmod 600 /swapfile && mkswap /swapfile'
    hint 'swapon /swapfile && echo "/swapfile none swap sw 0 0" >> /etc/fstab'
    hint "and DEXTER_WORKERS=1, DEXTER_WORKER_MEGABYTES=2048 in $env_file"
}

set_up() {
    mkdir -p "$prefix/releases" "$etc" "$state" "$cache"
    if [ -z "$root" ] && [ "$systemd" = yes ]; then
        id dexter >/dev/null 2>&1 || useradd --system --home-dir "$state" \
            --shell /usr/sbin/nologin dexter
        install -d -o dexter -g dexter -m 0700 "$state" "$state/upgrades" "$cache" \
            /var/backups/dexter
    else
        mkdir -p "$state/upgrades"
    fi
    # Where the service's user may read it, wherever this checkout lies.
    install -m 0755 "$here/home.py" "$prefix/.home.py"
    install -m 0755 "$here/as_service.py" "$prefix/.as_service.py"
}

# What lies outside of release $1 and comes with it: the example of secrets, root's command.
set_up_etc() {
    [ -f "$env_file" ] || (umask 077 && cp "$1/deploy/dexter.env.example" "$env_file")
    [ "$systemd" = yes ] || return 0
    mkdir -p "$root/usr/local/bin"
    sed "s|@ROOT@|$root|; s|@HOME@|$home|" \
        "$1/deploy/dexter.sh" >"$root/usr/local/bin/.dexter"
    chmod 755 "$root/usr/local/bin/.dexter"
    mv "$root/usr/local/bin/.dexter" "$root/usr/local/bin/dexter"
}
