#!/bin/sh
# The timer of a container: the day from 08:45 IST on, the outbox every five minutes.
set -eu

# As POSIX writes it: five and a half hours east, and no change of clocks.
indian() { TZ=IST-5:30 date "$1"; }

waited=''
end() {
    trap '' TERM INT
    # Whoever was started last and not waited for to the end.
    if [ "${!:-}" != "$waited" ]; then
        kill -TERM "$!" 2>/dev/null || true
        wait "$!" || true
    fi
    exit 0
}
trap end TERM INT

# In the background, so that a signal is answered while it runs.
run() {
    "$@" &
    code=0
    wait "$!" || code=$?
    waited=$!
}

ended=''
while :; do
    today=$(indian +%F)
    if [ "$(indian +%H%M)" -ge 0845 ] && [ "$ended" != "$today" ]; then
        run dexter daily --catch-up --watch
        # 3: in part, and the operator was told. Anything else is tried again.
        # 130, 143: it was asked to stop.
        case $code in
            0 | 3) ended=$today ;;
            130 | 143) ;;
            *) run dexter alerts notice --unit daily ;;
        esac
    fi
    run dexter alerts outbox --send
    run sleep 300
done
