/* What there is to say of a command, made of its table. */
#pragma once

#include <stdio.h>

#include "cli/command.h"

/* of: the command that this one is a part of, or NULL. */
void help_command(const char *of, const struct cli_command *, FILE *to);
/* The list of commands. */
void help_all(const struct cli_command *const *commands, FILE *to);

extern const struct cli_command cli_man_command, cli_completion_command, cli_complete_command;
