#include "collector/recordings/mrt/walk.h"

#include "base/pure/bytes.h"
#include "parsers/mrt/mrt.h"

enum {
	LOOK = 1024 * 1024,	/* so far ahead the next record is looked for at once */
	HOPS = 16,		/* so many records of unknown types may follow each other */
	SUBTYPES = 64,		/* there are fewer of each type */
	DAYS_APART = 7 * 86400, /* the times of neighbours, in seconds */
	YEAR_1990 = 631152000,
};
#define YEAR_2100 4102444800U

struct header {
	uint32_t sec;
	uint16_t type, subtype;
	size_t n; /* octets of the record with it */
};

/* --- what a header shows */

/* Reads the header; false when the file has none there, or of a length that no record has. */
static bool
header_at(struct window *w, size_t at, struct header *h)
{
	const uint8_t *p;
	uint32_t len;

	if (!window_need(w, at + MRT_HEADER_LEN))
		return false;
	p = window_at(w) + at;
	h->sec = be32(p);
	h->type = be16(p + 4);
	h->subtype = be16(p + 6);
	len = be32(p + 8);
	h->n = (size_t)len + MRT_HEADER_LEN;
	return len <= mrt_length_max(h->type) - MRT_HEADER_LEN;
}

static bool
is_known(const struct header *h)
{
	return mrt_type_name(h->type) != NULL && h->subtype < SUBTYPES;
}

static bool
times_agree(uint32_t a, uint32_t b)
{
	return (a > b ? a - b : b - a) <= DAYS_APART;
}

static bool
is_of_our_time(uint32_t sec)
{
	return sec >= YEAR_1990 && sec < YEAR_2100;
}

/* May this record follow one of that time? Of the deprecated types a header looks like little else
 * than zeros, so its time has to agree. */
static bool
may_follow(const struct header *h, uint32_t sec)
{
	return is_known(h) && (h->type >= MRT_OSPFV2 || times_agree(h->sec, sec));
}

/* Does the file end at `at`, behind a record of that time, or go on with one of a known type,
 * perhaps behind some of unknown ones? */
static bool
leads_on(struct window *w, size_t at, uint32_t sec)
{
	struct header h;

	for (unsigned hops = 0; hops < HOPS && header_at(w, at, &h); hops++) {
		if (may_follow(&h, sec))
			return true;
		if (is_known(&h))
			return false;
		at += h.n;
	}
	return w->ended && w->n == at;
}

/* --- where is the next record? */

static bool
is_read(const struct header *h)
{
	return mrt_subtype_name(h->type, h->subtype) != NULL;
}

/* A record that we read, of a time that fits. */
static bool
is_likely(const struct mrt_walk *x, const struct header *h)
{
	return is_read(h) && (x->any ? times_agree(h->sec, x->sec) : is_of_our_time(h->sec));
}

static bool
is_exact(struct window *w, size_t at, size_t n)
{
	return window_need(w, at + n) && mrt_is_exact(window_at(w) + at, n);
}

/* Nothing of this begins by accident: its content ends where its length says, or the next header
 * stands there. */
static bool
begins_at(const struct mrt_walk *x, size_t at)
{
	struct window *w = x->window;
	struct header h, next;

	if (!header_at(w, at, &h) || !is_likely(x, &h))
		return false;
	if (is_exact(w, at, h.n))
		return true;
	return header_at(w, at + h.n, &next) && is_known(&next) && times_agree(next.sec, h.sec);
}

/* The first record behind the front of the window and before `to`; 0 when there is none. What was
 * looked at once is not looked at again. */
static size_t
find_next(struct mrt_walk *x, size_t to)
{
	struct window *w = x->window;
	size_t at = x->barren > x->offset ? (size_t)(x->barren - x->offset) : 1, found = 0;

	for (; at < to && found == 0 && window_need(w, at + MRT_HEADER_LEN); at++) {
		const uint8_t *p = window_at(w) + at;

		/* no type, subtype or length is that high: most octets are passed here */
		if ((p[4] | p[6] | p[8]) == 0 && begins_at(x, at))
			found = at;
	}
	x->barren = x->offset + (found != 0 ? found : at);
	return found;
}

/* --- items */

void
mrt_walk_begin(struct mrt_walk *x, struct window *w)
{
	*x = (struct mrt_walk){ .window = w };
}

static bool
give(struct mrt_walk *x, struct mrt_item *item, size_t n, bool lost)
{
	item->at = window_at(x->window);
	item->n = x->given = n;
	item->offset = x->offset;
	item->lost = lost;
	return true;
}

/* No header follows where this record ends. */
static bool
give_doubtful(struct mrt_walk *x, struct mrt_item *item, const struct header *h)
{
	struct window *w = x->window;
	bool known = h != NULL && is_known(h);
	size_t to = known && h->n > LOOK ? h->n : LOOK, next = find_next(x, to);

	if (known && (next == 0 || next >= h->n))
		return give(x, item, w->n < h->n ? w->n : h->n, false);
	if (next == 0)
		next = w->n < to ? w->n : to;
	return give(x, item, next, !known);
}

bool
mrt_walk_next(struct mrt_walk *x, struct mrt_item *item)
{
	struct window *w = x->window;
	struct header h;
	bool ok, whole;

	window_done(w, x->given);
	x->offset += x->given;
	x->given = 0;
	if (!window_need(w, 1))
		return false;
	ok = header_at(w, 0, &h);
	whole = ok && window_need(w, h.n) && leads_on(w, h.n, h.sec);
	/* the length of a torn record may lead to a header by chance, across another record */
	if (!whole || (is_read(&h) && !is_exact(w, 0, h.n) && find_next(x, h.n) != 0))
		return give_doubtful(x, item, ok ? &h : NULL);
	if (!x->any || x->sec != h.sec)
		x->barren = 0; /* by another time other records are likely */
	x->any = true;
	x->sec = h.sec;
	return give(x, item, h.n, false);
}

bool
mrt_walk_detect(const uint8_t *at, size_t n)
{
	struct window w = {
		.buf = (uint8_t *)(uintptr_t)at, .cap = n, .max = n, .n = n, .ended = true
	};
	struct mrt_walk x = { .window = &w };
	struct header h;

	if (begins_at(&x, 0) || find_next(&x, n) != 0)
		return true;
	/* nothing that is read here, but records all the same */
	return header_at(&w, 0, &h) && is_known(&h) && h.n > MRT_HEADER_LEN &&
	       is_of_our_time(h.sec) && leads_on(&w, h.n, h.sec);
}
