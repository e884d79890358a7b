"""The screens, one per file. A screen reads the state, calls its verbs and goes to the route they return."""
