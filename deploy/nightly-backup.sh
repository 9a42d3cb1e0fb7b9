#!/bin/sh
# A backup a day in a folder; the newest N stay.
#   nightly-backup.sh DEXTER FOLDER N
set -eu
dexter=$1 folder=$2 keep=$3

# The Indian day, whatever the host's zone; POSIX counts west of Greenwich as positive.
"$dexter" backup "$folder/dexter-$(TZ=IST-5:30 date +%Y%m%d-%H%M%S).tar.gz"
# Only after a new one is whole. The names sort by time.
find "$folder" -maxdepth 1 -name 'dexter-*.tar.gz' -type f | sort -r |
    tail -n "+$((keep + 1))" | while IFS= read -r old; do rm -f -- "$old"; done
