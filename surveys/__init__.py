"""Questions, answers, results."""
