/*
 * told: a listener that writes what it is told in one line, and holds the walker to the rules of
 * wire/dissect.h: groups and lists close as they opened, fields of a group have a name in lower
 * case, items of a list have none.
 *
 *   name="text" name=7 name=0xff name{ ... } name[ ... ]
 */
#pragma once

#include "tests/unit/support/harness.h"

#include "parsers/wire/dissect.h"

enum { TOLD_SIZE = 1 << 20, TOLD_DEPTH = 32 };

struct told {
	struct tell tell;
	size_t n;
	unsigned depth;
	char closes[TOLD_DEPTH]; /* '}' or ']' */
	char text[TOLD_SIZE];
};

static inline void
told_put(struct told *l, const char *s, size_t n)
{
	require(l->n + n < TOLD_SIZE, "more told than a test has room for");
	memcpy(l->text + l->n, s, n);
	l->n += n;
	l->text[l->n] = '\0';
}

static inline void
told_name(struct tell *t, const char *name)
{
	struct told *l = (struct told *)t;
	bool in_list = l->depth > 0 && l->closes[l->depth - 1] == ']';

	require((name == NULL) == in_list, "name %s %s a list", name != NULL ? name : "missing",
	    in_list ? "in" : "outside");
	if (l->n > 0 && l->text[l->n - 1] != '{' && l->text[l->n - 1] != '[')
		told_put(l, " ", 1);
	if (name == NULL)
		return;
	require(
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0', "name %s", name);
	told_put(l, name, strlen(name));
}

static inline void
told_down(struct tell *t, const char *name, const char *open, char close)
{
	struct told *l = (struct told *)t;

	told_name(t, name);
	told_put(l, open, 1);
	require(l->depth < TOLD_DEPTH, "nested without end");
	l->closes[l->depth++] = close;
}

static inline void
told_up(struct tell *t, char close)
{
	struct told *l = (struct told *)t;

	require(l->depth > 0 && l->closes[l->depth - 1] == close, "closed what is not open");
	l->depth--;
	told_put(l, &close, 1);
}

static inline void
told_open(struct tell *t, const char *name)
{
	told_down(t, name, "{", '}');
}

static inline void
told_close(struct tell *t)
{
	told_up(t, '}');
}

static inline void
told_list(struct tell *t, const char *name)
{
	told_down(t, name, "[", ']');
}

static inline void
told_list_end(struct tell *t)
{
	told_up(t, ']');
}

static inline void
told_value(struct tell *t, const char *name, const char *quote, const char *s, size_t n)
{
	struct told *l = (struct told *)t;

	told_name(t, name);
	if (name != NULL)
		told_put(l, "=", 1);
	told_put(l, quote, strlen(quote));
	told_put(l, s, n);
	told_put(l, quote, strlen(quote));
}

static inline void
told_text(struct tell *t, const char *name, const char *value)
{
	told_value(t, name, "\"", value, strlen(value));
}

static inline void
told_number(struct tell *t, const char *name, uint64_t value)
{
	char text[24];

	told_value(t, name, "", text,
	    (size_t)snprintf(text, sizeof(text), "%llu", (unsigned long long)value));
}

static inline void
told_hex(struct tell *t, const char *name, struct cursor octets)
{
	told_value(t, name, "", "0x", 2);
	while (cur_left(&octets) > 0) {
		char pair[3];

		snprintf(pair, sizeof(pair), "%02x", cur_u8(&octets));
		told_put((struct told *)t, pair, 2);
	}
}

/* For one test at a time. */
static inline struct told *
told_new(void)
{
	static struct told l;

	l = (struct told){ .n = 0 };
	l.tell = (struct tell){ told_open, told_close, told_list, told_list_end, told_text,
		told_number, told_hex };
	return &l;
}

/* Octets of a text of hex digits and spaces. Yours: an exact allocation, so that a sanitizer sees
 * the first octet read past it. */
static inline uint8_t *
unhex(const char *hex, size_t *n)
{
	uint8_t *out = malloc(strlen(hex) / 2 + 1), *exact;
	unsigned half = 0, high = 0;

	ck_assert_ptr_nonnull(out);
	*n = 0;
	for (; *hex != '\0'; hex++) {
		const char *digits = "0123456789abcdef", *at = strchr(digits, *hex);

		if (*hex == ' ')
			continue;
		require(at != NULL, "not a hex digit: %c", *hex);
		if (half++ % 2 == 0)
			high = (unsigned)(at - digits);
		else
			out[(*n)++] = (uint8_t)(high << 4 | (unsigned)(at - digits));
	}
	require(half % 2 == 0, "half an octet");
	exact = exact_copy(out, *n);
	free(out);
	return exact;
}
