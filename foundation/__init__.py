"""What every room stands on: the bus and its outbox, errors, state tables, storage, limits, and HTTP manners."""
