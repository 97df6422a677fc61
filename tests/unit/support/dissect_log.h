/*
 * A sink that writes all fields on one line, and holds the dissector to the rules of
 * wire/dissect.h: groups and lists close as they opened, fields of a group have a name in lower
 * case, items of a list have none.
 *
 *   name="text" name=7 name=0xff name{ ... } name[ ... ]
 */
#pragma once

#include "tests/unit/support/harness.h"

#include "parsers/wire/dissect.h"
#include "tests/unit/support/hex.h"

enum { LOG_SIZE = 1 << 20, LOG_DEPTH = 32 };

struct dissect_log {
	struct field_sink sink;
	size_t n;
	unsigned depth;
	char closes[LOG_DEPTH]; /* '}' or ']' */
	char text[LOG_SIZE];
};

static inline void
log_put(struct dissect_log *l, const char *s, size_t n)
{
	require(l->n + n < LOG_SIZE, "more fields than a test has room for");
	memcpy(l->text + l->n, s, n);
	l->n += n;
	l->text[l->n] = '\0';
}

static inline void
log_name(struct field_sink *to, const char *name)
{
	struct dissect_log *l = (struct dissect_log *)to;
	bool in_list = l->depth > 0 && l->closes[l->depth - 1] == ']';

	require((name == NULL) == in_list, "name %s %s a list", name != NULL ? name : "missing",
	    in_list ? "in" : "outside");
	if (l->n > 0 && l->text[l->n - 1] != '{' && l->text[l->n - 1] != '[')
		log_put(l, " ", 1);
	if (name == NULL)
		return;
	require(
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0', "name %s", name);
	log_put(l, name, strlen(name));
}

static inline void
log_down(struct field_sink *to, const char *name, const char *open, char close)
{
	struct dissect_log *l = (struct dissect_log *)to;

	log_name(to, name);
	log_put(l, open, 1);
	require(l->depth < LOG_DEPTH, "nested without end");
	l->closes[l->depth++] = close;
}

static inline void
log_up(struct field_sink *to, char close)
{
	struct dissect_log *l = (struct dissect_log *)to;

	require(l->depth > 0 && l->closes[l->depth - 1] == close, "closed what is not open");
	l->depth--;
	log_put(l, &close, 1);
}

static inline void
log_open(struct field_sink *to, const char *name)
{
	log_down(to, name, "{", '}');
}

static inline void
log_close(struct field_sink *to)
{
	log_up(to, '}');
}

static inline void
log_list(struct field_sink *to, const char *name)
{
	log_down(to, name, "[", ']');
}

static inline void
log_list_end(struct field_sink *to)
{
	log_up(to, ']');
}

static inline void
log_value(struct field_sink *to, const char *name, const char *quote, const char *s, size_t n)
{
	struct dissect_log *l = (struct dissect_log *)to;

	log_name(to, name);
	if (name != NULL)
		log_put(l, "=", 1);
	log_put(l, quote, strlen(quote));
	log_put(l, s, n);
	log_put(l, quote, strlen(quote));
}

static inline void
log_text(struct field_sink *to, const char *name, const char *value)
{
	log_value(to, name, "\"", value, strlen(value));
}

static inline void
log_number(struct field_sink *to, const char *name, uint64_t value)
{
	char text[24];

	log_value(to, name, "", text,
	    (size_t)snprintf(text, sizeof(text), "%llu", (unsigned long long)value));
}

static inline void
log_hex(struct field_sink *to, const char *name, struct cursor octets)
{
	log_value(to, name, "", "0x", 2);
	while (cur_left(&octets) > 0) {
		char pair[3];

		snprintf(pair, sizeof(pair), "%02x", cur_u8(&octets));
		log_put((struct dissect_log *)to, pair, 2);
	}
}

/* For one test at a time. */
static inline struct dissect_log *
dissect_log_new(void)
{
	static struct dissect_log l;

	l = (struct dissect_log){ .n = 0 };
	l.sink = (struct field_sink){ log_open, log_close, log_list, log_list_end, log_text,
		log_number, log_hex };
	return &l;
}
