/* http_rows: the options of the HTTP server. */
#pragma once

#include "collector/config/options.h"

enum { HTTP_ROWS = 7 };
extern const struct option http_rows[HTTP_ROWS];
/* Note addresses at which everybody could read. */
void http_finish(struct loader *, yaml_node_t *, void *filled);
