"""What the command line does, one module a command; :mod:`bot.cli` only declares the commands."""
