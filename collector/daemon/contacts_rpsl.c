/*
 * Contacts from RPSL objects (RFC 2622), as registries publish them, or answer to `whois -B`:
 *
 *   aut-num:       AS64501          role:          Example Operations
 *   as-name:       EXAMPLE          nic-hdl:       EO1-RIPE
 *   org:           ORG-EX1-RIPE     e-mail:        noc@example.net
 *   tech-c:        EO1-RIPE         abuse-mailbox: abuse@example.net
 *   last-modified: 2026-05-01T...   phone:         +31 ...
 *
 * Objects end with an empty line; of an attribute that is there several times the first that can be
 * used is taken. The name is the organisation's, else the as-name. Whom to call is, in this order:
 * the e-mail of tech-c, of the organisation, its abuse-mailbox (by abuse-c), the e-mail of admin-c,
 * a phone. Addresses that a registry has put in the place of the real ones count for none.
 *
 * Objects point into the text, and handles are found by bisection: a dump is read once.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/daemon/contacts_private.h"

enum { OBJECTS_MAX = 4000000, LOOK_EVERY = 4096, VALUE_MAX = 256 };

/* Of the text; p NULL: it is not there. */
struct span {
	const char *p;
	size_t n;
};

enum attribute {
	ATTR_KEY, /* aut-num, organisation, nic-hdl */
	ATTR_AS_NAME,
	ATTR_ORG_NAME,
	ATTR_ORG,
	ATTR_TECH,
	ATTR_ADMIN,
	ATTR_ABUSE,
	ATTR_EMAIL,
	ATTR_MAILBOX,
	ATTR_PHONE,
	ATTR_MODIFIED,
	ATTRIBUTES
};
static const struct {
	const char *name;
	uint8_t attribute;
} known[] = { { "aut-num", ATTR_KEY }, { "organisation", ATTR_KEY }, { "nic-hdl", ATTR_KEY },
	{ "as-name", ATTR_AS_NAME }, { "org-name", ATTR_ORG_NAME }, { "org", ATTR_ORG },
	{ "tech-c", ATTR_TECH }, { "admin-c", ATTR_ADMIN }, { "abuse-c", ATTR_ABUSE },
	{ "e-mail", ATTR_EMAIL }, { "abuse-mailbox", ATTR_MAILBOX }, { "phone", ATTR_PHONE },
	{ "last-modified", ATTR_MODIFIED } };

enum object_class { CLASS_OTHER, CLASS_AUT_NUM, CLASS_ORGANISATION, CLASS_PERSON };

struct object {
	uint8_t class; /* enum object_class */
	struct span v[ATTRIBUTES];
};

struct objects {
	struct object *v;
	size_t n, cap;
};

/* --- reading */

static bool
is(struct span s, const char *word)
{
	return strlen(word) == s.n && strncasecmp(s.p, word, s.n) == 0;
}

/* Without blanks around it, and without a comment. */
static struct span
trimmed(const char *p, const char *end)
{
	const char *comment = memchr(p, '#', (size_t)(end - p));

	end = comment != NULL ? comment : end;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	while (end > p && strchr(" \t\r", end[-1]) != NULL)
		end--;
	return (struct span){ p, (size_t)(end - p) };
}

/* Where the real address is not published. */
static bool
is_usable(uint8_t attribute, struct span s)
{
	if (s.n == 0)
		return false;
	if (attribute != ATTR_EMAIL && attribute != ATTR_MAILBOX)
		return true;
	return memchr(s.p, '@', s.n) != NULL && memchr(s.p, '*', s.n) == NULL &&
	       !is(s, "unread@ripe.net") && !is(s, "unread@apnic.net");
}

static void
take_line(struct object *o, const char *p, const char *end, bool first)
{
	const char *colon = memchr(p, ':', (size_t)(end - p));
	struct span name, value;

	if (colon == NULL || strchr(" \t+%#", *p) != NULL)
		return; /* the line before goes on, or a remark of the server */
	name = trimmed(p, colon);
	value = trimmed(colon + 1, end);
	if (first)
		o->class = is(name, "aut-num")			    ? CLASS_AUT_NUM
			   : is(name, "organisation")		    ? CLASS_ORGANISATION
			   : is(name, "role") || is(name, "person") ? CLASS_PERSON
								    : CLASS_OTHER;
	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
		if (is(name, known[k].name) && o->v[known[k].attribute].p == NULL &&
		    is_usable(known[k].attribute, value))
			o->v[known[k].attribute] = value;
}

static bool
keep(struct objects *to, const struct object *o)
{
	if (o->class == CLASS_OTHER || o->v[ATTR_KEY].p == NULL)
		return true;
	if (to->n == to->cap) {
		size_t cap = contacts_more(to->cap, OBJECTS_MAX);
		struct object *bigger = cap > 0 ? realloc(to->v, cap * sizeof(*bigger)) : NULL;

		if (bigger == NULL)
			return false;
		to->v = bigger;
		to->cap = cap;
	}
	to->v[to->n++] = *o;
	return true;
}

