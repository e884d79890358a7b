"""The screens, one file each; a screen reads the state, calls its verbs and follows the route they answer."""
