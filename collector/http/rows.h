/* rows: answers of the collector as JSON, an object a row, whoever asked for them. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "collector/http/ask.h"

struct http;

/* A request to show this (proto/show_verbs.h). Words may be added; ask_open ends it. */
struct sbuf rows_request(const char *what);
/* Ask, and give each row until `each` wants no more. The request is freed. ASK_END: it is done;
 * else why is what happened. */
enum ask_got rows_each(const struct http *, struct sbuf *request,
    bool (*each)(void *ctx, const json_t *row), void *ctx, char why[ASK_WHY_MAX]);

/* A member as text, "" when it is none; as a number, 0; as a truth value, false. */
const char *rows_text(const json_t *row, const char *key);
int64_t rows_number(const json_t *row, const char *key);
bool rows_true(const json_t *row, const char *key);
