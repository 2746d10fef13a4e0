// The program: picks a command, imports it lazily, turns errors into text and exit code.
