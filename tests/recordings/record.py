"""Recording the answers of a capable model to questions about the sample market.

``questions.json`` names the questions; a folder each holds the exchanges, one
``KEY.json`` a request, and ``report.json`` what came of them. ``tests/pipelines/
test_recordings.py`` asks again through the recordings. When a prompt, a tool's
description or the sample market changes, a request is no longer the one recorded and
the test fails by name. Then, from the root of the checkout:

Record again, with a provider's key or a stand-in on loopback that speaks its wire::

    ANTHROPIC_API_KEY=… [ANTHROPIC_BASE_URL=http://127.0.0.1:PORT] \\
        python -m tests.recordings.record anthropic:NAME [QUESTION …]

Or, when the change does not bear on the answers (a word in a prompt, another count of
evidence), put the replies kept under the requests as they are now, their references
moved to the ids their evidence has now; the report is made and judged afresh::

    python -m tests.recordings.record again [QUESTION …]

Read the difference before it is committed: a reply is moved, not asked for again.
"""

import asyncio
import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from dexter.domain.conversation import ModelReply, ModelRequest
from dexter.domain.research import Report
from dexter.orchestrator.reporting import as_document
from dexter.orchestrator.run import Question
from dexter.ports import LanguageModel
from dexter.settings import Settings, load
from pipelines.research import ask
from pipelines.runtime import open_desk
from pipelines.silent import Silent
from tests.llm.recordings import RecordingModel

FOLDER = Path(__file__).resolve().parent
REPORT = "report.json"
_REPLY = TypeAdapter(ModelReply)


def questions() -> dict[str, str]:
    """Every recorded question by name."""
    named = json.loads((FOLDER / "questions.json").read_text("utf-8"))
    return {name: about["question"] for name, about in named.items()}


def summary(report: Report) -> dict[str, object]:
    """What of a report must come out the same: the words, the values, the checks."""
    said = as_document(report)
    cited = {i for claim in said["answer"]["claims"] for i in claim["evidence"]}
    values = {
        name: [e["name"], e["symbol"], e["period"], e["basis"], e["value"], e["text"]]
        for name, e in said["evidence"].items()
        if name in cited
    }
    return {
        "status": said["status"],
        "reason": said["reason"],
        "answer": said["answer"]["markdown"],
        "evidence": values,
        "pieces_of_evidence": len(said["evidence"]),
        "tasks": {task["id"]: task["status"] for task in said["plan"]["tasks"]},
        "notices": said["notices"],
        "failed_checks": [c["name"] for c in said["checks"] if not c["ok"]],
        "alerts": [alert["id"] for alert in said["alerts"]],
    }


@dataclass
class Kept:
    """Answers an agent's requests with its kept replies, in the order they were made.

    The order is by how much of the conversation had gone before, then by file: enough
    for runs whose model is asked once an agent at a time.
    """

    folder: Path
    name: str = "kept"
    replies: dict[tuple[str, int], list[tuple[str, ModelReply]]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        """Read the exchanges."""
        for path in sorted(self.folder.glob("*.json")):
            exchange = json.loads(path.read_text("utf-8"))
            if path.name != REPORT:
                request = exchange["request"]
                turn = (request["agent"], len(request["history"]))
                reply = _REPLY.validate_python(exchange["reply"])
                self.replies.setdefault(turn, []).append((request["prompt"], reply))

    async def complete(self, request: ModelRequest) -> ModelReply:
        prompt, reply = self.replies[request.agent, len(request.history)].pop(0)
        return _renumbered(reply, _evidence(prompt), _evidence(request.prompt))


def _evidence(prompt: str) -> dict[tuple[str, str], str]:
    """Evidence ids of a brief by where and what they are."""
    found: dict[tuple[str, str], str] = {}
    place = ""
    for line in prompt.splitlines():
        if line.startswith("# "):
            place = line
        elif match := re.fullmatch(r"(e\d+) \| (.+)", line):
            found[place, match[2]] = match[1]
    return found


def _renumbered(
    reply: ModelReply,
    before: dict[tuple[str, str], str],
    now: dict[tuple[str, str], str],
) -> ModelReply:
    """The reply, pointing at the same evidence under the ids it has now.

    Where a value is another one now, the evidence is the only one of its name there.
    """
    called: dict[tuple[str, str], list[str]] = {}
    for what, new in now.items():
        called.setdefault(_name(what), []).append(new)
    moved = {}
    for what, old in before.items():
        alike = called.get(_name(what), [])
        if what in now or len(alike) == 1:
            moved[old] = now.get(what) or alike[0]
    text = json.dumps(_REPLY.dump_python(reply, mode="json"))
    text = re.sub(r"(?<=\{\{)e\d+", lambda m: moved.get(m[0], m[0]), text)
    return _REPLY.validate_json(text)


def _name(what: tuple[str, str]) -> tuple[str, str]:
    place, said = what
    return place, said.partition(" ")[0]


async def record(name: str, question: str, model: LanguageModel, home: Path) -> Report:
    """Ask on the sample market and keep every exchange and the report."""
    into = FOLDER / name
    kept = home / "kept" / name
    desk = open_desk(Settings(home=home), sample=True)
    try:
        recording = RecordingModel(model, kept)
        report = await ask(desk, Question(question), recording, Silent())
    finally:
        desk.close()
    text = json.dumps(summary(report), indent=1, ensure_ascii=False)
    (kept / REPORT).write_text(f"{text}\n", "utf-8")
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(kept, into)
    return report


async def _all(spec: str, wanted: list[str]) -> None:
    for name, question in questions().items():
        if wanted and name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            home = Path(scratch)
            model: LanguageModel
            if spec == "again":
                model = Kept(FOLDER / name)
            else:
                desk = open_desk(load().model_copy(update={"home": home}), sample=True)
                model = desk.model(spec)
            report = await record(name, question, model, home)
        sys.stdout.write(f"{name}: {report.status}\n{report.answer.markdown}\n\n")


if __name__ == "__main__":
    asyncio.run(_all(sys.argv[1], sys.argv[2:]))
