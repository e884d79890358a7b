"""What happened: audit log, live feed and (later) webhook outbox, in one table."""
