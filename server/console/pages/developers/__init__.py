"""Pages for developers: access tokens, the request log, and the API reference."""
