"""Business Centers, their members and roles."""
