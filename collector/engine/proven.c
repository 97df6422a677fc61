/*
 * Who did of late, with which address space, what the rules can prove: the latest of each part of
 * it. And what was proven already: a route that goes and comes back, or comes by another session of
 * the router, is no new deed, however many do so at once. That is a matter of router, view, prefix
 * and AS, kept as a fingerprint for a day after it was there last. Lines of eight, each as long as
 * that of a cache, the oldest gives way: up to 100,000 of a worker none is forgotten. What is
 * forgotten counts as new.
 */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

enum {
	PROVEN_S = 600,
	KNOWN_S = 86400,
	LINES = 65536, /* memory that is touched on use: 4 MiB at most */
	OF_A_LINE = 8,
	ANY_VIEW = 0xff,
};

/* What a deed is known by. */
struct deed {
	struct ip_prefix prefix;
	uint8_t view, kind; /* enum burst_kind */
	uint32_t router, asn;
};

static struct deed
deed_of(const struct router *r, uint8_t kind, uint32_t asn)
{
	struct deed d;

	memset(&d, 0, sizeof(d)); /* all of its octets are looked at */
	d.router = r->number;
	d.kind = kind;
	d.asn = asn;
	d.view = ANY_VIEW;
	return d;
}

/* Where it is, or has its place: then that has another print. NULL when out of memory. */
static struct proven_before *
place_of(struct engine *e, const struct deed *d, uint32_t *print)
{
	uint64_t hash = hash_bytes(hash_seed(), d, sizeof(*d));
	struct proven_before *line, *at;

	*print = (uint32_t)hash | 1;
	if (e->proven_before == NULL)
		e->proven_before = calloc((size_t)LINES * OF_A_LINE, sizeof(*line));
	if (e->proven_before == NULL)
		return NULL;
	line = at = &e->proven_before[(hash >> 32) % LINES * OF_A_LINE];
	for (unsigned k = 0; k < OF_A_LINE; k++) {
		if (line[k].print == *print)
			return &line[k];
		if (at->print != 0 && (line[k].print == 0 || line[k].at_s < at->at_s))
			at = &line[k];
	}
	return at;
}

static bool
is_known(const struct engine *e, const struct proven_before *at, uint32_t print)
{
	return at != NULL && at->print == print && engine_seconds(e) - at->at_s <= KNOWN_S;
}

/* Note it. Was it known? */
static bool
note_deed(struct engine *e, const struct deed *d)
{
	uint32_t print;
	struct proven_before *at = place_of(e, d, &print);
	bool known = is_known(e, at, print);

	if (at != NULL)
		*at = (struct proven_before){ print, engine_seconds(e) };
	return known;
}

bool
proven_again(
    struct engine *e, const struct table *t, const struct ip_prefix *p, uint8_t kind, uint32_t asn)
{
	struct deed d = deed_of(t->peer->router, kind, asn);

	d.view = t->view;
	d.prefix = *p;
	return note_deed(e, &d);
}

void
proven_caught(struct engine *e, const struct router *r, uint8_t kind, uint32_t asn)
{
	struct deed d = deed_of(r, kind, asn);

	(void)note_deed(e, &d);
}

bool
proven_was_caught(struct engine *e, const struct router *r, uint8_t kind, uint32_t asn)
{
	struct deed d = deed_of(r, kind, asn);
	uint32_t print;
	const struct proven_before *at = place_of(e, &d, &print);

	return is_known(e, at, print);
}

void
proven_free(struct engine *e)
{
	free(e->proven_before);
}

void
proven_note(struct engine *e, const struct router *r, const struct ip_prefix *p, uint32_t asn)
{
	unsigned at = address_part(p);

	_Static_assert(PROVEN == 1024, "the places that ten bits have");
	e->proven_bits[at / 64] |= 1ULL << at % 64;
	e->proven[at] = (struct proven){ r->number, asn, engine_seconds(e), *p };
}

bool
proven_is(const struct engine *e, const struct router *r, const struct ip_prefix *p, uint32_t asn)
{
	const struct proven *is = &e->proven[address_part(p)];

	return is->asn == asn && is->router == r->number &&
	       engine_seconds(e) - is->at_s <= PROVEN_S &&
	       (ip_prefix_covers(&is->prefix, p) || ip_prefix_covers(p, &is->prefix));
}
