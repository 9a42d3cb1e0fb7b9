#!/bin/sh
# Installs this checkout's last commit on a host, over ssh; or upgrades what is there.
#
#   deploy/remote.sh [user@]HOST [install.sh options]
#
# The host needs ssh, sudo, Python 3.11 or later and a way to the package index: Ubuntu
# 24.04 as it comes. What is not committed is not sent. The install goes on when the
# connection is lost; ask again with the same command.
set -eu

if [ $# -eq 0 ]; then
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
host=$1
shift
top=$(git -C "$(dirname -- "$0")" rev-parse --show-toplevel)
commit=$(git -C "$top" rev-parse --short=12 HEAD)
name=$(sed -n 's/^version = "\(.*\)"/\1/p' "$top/pyproject.toml" | head -n 1)+$commit
[ -z "$(git -C "$top" status --porcelain)" ] ||
    echo "remote.sh: there are changes that are not committed; $commit is sent" >&2

# What reaches the other side's shell is quoted for it.
quoted() {
    for word in "$@"; do
        printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
    done
}

folder=$(ssh "$host" 'umask 077 && mktemp -d "${TMPDIR:-/tmp}/dexter-XXXXXX"')
case $folder in
    */dexter-??????) ;;
    *) echo "remote.sh: $host answered with no folder: $folder" >&2 && exit 1 ;;
esac
# shellcheck disable=SC2029  # the folder is this side's to say
git -C "$top" archive --format=tar.gz HEAD |
    ssh "$host" "mkdir $folder/source && tar -xzf - -C $folder/source"

# Not a child of the connection, and its words are in a file: should the line break,
# neither the upgrade nor what it said is lost.
# shellcheck disable=SC2029
ssh "$host" "
cd $folder
sudo=
[ \"\$(id -u)\" -eq 0 ] || sudo=sudo
: >log
nohup \$sudo sh source/deploy/install.sh --version '$name'$(quoted "$@") \
    >>log 2>&1 </dev/null &
pid=\$!
tail -n +1 -f --pid=\$pid log
if wait \$pid; then
    cd / && \$sudo rm -rf $folder
else
    code=\$?
    echo \"What it said is kept on the host in $folder/log\" >&2
    \$sudo rm -rf $folder/source
    exit \$code
fi
"
