"""A watcher that looks away."""

from dexter.domain.research import Plan, Task, TaskOutcome


class Silent:
    """Says nothing of anything."""

    def planned(self, plan: Plan) -> None:
        """Nothing."""

    def added(self, tasks: tuple[Task, ...]) -> None:
        """Nothing."""

    def started(self, task: Task) -> None:
        """Nothing."""

    def finished(self, outcome: TaskOutcome) -> None:
        """Nothing."""

    def stage(self, name: str, detail: str) -> None:
        """Nothing."""

    def heard(self, agent: str, text: str) -> None:
        """Nothing."""
