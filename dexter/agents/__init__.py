"""Agents as data: a prompt, tools, an output type and limits; one loop for all."""
