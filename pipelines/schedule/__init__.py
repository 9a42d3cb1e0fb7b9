"""The day's research by a timer of this user: systemd where it runs, else cron.

Both begin at 08:45 Indian time whatever the machine's zone is, go on after the machine
was off, and run in one folder (``~/.config/dexter`` on Linux) whose file ``.env`` holds
the secrets: a timer sees nothing of a shell's environment.
"""
