"""From a question to a report: plan, act, validate, synthesise."""
