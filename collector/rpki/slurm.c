#include "collector/rpki/slurm.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the reading is, as "locallyAddedAssertions.prefixAssertions[2]". */
struct place {
	struct slurm *out;
	const char *section, *list;
	size_t index;
	char *error;
	size_t size;
};

static bool __attribute__((format(printf, 2, 3))) wrong(struct place *p, const char *fmt, ...)
{
	int n = p->list != NULL
		    ? snprintf(p->error, p->size, "%s.%s[%zu]: ", p->section, p->list, p->index)
		: p->section != NULL ? snprintf(p->error, p->size, "%s: ", p->section)
				     : 0;
	va_list ap;

	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < p->size)
		vsnprintf(p->error + n, p->size - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

/* Every member is one of these, which are separated by a space and begin and end with one. */
static bool
only_members(struct place *p, const json_t *object, const char *known)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return wrong(p, "an object should be here");
	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		char word[40];

		snprintf(word, sizeof(word), " %.30s ", key);
		if (strchr(key, ' ') != NULL || strstr(known, word) == NULL)
			return wrong(p, "unknown member \"%.30s\"; known are:%.*s", key,
			    (int)strlen(known) - 1, known);
	}
	value = json_object_get(object, "comment");
	return value == NULL || json_is_string(value) || wrong(p, "\"comment\" should be a text");
}

/* --- members */

static bool
is_asn(const json_t *v)
{
	return json_is_integer(v) && json_integer_value(v) >= 0 &&
	       json_integer_value(v) <= UINT32_MAX;
}

static bool
read_asn(struct place *p, const json_t *entry, bool needed, bool *has, uint32_t *asn)
{
	const json_t *v = json_object_get(entry, "asn");

	*has = v != NULL;
	if (v == NULL)
		return !needed || wrong(p, "\"asn\" is missing");
	if (!is_asn(v))
		return wrong(p, "\"asn\" should be a number from 0 to 4294967295");
	*asn = (uint32_t)json_integer_value(v);
	return true;
}

/* Drafts and those who write by them call it the one or the other. */
static bool
read_customer(struct place *p, const json_t *entry, uint32_t *asn)
{
	const json_t *v = json_object_get(entry, "customerAsn");

	if (v == NULL)
		v = json_object_get(entry, "customerAsid");
	if (v == NULL)
		return wrong(p, "\"customerAsn\" is missing");
	*asn = (uint32_t)json_integer_value(v);
	return (is_asn(v) && *asn != 0) ||
	       wrong(p, "\"customerAsn\" should be a number from 1 to 4294967295");
}

static bool
read_prefix(struct place *p, const json_t *entry, bool needed, bool *has, struct ip_prefix *prefix)
{
	const json_t *v = json_object_get(entry, "prefix");
	const char *text = json_string_value(v);

	*has = v != NULL;
	if (v == NULL)
		return !needed || wrong(p, "\"prefix\" is missing");
	if (text == NULL || strchr(text, '/') == NULL || !ip_prefix_parse(text, true, prefix))
		return wrong(p, "\"prefix\" should be one, without host bits, as \"192.0.2.0/24\"");
	return true;
}

/* A key or its identifier: text, which nothing here reads. */
static bool
read_key(struct place *p, const json_t *entry, const char *name, bool needed, bool *has)
{
	const json_t *v = json_object_get(entry, name);

	*has = v != NULL;
	if (v == NULL)
		return !needed || wrong(p, "\"%s\" is missing", name);
	return json_string_length(v) > 0 || wrong(p, "\"%s\" should be base64", name);
}

/* --- entries */

static bool
read_prefix_filter(struct place *p, const json_t *entry)
{
	struct slurm *s = p->out;
	struct slurm_filter f = { .has_asn = false };

	if (!only_members(p, entry, " prefix asn comment ") ||
	    !read_prefix(p, entry, false, &f.has_prefix, &f.prefix) ||
	    !read_asn(p, entry, false, &f.has_asn, &f.asn))
		return false;
	if (!f.has_prefix && !f.has_asn)
		return wrong(p, "\"prefix\" or \"asn\" is needed, or both");
	if (s->filters_n == s->filters_cap) {
		size_t cap = s->filters_cap == 0 ? 16 : s->filters_cap * 2;
		struct slurm_filter *bigger = realloc(s->filters, cap * sizeof(*bigger));

		if (bigger == NULL)
			return wrong(p, "out of memory");
		s->filters = bigger;
		s->filters_cap = cap;
	}
	s->filters[s->filters_n++] = f;
	return true;
}

