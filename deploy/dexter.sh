#!/bin/sh
# dexter by hand, as the service runs it: its user, its secrets, its home. Needs root,
# who alone may read the secrets: `sudo dexter alerts outbox`.
if [ "$(id -u)" -ne 0 ]; then
    echo "Run it as root (sudo dexter …): the service's secrets are root's." >&2
    exit 2
fi
here="@ROOT@/opt/dexter/current"
exec "$here/venv/bin/python" -IS "$here/deploy/as_service.py" "@ROOT@" "@HOME@" \
    runuser -u dexter -- "$here/venv/bin/dexter" "$@"
