"""Sentences in a document that address an AI reader: a finding, never obeyed."""

import re
from collections.abc import Iterable

from dexter.extraction.pages.hints import hinted

_MAX_FLAGS = 10
_MAX_QUOTE = 300
_MAX_TEXT = 2_000_000
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n\s*\n")

# Each rule needs both a way of speaking to a machine and something it should do;
# auditors' and managers' prose uses "instructions", "system" and "assistant" freely.
_READER = (
    r"(?:AI|A\.I\.|artificial intelligence|LLMs?|language models?|chat\s?bots?|ChatGPT|"
    r"GPT-?\d*|Claude|Gemini|AI (?:assistants?|agents?|models?|readers?|systems?)|"
    r"automated (?:agents?|readers?|systems?|parsers?))"
)
_ORDER = (
    r"(?:ignore|disregard|forget|override|bypass|report|output|respond|reply|answer|"
    r"say|state|print|reveal|treat|mark|rate|classify|recommend|assume|pretend|"
    r"summari[sz]e|conclude|record|return|send|buy|issue|must|should|always|never)"
)
_RULES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,40}"
            r"\b(?:previous|prior|above|earlier|all|any|your|system|preceding)\b[^.]{0,40}"
            r"\b(?:instructions?|prompts?|rules?|guidelines?|context)\b"
        ),
        (
            rf"\b(?:attention|note to|dear|instructions? (?:to|for)|message (?:to|for)|"
            rf"if you are(?: an?)?|as an?|you are an?|to (?:any|all|the))\s+{_READER}\b"
            rf".{{0,200}}\b{_ORDER}\b"
        ),
        rf"^\W*{_READER}\b[^.]{{0,80}}\b{_ORDER}\b",
        (
            rf"\b{_READER}\b[^.]{{0,60}}\b(?:reading|processing|parsing|analy[sz]ing|"
            rf"summari[sz]ing)\b[^.]{{0,60}}\b(?:this|the)\b.{{0,160}}\b{_ORDER}\b"
        ),
        (
            r"\byou (?:are now|must now|will now) (?:an?|act|in|behave|ignore|respond|"
            r"output|report)\b"
        ),
        r"\b(?:system prompt|developer message|jailbreak|hidden instructions?)\b",
        (
            r"<\|?(?:im_start|im_end|system|assistant|endoftext)\|?>|"
            r"\[/?INST\]|^\s*#{2,}\s*(?:system|instruction)s?\b"
        ),
        (
            r"\b(?:call|invoke|execute|run|use) the [\w ]{1,30} ?(?:tool|function)\b"
            r"[^.]{0,80}\b(?:with|and|to)\b"
        ),
        (
            r"\b(?:report|state|record|output|say) (?:that )?(?:the )?"
            r"(?:revenue|profit|eps|net profit|results?|score|priority)\b[^.]{0,80}"
            r"\b(?:instead of|regardless|no matter|whatever the)\b"
        ),
    )
)
# Each rule needs one of these; sentences are only parted on pages that hold one.
_HINT = re.compile(
    r"ignore|disregard|forget|override|bypass|"
    r"ai(?<=\bai)\b|a\.i\.|artificial\s+intelligence|llm|language\s+model|"
    r"chat\s*bot|gpt|claude|gemini|automated\s+(?:agent|reader|system|parser)|"
    r"you\s+(?:are|must|will)\s+now|"
    r"system\s+prompt|developer\s+message|jailbreak|hidden\s+instruction|"
    r"<|\[/?inst\]|##|"
    r"(?:call|invoke|execute|run|use)\s+the\s|"
    r"instead\s+of|regardless|no\s+matter|whatever\s+the"
)


def find(texts: Iterable[str]) -> tuple[str, ...]:
    """The sentences, quoted and capped, in order and without repeats."""
    flags: dict[str, None] = {}
    for whole in texts:
        text = whole[:_MAX_TEXT]
        if not hinted(_HINT, text):
            continue
        for sentence in _SENTENCE.split(text):
            plain = " ".join(sentence.split())
            if len(plain) > 8 and any(rule.search(plain) for rule in _RULES):  # noqa: PLR2004 - shorter is a label
                flags.setdefault(plain[:_MAX_QUOTE])
                if len(flags) >= _MAX_FLAGS:
                    return tuple(flags)
    return tuple(flags)