/* What ends an object: an empty line. A remark is part of none. */
static bool
read_objects(const char *text, size_t len, const _Atomic bool *give_up, struct objects *to,
    char *error, size_t size)
{
	const char *end = text + len;
	struct object o = { 0 };
	bool first = true;
	unsigned line_n = 0;

	for (const char *at = text; at < end;) {
		const char *next = memchr(at, '\n', (size_t)(end - at));
		const char *stop = next != NULL ? next : end;

		line_n++;
		if (trimmed(at, stop).n == 0 && *at != '#') {
			if (!keep(to, &o))
				break;
			o = (struct object){ 0 };
			first = true;
		} else if (*at != '%' && *at != '#') {
			take_line(&o, at, stop, first);
			first = false;
		}
		if (line_n % LOOK_EVERY == 0 && give_up != NULL && atomic_load(give_up)) {
			snprintf(error, size, "given up");
			return false;
		}
		at = next != NULL ? next + 1 : end;
		if (at == end && keep(to, &o))
			return true;
	}
	snprintf(error, size, "line %u: out of memory, or too many objects", line_n);
	return false;
}

/* --- who refers to whom */

static int
cmp_spans(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = strncasecmp(a.p, b.p, n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static int
by_key(const void *a, const void *b)
{
	const struct object *x = a, *y = b;
	int c = (x->class > y->class) - (x->class < y->class);

	return c != 0 ? c : cmp_spans(x->v[ATTR_KEY], y->v[ATTR_KEY]);
}

/* An empty object when there is none of that handle. */
static const struct object *
object_of(const struct objects *all, uint8_t class, struct span handle)
{
	static const struct object none;
	struct object key = { .class = class };
	const struct object *found;

	if (handle.p == NULL)
		return &none;
	key.v[ATTR_KEY] = handle;
	found = bsearch(&key, all->v, all->n, sizeof(key), by_key);
	return found != NULL ? found : &none;
}

static bool
copy(char out[RECORD_NAME_MAX], struct span s)
{
	char text[VALUE_MAX];

	if (s.p == NULL || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return contacts_set(out, text);
}

static uint32_t
day_of(const struct object *o)
{
	char text[RECORD_NAME_MAX] = "";

	return copy(text, o->v[ATTR_MODIFIED]) ? contacts_day(text) : 0;
}

static void
fill_in(const struct objects *all, const struct object *as, struct contact *c)
{
	const struct object *org = object_of(all, CLASS_ORGANISATION, as->v[ATTR_ORG]),
			    *tech = object_of(all, CLASS_PERSON, as->v[ATTR_TECH]),
			    *admin = object_of(all, CLASS_PERSON, as->v[ATTR_ADMIN]),
			    *abuse = object_of(all, CLASS_PERSON,
				as->v[ATTR_ABUSE].p != NULL ? as->v[ATTR_ABUSE]
							    : org->v[ATTR_ABUSE]);
	const struct {
		const struct object *of;
		uint8_t attribute;
	} order[] = { { tech, ATTR_EMAIL }, { org, ATTR_EMAIL }, { abuse, ATTR_MAILBOX },
		{ org, ATTR_MAILBOX }, { admin, ATTR_EMAIL }, { tech, ATTR_PHONE },
		{ org, ATTR_PHONE } };

	if (!copy(c->name, org->v[ATTR_ORG_NAME]))
		(void)copy(c->name, as->v[ATTR_AS_NAME]);
	c->day = day_of(as);
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		if (copy(c->contact, order[k].of->v[order[k].attribute])) {
			c->day = day_of(order[k].of) > c->day ? day_of(order[k].of) : c->day;
			return;
		}
}

static bool
asn_of(struct span s, uint32_t *asn)
{
	char text[RECORD_NAME_MAX] = "", *end;
	unsigned long long n;

	if (!copy(text, s) || strncasecmp(text, "AS", 2) != 0 || text[2] < '0' || text[2] > '9')
		return false;
	n = strtoull(text + 2, &end, 10);
	*asn = (uint32_t)n;
	return *end == '\0' && n <= UINT32_MAX;
}

bool
contacts_parse_rpsl(const char *text, size_t len, const _Atomic bool *give_up,
    struct contacts_room *to, char *error, size_t size)
{
	struct objects all = { .n = 0 };
	bool ok = read_objects(text, len, give_up, &all, error, size);
	struct contact *c;
	uint32_t asn;

	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_key);
	for (size_t i = 0; ok && i < all.n; i++) {
		if (all.v[i].class != CLASS_AUT_NUM || !asn_of(all.v[i].v[ATTR_KEY], &asn))
			continue;
		c = contacts_add(to, asn);
		ok = c != NULL;
		if (!ok)
			snprintf(
			    error, size, "out of memory, or more than %d networks", CONTACTS_MAX);
		else
			fill_in(&all, &all.v[i], c);
	}
	free(all.v);
	if (ok && to->out->n == 0) {
		snprintf(error, size,
		    "neither JSON of PeeringDB, nor RPSL with an aut-num, nor a delegated file");
		return false;
	}
	return ok;
}
