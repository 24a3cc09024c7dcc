"""The command `samvik`: one module a group of commands; `main` puts them together."""
