"""The console's pages. Each reads through a service and renders a template."""
