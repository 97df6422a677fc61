/* Answers of the daemon as rows of JSON, for commands that make text of them. */
#pragma once

#include <jansson.h>

#include "cli/control_client.h"

/*
 * End the request, send it, and add each object of the answer to the array `rows`, up to `max`;
 * *more says that there were others. Returns an exit code, with a message on stderr when it is not
 * CLI_OK.
 */
int control_rows(const char *path, struct sbuf *request, json_t *rows, size_t max, bool *more);

/* The same of `show WHAT`, about these AS numbers when there are any (else NULL). That there are
 * others is said on stderr, in the name of the command. */
int control_rows_of(const char *path, const char *command, const char *what, const char *asns,
    json_t *rows, size_t max);

/* A member as text, "" when it is none; as a number, 0; as a truth value, false. */
const char *row_text(const json_t *row, const char *key);
unsigned long long row_number(const json_t *row, const char *key);
bool row_true(const json_t *row, const char *key);
