"""One grammar of commands, as data, for the command line, the prompt and the app's palette."""
