"""What a person may use: the plan, and the AI runs that it holds."""
