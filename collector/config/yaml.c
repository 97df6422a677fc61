/* YAML with places: types, unknown and repeated keys, and what would be right. */
#include "collector/config/yaml.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"

void
loader_error(struct loader *l, const yaml_node_t *at, const char *fmt, ...)
{
	va_list ap;

	l->failed = true;
	if (at != NULL)
		sbuf_printf(l->errors, "%s:%zu:%zu: ", l->name, at->start_mark.line + 1,
		    at->start_mark.column + 1);
	else
		sbuf_printf(l->errors, "%s:1:1: ", l->name);
	va_start(ap, fmt);
	sbuf_vprintf(l->errors, fmt, ap);
	va_end(ap);
	sbuf_putc(l->errors, '\n');
}

yaml_node_t *
loader_node(struct loader *l, int id)
{
	return yaml_document_get_node(&l->doc, id);
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
	const char *text = loader_scalar(l, n, what);
	unsigned long long v;
	char *end;

	if (text == NULL)
		return false;
	v = strtoull(strncasecmp(text, "AS", 2) == 0 ? text + 2 : text, &end, 10);
	if (end == text || end == text + 2 || *end != '\0' || v > UINT32_MAX) {
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
loader_text(struct loader *l, const yaml_node_t *n, const char *what, char *out, size_t size)
{
	const char *text = loader_scalar(l, n, what);

	if (text == NULL)
		return false;
	if (strlen(text) >= size) {
		loader_error(l, n, "%s is longer than %zu characters", what, size - 1);
		return false;
	}
	text_copy(out, size, text);
	return true;
}

/* --- maps */

/* Levenshtein distance, small words only. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[64], n = (unsigned)strlen(b);

	if (n >= 63 || strlen(a) >= 63)
		return 99;
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1] != '\0'; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned up = row[j], best = diagonal + (a[i - 1] != b[j - 1]);

			if (up + 1 < best)
				best = up + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = up;
			row[j] = best;
		}
	}
	return row[n];
}

static void
unknown_key(struct loader *l, const yaml_node_t *at, const char *what, const char *name,
    const struct key *keys, size_t n)
{
	const char *nearest = NULL;
	unsigned best = 4;
	struct sbuf known = sbuf_of(4096);

	for (size_t i = 0; i < n; i++) {
		unsigned d = distance(name, keys[i].name);

		if (d < best) {
			best = d;
			nearest = keys[i].name;
		}
		sbuf_printf(&known, "%s%s", i > 0 ? ", " : "", keys[i].name);
	}
	if (nearest != NULL)
		loader_error(
		    l, at, "unknown key \"%s\" in %s; did you mean \"%s\"?", name, what, nearest);
	else
		loader_error(l, at, "unknown key \"%s\" in %s; known are: %s", name, what,
		    sbuf_text(&known));
	sbuf_free(&known);
}

bool
loader_mapping(struct loader *l, yaml_node_t *node, const char *what, const struct key *keys,
    size_t n, void *at)
{
	uint64_t seen = 0;

	if (node->type != YAML_MAPPING_NODE) {
		loader_error(l, node, "%s should be a map (key: value)", what);
		return false;
	}
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
	     p++) {
		yaml_node_t *k = loader_node(l, p->key), *v = loader_node(l, p->value);
		const char *name = loader_scalar(l, k, "a key");
		size_t i = 0;

		if (name == NULL)
			continue;
		while (i < n && strcmp(keys[i].name, name) != 0)
			i++;
		if (i == n) {
			unknown_key(l, k, what, name, keys, n);
		} else if (seen >> i & 1) {
			loader_error(l, k, "key \"%s\" is there twice in %s", name, what);
		} else {
			seen |= 1ULL << i;
			keys[i].take(l, name, v, at);
		}
	}
	return true;
}

void
loader_sequence(struct loader *l, yaml_node_t *node, const char *what,
    void (*take)(struct loader *, const char *what, yaml_node_t *, void *at), void *at)
{
	if (node->type != YAML_SEQUENCE_NODE) {
		loader_error(l, node, "%s should be a list", what);
		return;
	}
	for (yaml_node_item_t *i = node->data.sequence.items.start;
	     i < node->data.sequence.items.top; i++)
		take(l, what, loader_node(l, *i), at);
}

void *
loader_grow(void *list, size_t *n, size_t size)
{
	char *bigger = realloc(list, (*n + 1) * size);

	if (bigger == NULL)
		abort();
	memset(bigger + *n * size, 0, size);
	(*n)++;
	return bigger;
}
