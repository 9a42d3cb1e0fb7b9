"""What people see: live progress, answers, alert cards, runs; errors in one line."""