static bool
read_key_filter(struct place *p, const json_t *entry)
{
	bool has_asn, has_ski;
	uint32_t asn;

	p->out->keys++;
	return only_members(p, entry, " asn SKI comment ") &&
	       read_asn(p, entry, false, &has_asn, &asn) &&
	       read_key(p, entry, "SKI", false, &has_ski) &&
	       (has_asn || has_ski || wrong(p, "\"asn\" or \"SKI\" is needed, or both"));
}

static bool
read_prefix_assertion(struct place *p, const json_t *entry)
{
	const json_t *max = json_object_get(entry, "maxPrefixLength");
	struct vrp v;
	bool has;

	memset(&v, 0, sizeof(v));
	if (!only_members(p, entry, " prefix asn maxPrefixLength comment ") ||
	    !read_prefix(p, entry, true, &has, &v.prefix) ||
	    !read_asn(p, entry, true, &has, &v.asn))
		return false;
	v.max_len = v.prefix.len;
	if (max != NULL && (!json_is_integer(max) || json_integer_value(max) < v.prefix.len ||
			       json_integer_value(max) > ip_bits(v.prefix.family)))
		return wrong(p, "\"maxPrefixLength\" should be a number from %u to %u",
		    v.prefix.len, ip_bits(v.prefix.family));
	if (max != NULL)
		v.max_len = (uint8_t)json_integer_value(max);
	return vrp_list_add(&p->out->assertions, &v) || wrong(p, "out of memory");
}

static bool
read_key_assertion(struct place *p, const json_t *entry)
{
	uint32_t asn;
	bool has;

	p->out->keys++;
	return only_members(p, entry, " asn SKI routerPublicKey comment ") &&
	       read_asn(p, entry, true, &has, &asn) && read_key(p, entry, "SKI", true, &has) &&
	       read_key(p, entry, "routerPublicKey", true, &has);
}

static bool
read_aspa_filter(struct place *p, const json_t *entry)
{
	struct slurm *s = p->out;
	uint32_t customer;

	if (!only_members(p, entry, " customerAsn customerAsid comment ") ||
	    !read_customer(p, entry, &customer))
		return false;
	if (s->customers_n == s->customers_cap) {
		size_t cap = s->customers_cap == 0 ? 16 : s->customers_cap * 2;
		uint32_t *bigger = realloc(s->customers, cap * sizeof(*bigger));

		if (bigger == NULL)
			return wrong(p, "out of memory");
		s->customers = bigger;
		s->customers_cap = cap;
	}
	s->customers[s->customers_n++] = customer;
	return true;
}

static bool
read_aspa_assertion(struct place *p, const json_t *entry)
{
	const json_t *providers = json_object_get(entry, "providerAsns");
	uint32_t customer;

	if (!only_members(p, entry, " customerAsn customerAsid providerAsns comment ") ||
	    !read_customer(p, entry, &customer))
		return false;
	if (json_array_size(providers) == 0)
		return wrong(p, "\"providerAsns\" should be there, and an array of AS numbers");
	for (size_t i = 0; i < json_array_size(providers); i++) {
		const json_t *v = json_array_get(providers, i);

		if (!is_asn(v) || json_integer_value(v) == customer)
			return wrong(p, "\"providerAsns\" should be numbers from 0 to 4294967295, "
					"and not the customer");
		if (!aspa_list_add(&p->out->aspas, customer, (uint32_t)json_integer_value(v)))
			return wrong(p, "out of memory");
	}
	return true;
}

/* --- the file */

struct list {
	const char *name;
	bool (*read)(struct place *, const json_t *entry);
};

static const struct section {
	const char *name, *known[2]; /* by version */
	struct list lists[3];
} sections[] = {
	{ "validationOutputFilters",
	    { " prefixFilters bgpsecFilters ", " prefixFilters bgpsecFilters aspaFilters " },
	    { { "prefixFilters", read_prefix_filter }, { "bgpsecFilters", read_key_filter },
		{ "aspaFilters", read_aspa_filter } } },
	{ "locallyAddedAssertions",
	    { " prefixAssertions bgpsecAssertions ",
		" prefixAssertions bgpsecAssertions aspaAssertions " },
	    { { "prefixAssertions", read_prefix_assertion },
		{ "bgpsecAssertions", read_key_assertion },
		{ "aspaAssertions", read_aspa_assertion } } },
};

