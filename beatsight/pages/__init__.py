"""Pages that show several rooms at once. They read through selectors and write nothing themselves."""
