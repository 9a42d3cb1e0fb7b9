"""The same story told by each contestant: plan, N no-op tasks, validate, synthesise.

Each module has ``open_flow(name, folder)``, which gives a function that runs the story
once with N tasks and says how many seconds it took. Each lives in a process of its own,
started by ``bench.worker``.
"""