static bool
read_section(struct place *p, const json_t *file, const struct section *s, int version)
{
	const json_t *object = json_object_get(file, s->name);

	p->section = s->name;
	p->list = NULL;
	if (object == NULL)
		return wrong(p, "is missing");
	if (!only_members(p, object, s->known[version - 1]))
		return false;
	for (int i = 0; i < version + 1; i++) {
		const json_t *array = json_object_get(object, s->lists[i].name);

		p->list = NULL;
		if (!json_is_array(array))
			return wrong(p, "\"%s\" should be there, and an array", s->lists[i].name);
		p->list = s->lists[i].name;
		for (p->index = 0; p->index < json_array_size(array); p->index++)
			if (!s->lists[i].read(p, json_array_get(array, p->index)))
				return false;
	}
	return true;
}

static bool
read_file(struct place *p, const json_t *file)
{
	const json_t *version = json_object_get(file, "slurmVersion");

	if (json_object_get(file, "roas") != NULL)
		return wrong(p, "a VRP file: it belongs in rpki.files");
	if (!only_members(p, file, " slurmVersion validationOutputFilters locallyAddedAssertions "))
		return false;
	if (!json_is_integer(version) || json_integer_value(version) < 1 ||
	    json_integer_value(version) > 2)
		return wrong(p, "\"slurmVersion\" should be there, and 1 or 2");
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (!read_section(p, file, &sections[i], (int)json_integer_value(version)))
			return false;
	return true;
}

bool
slurm_parse(const char *text, size_t len, struct slurm *out, char *error, size_t size)
{
	struct place p = { .out = out, .error = error, .size = size };
	json_error_t e;
	json_t *file = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	bool ok;

	*out = (struct slurm){ .keys = 0 };
	if (file == NULL)
		return wrong(&p, "line %d: %s", e.line, e.text);
	ok = read_file(&p, file);
	json_decref(file);
	vrp_list_sort_unique(&out->assertions);
	aspa_list_sort_unique(&out->aspas);
	if (!ok)
		slurm_free(out);
	return ok;
}

void
slurm_free(struct slurm *s)
{
	free(s->filters);
	free(s->customers);
	vrp_list_free(&s->assertions);
	aspa_list_free(&s->aspas);
	*s = (struct slurm){ .keys = 0 };
}

/* --- use */

static bool
matches(const struct slurm_filter *f, const struct vrp *v)
{
	return (!f->has_asn || f->asn == v->asn) &&
	       (!f->has_prefix || ip_prefix_covers(&f->prefix, &v->prefix));
}

void
slurm_filter(const struct slurm *s, struct vrp_list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		size_t f = 0;

		while (f < s->filters_n && !matches(&s->filters[f], &l->v[i]))
			f++;
		if (f == s->filters_n)
			l->v[kept++] = l->v[i];
	}
	l->n = kept;
}

void
slurm_filter_aspas(const struct slurm *s, struct aspa_list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		size_t f = 0;

		while (f < s->customers_n && s->customers[f] != l->v[i].customer)
			f++;
		if (f == s->customers_n)
			l->v[kept++] = l->v[i];
	}
	l->n = kept;
}

/* The prefixes of a file, by number: of its filters, then of its assertions; NULL for a filter
 * without one. */
static const struct ip_prefix *
prefix_at(const struct slurm *s, size_t i)
{
	if (i >= s->filters_n)
		return &s->assertions.v[i - s->filters_n].prefix;
	return s->filters[i].has_prefix ? &s->filters[i].prefix : NULL;
}

bool
slurm_overlap(const struct slurm *a, const struct slurm *b, char *error, size_t size)
{
	for (size_t i = 0; i < a->filters_n + a->assertions.n; i++)
		for (size_t k = 0; k < b->filters_n + b->assertions.n; k++) {
			const struct ip_prefix *x = prefix_at(a, i), *y = prefix_at(b, k);
			char xt[IP_PREFIX_TEXT_MAX], yt[IP_PREFIX_TEXT_MAX];

			if (x == NULL || y == NULL ||
			    (!ip_prefix_covers(x, y) && !ip_prefix_covers(y, x)))
				continue;
			snprintf(error, size, "%s of one overlaps %s of the other",
			    ip_prefix_format(x, xt), ip_prefix_format(y, yt));
			return true;
		}
	return false;
}
