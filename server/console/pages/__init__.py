"""The pages of the console; each reads through a service and renders a template."""
