/* The client side of the control socket: one line of request, lines of answer. */
#pragma once

#include <stdbool.h>

#include "base/sbuf.h"

/* Where the socket is when nobody says: BELLMAN_SOCKET, else /run/bellman/control.sock. */
const char *control_default(void);
/* Connected, or -1 with words on stderr. */
int control_connect(const char *path);
/*
 * End the request (proto/control_request.h), send it and copy the answer to stdout, a line at a
 * time as it comes. *lines gets how many. Returns an exit code; a reader of ours that goes away
 * ends it quietly.
 */
int control_run(const char *path, struct sbuf *request, unsigned long *lines);
