"""What the app knows and can do, without controls: verbs over an injected client."""
