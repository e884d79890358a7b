"""The pieces that every screen is made of: theme, buttons, fields, sheets and drawings."""
