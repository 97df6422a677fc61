#include "collector/rpki/vrp_json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Only the outermost skeleton is walked here, { "key": [ element, ... ], ... }; every value is
 * jansson's. */
struct cursor {
	const char *start, *pos, *end;
	char *error;
	size_t error_size;
};

static unsigned
line_of(const struct cursor *c)
{
	unsigned line = 1;

	for (const char *p = c->start; p < c->pos && p < c->end; p++)
		line += *p == '\n';
	return line;
}

static bool __attribute__((format(printf, 2, 3))) fail(struct cursor *c, const char *fmt, ...)
{
	int n = snprintf(c->error, c->error_size, "line %u: ", line_of(c));
	va_list ap;

	va_start(ap, fmt);
	if (n > 0 && (size_t)n < c->error_size)
		vsnprintf(c->error + n, c->error_size - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

static char
peek(struct cursor *c)
{
	while (c->pos < c->end && strchr(" \t\r\n", *c->pos) != NULL && *c->pos != '\0')
		c->pos++;
	return c->pos < c->end ? *c->pos : '\0';
}

static bool
expect(struct cursor *c, char want)
{
	char got = peek(c);

	if (got != want)
		return got == '\0' ? fail(c, "the text ends where '%c' should be", want)
				   : fail(c, "'%c' where '%c' should be", got, want);
	c->pos++;
	return true;
}

/* The next value of any kind; NULL on a syntax error. */
static json_t *
value(struct cursor *c)
{
	json_error_t e;
	json_t *v;

	peek(c);
	v = json_loadb(
	    c->pos, (size_t)(c->end - c->pos), JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, &e);
	if (v == NULL) {
		if (e.position > 0)
			c->pos += (size_t)e.position - 1;
		fail(c, "%s", e.text);
		return NULL;
	}
	c->pos += e.position;
	return v;
}

/* --- one VRP */

/* 64500, "64500", "AS64500" in any case. */
static bool
parse_asn(const json_t *v, uint32_t *asn)
{
	const char *text;
	char *end;
	unsigned long n;

	if (json_is_integer(v)) {
		json_int_t i = json_integer_value(v);

		*asn = (uint32_t)i;
		return i >= 0 && i <= UINT32_MAX;
	}
	if (!json_is_string(v))
		return false;
	text = json_string_value(v);
	if (strncasecmp(text, "AS", 2) == 0)
		text += 2;
	if (*text < '0' || *text > '9')
		return false;
	n = strtoul(text, &end, 10);
	*asn = (uint32_t)n;
	return *end == '\0' && n <= UINT32_MAX;
}

static bool
parse_vrp(const json_t *roa, struct vrp *v)
{
	const json_t *prefix = json_object_get(roa, "prefix"),
		     *max = json_object_get(roa, "maxLength");

	memset(v, 0, sizeof(*v));
	if (!json_is_string(prefix) ||
	    !ip_prefix_parse(json_string_value(prefix), true, &v->prefix))
		return false;
	v->max_len = v->prefix.len;
	if (json_is_integer(max)) {
		json_int_t n = json_integer_value(max);

		if (n < 0 || n > 128)
			return false;
		v->max_len = (uint8_t)n;
	} else if (max != NULL && !json_is_null(max)) {
		return false;
	}
	return parse_asn(json_object_get(roa, "asn"), &v->asn) && vrp_ok(v);
}

static bool
parse_roa(struct cursor *c, struct vrp_list *out, struct vrp_file_stats *st)
{
	const char *at = c->pos;
	json_t *roa = value(c);
	struct vrp v;
	bool ok = true;

	if (roa == NULL)
		return false;
	if (parse_vrp(roa, &v)) {
		st->roas++;
		ok = vrp_list_add(out, &v);
	} else {
		if (st->rejected++ == 0) {
			size_t n = (size_t)(c->pos - at) < 100 ? (size_t)(c->pos - at) : 100;

			snprintf(st->first_rejected, sizeof(st->first_rejected),
			    "line %u: not a VRP: %.*s", line_of(c), (int)n, at);
		}
	}
	json_decref(roa);
	return ok || fail(c, "out of memory");
}

/* An array; roas are taken, the elements of others counted. */
static bool
parse_array(struct cursor *c, struct vrp_list *out, struct vrp_file_stats *st, size_t *count)
{
	if (!expect(c, '['))
		return false;
	if (peek(c) == ']') {
		c->pos++;
		return true;
	}
	for (;;) {
		if (out != NULL) {
			if (!parse_roa(c, out, st))
				return false;
		} else {
			json_t *v = value(c);

			if (v == NULL)
				return false;
			json_decref(v);
			(*count)++;
		}
		if (peek(c) == ']') {
			c->pos++;
			return true;
		}
		if (!expect(c, ','))
			return false;
	}
}

static bool
parse_member(struct cursor *c, struct vrp_list *out, struct vrp_file_stats *st, bool *has_roas)
{
	json_t *key = value(c), *v;
	bool ok = true;

	if (key == NULL)
		return false;
	if (!json_is_string(key))
		ok = fail(c, "a member name should be a string");
	else if (!expect(c, ':'))
		ok = false;
	else if (strcmp(json_string_value(key), "roas") == 0) {
		*has_roas = true;
		ok = parse_array(c, out, st, NULL);
	} else if (strcmp(json_string_value(key), "aspas") == 0 && peek(c) == '[') {
		ok = parse_array(c, NULL, st, &st->aspas);
	} else if ((strcmp(json_string_value(key), "bgpsec_keys") == 0 ||
		       strcmp(json_string_value(key), "routerKeys") == 0) &&
		   peek(c) == '[') {
		ok = parse_array(c, NULL, st, &st->keys);
	} else {
		v = value(c);
		ok = v != NULL;
		json_decref(v);
	}
	json_decref(key);
	return ok;
}

bool
vrp_json_parse(const char *text, size_t len, struct vrp_list *out, struct vrp_file_stats *st,
    char *error, size_t size)
{
	struct cursor c = { text, text, text + len, error, size };
	size_t before = out->n;
	bool ok, has_roas = false;

	memset(st, 0, sizeof(*st));
	ok = expect(&c, '{');
	if (ok && peek(&c) == '}')
		c.pos++;
	else
		while (ok && (ok = parse_member(&c, out, st, &has_roas)) && peek(&c) != '}')
			ok = expect(&c, ',');
	if (ok && !has_roas)
		ok = fail(&c, "no \"roas\" array: not a VRP file");
	if (ok && st->roas == 0 && st->rejected > 0) {
		snprintf(error, size, "no usable entry: %s", st->first_rejected);
		ok = false;
	}
	if (!ok)
		out->n = before;
	return ok;
}
