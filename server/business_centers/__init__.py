"""Business Centers, their members, roles and invitations."""
