#include "collector/config/yaml.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { ERRORS_MAX = 100 };

static void
put_place(const struct loader *l, const yaml_node_t *at, struct sbuf *out)
{
	if (at != NULL)
		sbuf_printf(out, "%s:%zu:%zu: ", l->name, at->start_mark.line + 1,
		    at->start_mark.column + 1);
	else
		sbuf_printf(out, "%s:1:1: ", l->name);
}

bool
loader_gives_up(const struct loader *l)
{
	return l->errors_n >= ERRORS_MAX;
}

void
loader_error(struct loader *l, const yaml_node_t *at, const char *fmt, ...)
{
	va_list ap;

	l->failed = true;
	if (loader_gives_up(l))
		return;
	if (++l->errors_n == ERRORS_MAX)
		fmt = "too much is wrong; no more is told";
	put_place(l, at, l->messages);
	va_start(ap, fmt);
	sbuf_vprintf(l->messages, fmt, ap);
	va_end(ap);
	sbuf_putc(l->messages, '\n');
}

void
loader_note(struct loader *l, const yaml_node_t *at, const char *fmt, ...)
{
	struct sbuf note = sbuf_of(4096);
	va_list ap;

	if (l->notes_n >= ERRORS_MAX)
		return;
	sbuf_puts(&note, "note: ");
	va_start(ap, fmt);
	sbuf_vprintf(&note, fmt, ap);
	va_end(ap);
	sbuf_putc(&note, '\n');
	if (strstr(sbuf_text(l->messages), sbuf_text(&note)) == NULL) {
		l->notes_n++;
		put_place(l, at, l->messages);
		sbuf_puts(l->messages, sbuf_text(&note));
	}
	sbuf_free(&note);
}

yaml_node_t *
loader_node(struct loader *l, int id)
{
	return yaml_document_get_node(&l->doc, id);
}

yaml_node_t *
loader_value(struct loader *l, const yaml_node_t *map, const char *key)
{
	if (map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++) {
		yaml_node_t *k = loader_node(l, p->key);

		if (k->type == YAML_SCALAR_NODE &&
		    strcmp((const char *)k->data.scalar.value, key) == 0)
			return loader_node(l, p->value);
	}
	return NULL;
}

const char *
loader_scalar(struct loader *l, const yaml_node_t *n, const char *what)
{
	if (n->type == YAML_SCALAR_NODE)
		return (const char *)n->data.scalar.value;
	loader_error(l, n, "%s should be a single value, not a %s", what,
	    n->type == YAML_SEQUENCE_NODE ? "list" : "map");
	return NULL;
}

bool
loader_uint(struct loader *l, const yaml_node_t *n, const char *what, uint64_t min, uint64_t max,
    uint64_t *out)
{
	const char *text = loader_scalar(l, n, what);
	char *end;

	if (text == NULL)
		return false;
	*out = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || *out < min || *out > max) {
		loader_error(l, n, "%s: \"%s\" is not a whole number from %llu to %llu", what, text,
		    (unsigned long long)min, (unsigned long long)max);
		return false;
	}
	return true;
}

bool
loader_asn(struct loader *l, const yaml_node_t *n, const char *what, uint32_t *out)
{
	const char *text = loader_scalar(l, n, what), *digits;
	unsigned long long v;
	char *end;

	if (text == NULL)
		return false;
	digits = strncasecmp(text, "AS", 2) == 0 ? text + 2 : text;
	v = strtoull(digits, &end, 10);
	if (end == digits || *end != '\0' || v > UINT32_MAX) {
		loader_error(l, n, "%s: \"%s\" is no AS number; right would be 64500 or AS64500",
		    what, text);
		return false;
	}
	*out = (uint32_t)v;
	return true;
}

bool
loader_address(struct loader *l, const yaml_node_t *n, const char *what, struct ip_addr *out)
{
	const char *text = loader_scalar(l, n, what);

	if (text == NULL)
		return false;
	if (ip_addr_parse(text, out))
		return true;
	loader_error(l, n,
	    "%s: \"%s\" is no IP address; right would be 192.0.2.1 or \"2001:db8::1\"", what, text);
	return false;
}

bool
loader_prefix(struct loader *l, const yaml_node_t *n, const char *what, struct ip_prefix *out)
{
	const char *text = loader_scalar(l, n, what);

	if (text == NULL)
		return false;
	if (ip_prefix_parse(text, true, out))
		return true;
	if (ip_prefix_parse(text, false, out)) {
		char right[IP_PREFIX_TEXT_MAX];

		loader_error(l, n, "%s: \"%s\" has host bits set; right would be %s", what, text,
		    ip_prefix_format(out, right));
	} else {
		loader_error(l, n,
		    "%s: \"%s\" is no prefix; right would be 203.0.113.0/24 or \"2001:db8::/32\"",
		    what, text);
	}
	return false;
}

bool
loader_community(
    struct loader *l, const yaml_node_t *n, const char *what, uint32_t part[3], uint8_t *parts)
{
	const char *text = loader_scalar(l, n, what), *at = text;
	unsigned long long v[3] = { 0 };

	if (text == NULL)
		return false;
	for (*parts = 0; *parts < 3 && *at >= '0' && *at <= '9'; at++) {
		char *end;

		v[(*parts)++] = strtoull(at, &end, 10);
		at = end;
		if (*at != ':')
			break;
	}
	for (unsigned i = 0; i < 3; i++) {
		if (v[i] > (*parts == 3 ? UINT32_MAX : UINT16_MAX))
			*parts = 0;
		part[i] = (uint32_t)v[i];
	}
	if (*parts >= 2 && *at == '\0')
		return true;
	loader_error(l, n,
	    "%s: \"%s\" is no community; right would be \"64500:666\", or a large one, "
	    "\"64500:0:666\"",
	    what, text);
	return false;
}

const char *
date_format(uint32_t days, char *buf)
{
	time_t t = (time_t)days * 86400;
	struct tm tm;

	gmtime_r(&t, &tm);
	if (strftime(buf, DATE_TEXT_MAX, "%Y-%m-%d", &tm) == 0)
		buf[0] = '\0';
	return buf;
}

bool
loader_date(struct loader *l, const yaml_node_t *n, const char *what, uint32_t *days)
{
	const char *text = loader_scalar(l, n, what), *end;
	char again[DATE_TEXT_MAX];
	struct tm tm = { 0 };
	time_t t;

	if (text == NULL)
		return false;
	end = strptime(text, "%Y-%m-%d", &tm);
	t = end != NULL && *end == '\0' ? timegm(&tm) : -1;
	*days = t >= 0 ? (uint32_t)(t / 86400) : 0;
	/* what timegm had to carry over is no date */
	if (t >= 0 && strcmp(date_format(*days, again), text) == 0)
		return true;
	loader_error(l, n, "%s: \"%s\" is no date; right would be 2036-12-31", what, text);
	return false;
}

const char *
loader_text(struct loader *l, const yaml_node_t *n, const char *what, size_t most)
{
	const char *text = loader_scalar(l, n, what);

	if (text == NULL)
		return NULL;
	if (strlen(text) > most) {
		loader_error(l, n, "%s is longer than %zu characters", what, most);
		return NULL;
	}
	return arena_text(l->memory, text);
}
