"""Settings by place: dev (a person's machine), test, prod. What they share is in base."""
