"""The admin console: server-rendered pages that use the same services as the API."""
