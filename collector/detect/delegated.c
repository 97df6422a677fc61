#include "collector/detect/delegated.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/bytes.h"
#include "collector/detect/as_rel.h"

enum { FIELDS = 7, FIELD_MAX = 64, SOURCES_MAX = 64, GIVE_UP_LINES = 4096, LINE_SHOWN = 40 };
enum kind { KIND_V4, KIND_V6, KIND_ASN, KINDS };

/* Of IPv6 the first eight octets. */
struct range {
	uint64_t first, last;
	uint8_t source;
};

struct ranges {
	struct range *v; /* sorted */
	size_t n, max;
};

struct delegated {
	atomic_uint refs;
	struct delegated_source sources[SOURCES_MAX];
	unsigned sources_n;
	struct ranges of[KINDS];
	struct delegated_sums sums;
	uint64_t near4[65536 / 64]; /* first 16 bits that have some of it */
	uint32_t day;
};

/* --- a line */

struct fields {
	char v[FIELDS][FIELD_MAX];
	unsigned n;
};

/* What is behind the seventh is not looked at. */
static void
split(const char *at, const char *end, struct fields *f)
{
	f->n = 0;
	while (f->n < FIELDS) {
		const char *bar = memchr(at, '|', (size_t)(end - at));
		size_t len = (size_t)((bar != NULL ? bar : end) - at);

		len = len < FIELD_MAX ? len : FIELD_MAX - 1;
		memcpy(f->v[f->n], at, len);
		f->v[f->n++][len] = '\0';
		if (bar == NULL)
			return;
		at = bar + 1;
	}
}

static bool
number(const char *text, uint64_t most, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*out = strtoull(text, &end, 10);
	return *end == '\0' && *out <= most;
}

static bool
range_of_v4(const struct fields *f, struct range *r)
{
	struct ip_addr a;
	uint64_t n;

	if (!ip_addr_parse(f->v[3], &a) || a.family != IP_V4 ||
	    !number(f->v[4], (uint64_t)1 << 32, &n) || n == 0)
		return false;
	r->first = be32(a.b);
	r->last = r->first + n - 1;
	return r->last <= UINT32_MAX;
}

static bool
range_of_v6(const struct fields *f, struct range *r)
{
	struct ip_addr a;
	uint64_t len;

	if (!ip_addr_parse(f->v[3], &a) || a.family != IP_V6 || !number(f->v[4], 64, &len) ||
	    len == 0)
		return false;
	r->first = be64(a.b);
	r->last = r->first | (len == 64 ? 0 : UINT64_MAX >> len);
	return (r->first & (len == 64 ? 0 : UINT64_MAX >> len)) == 0;
}

static bool
range_of_asn(const struct fields *f, struct range *r)
{
	uint64_t n;

	if (!number(f->v[3], UINT32_MAX, &r->first) || !number(f->v[4], (uint64_t)1 << 32, &n) ||
	    n == 0)
		return false;
	r->last = r->first + n - 1;
	return r->last <= UINT32_MAX;
}

static enum kind
kind_of(const char *type)
{
	return strcmp(type, "ipv4") == 0   ? KIND_V4
	       : strcmp(type, "ipv6") == 0 ? KIND_V6
	       : strcmp(type, "asn") == 0  ? KIND_ASN
					   : KINDS;
}

static uint64_t
size_of(enum kind kind, const struct range *r)
{
	return kind == KIND_V6 ? (r->last - r->first) / ((uint64_t)1 << 32) + 1
			       : r->last - r->first + 1;
}

/* --- ranges */

/* SOURCES_MAX when there is no room. */
static unsigned
source_of(struct delegated *d, const char *registry)
{
	unsigned i = 0;

	while (i < d->sources_n &&
	       strncmp(d->sources[i].registry, registry, sizeof(d->sources[i].registry) - 1) != 0)
		i++;
	if (i == d->sources_n && i < SOURCES_MAX) {
		snprintf(d->sources[i].registry, sizeof(d->sources[i].registry), "%.11s", registry);
		d->sources_n++;
	}
	return i;
}

static bool
add(struct ranges *to, const struct range *r)
{
	if (to->n == to->max) {
		size_t max = to->max != 0 ? 2 * to->max : 256;
		struct range *v = realloc(to->v, max * sizeof(*v));

		if (v == NULL)
			return false;
		to->v = v;
		to->max = max;
	}
	to->v[to->n++] = *r;
	return true;
}

static int
cmp_range(const void *x, const void *y)
{
	const struct range *a = x, *b = y;

	return a->first != b->first ? (a->first < b->first ? -1 : 1)
				    : (a->last > b->last) - (a->last < b->last);
}

/* In order, none inside of another, those of one source that touch as one. */
static void
settle(struct delegated *d)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct ranges *all = &d->of[kind];
		size_t n = 0;

		if (all->n > 0)
			qsort(all->v, all->n, sizeof(*all->v), cmp_range);
		for (size_t i = 0; i < all->n; i++) {
			struct range *last = n > 0 ? &all->v[n - 1] : NULL;
			struct range r = all->v[i];

			if (last != NULL && r.first <= last->last) {
				if (r.last <= last->last)
					continue;
				r.first = last->last + 1;
			}
			if (last != NULL && r.first == last->last + 1 && r.source == last->source)
				last->last = r.last;
			else
				all->v[n++] = r;
		}
		all->n = n;
	}
	for (size_t i = 0; i < d->of[KIND_V4].n; i++) {
		const struct range *r = &d->of[KIND_V4].v[i];

		for (uint64_t k = r->first >> 16; k <= r->last >> 16; k++)
			d->near4[k / 64] |= 1ULL << (k % 64);
	}
}

/* The range that has it; NULL when none has. */
static const struct range *
find(const struct ranges *all, uint64_t x)
{
	size_t lo = 0, hi = all->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (all->v[mid].last < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < all->n && all->v[lo].first <= x ? &all->v[lo] : NULL;
}

/* --- a file */

struct reading {
	struct delegated *d;
	bool begun; /* the first line was there */
	uint64_t announced, lines;
	char *error;
	size_t size;
};

static bool
wrong(struct reading *r, unsigned long line, const char *at, const char *end)
{
	int n = end - at < LINE_SHOWN ? (int)(end - at) : LINE_SHOWN;

	snprintf(r->error, r->size,
	    "line %lu: \"%.*s\"; right would be a line of a delegated-extended file, "
	    "ripencc|NL|ipv4|193.0.0.0|2048|19930901|allocated",
	    line, n, at);
	return false;
}

/* "2|ripencc|1764200000|200000|19830705|20261126|+0100" */
static bool
read_first(struct reading *r, const struct fields *f)
{
	if (f->n < 6 || f->v[0][0] != '2' || !number(f->v[3], UINT64_MAX / 2, &r->announced))
		return false;
	for (unsigned i = 2; i < f->n; i++) {
		uint32_t day = as_rel_date_in(f->v[i], strlen(f->v[i]));

		r->d->day = i != 4 && day > r->d->day ? day : r->d->day;
	}
	r->begun = true;
	return true;
}

static bool
read_record(struct reading *r, const struct fields *f, bool *no_memory)
{
	static bool (*const range_of[KINDS])(
	    const struct fields *, struct range *) = { range_of_v4, range_of_v6, range_of_asn };
	enum kind kind = kind_of(f->v[2]);
	struct range x = { 0 };
	bool left = strcmp(f->v[6], "available") == 0 || strcmp(f->v[6], "reserved") == 0;

	if (f->n < FIELDS || kind == KINDS || !range_of[kind](f, &x))
		return false;
	r->lines++;
	if (strcmp(f->v[0], "iana") == 0)
		return true;
	if (!left) {
		r->d->sums.handed_out[kind] += size_of(kind, &x);
		r->d->sums.records++;
		return true;
	}
	r->d->sums.left[kind] += size_of(kind, &x);
	x.source = (uint8_t)source_of(r->d, f->v[0]);
	*no_memory = x.source == SOURCES_MAX || !add(&r->d->of[kind], &x);
	return true;
}

static bool
read_line(struct reading *r, unsigned long line, const char *at, const char *end)
{
	struct fields f;
	bool no_memory = false;

	if (at == end || *at == '#')
		return true;
	split(at, end, &f);
	if (!r->begun)
		return read_first(r, &f) || wrong(r, line, at, end);
	if (f.n >= 6 && strcmp(f.v[5], "summary") == 0)
		return true;
	if (!read_record(r, &f, &no_memory))
		return wrong(r, line, at, end);
	if (no_memory)
		snprintf(
		    r->error, r->size, "out of memory, or more than %d registries", SOURCES_MAX);
	return !no_memory;
}

/* A file is whole when it has as many lines as it says; some say a few more than they have. */
static bool
is_whole(struct reading *r)
{
	const struct delegated_sums *s = &r->d->sums;

	if (!r->begun)
		snprintf(r->error, r->size, "it is empty");
	else if (r->lines + r->announced / 100 < r->announced)
		snprintf(r->error, r->size, "it is cut: %llu of the %llu records that it says",
		    (unsigned long long)r->lines, (unsigned long long)r->announced);
	else if (s->left[KIND_V4] + s->left[KIND_V6] + s->left[KIND_ASN] == 0)
		snprintf(r->error, r->size,
		    "nothing in it is available or reserved; right would be a "
		    "delegated-extended file");
	else
		return true;
	return false;
}

struct delegated *
delegated_parse(const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size)
{
	struct reading r = { .d = calloc(1, sizeof(*r.d)), .error = error, .size = size };
	const char *at = text, *end = text + len;
	bool ok = r.d != NULL;

	if (r.d == NULL)
		snprintf(error, size, "out of memory");
	for (unsigned long line = 1; ok && at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at)), *next;

		stop = stop != NULL ? stop : end;
		next = stop < end ? stop + 1 : end;
		if (stop > at && stop[-1] == '\r')
			stop--;
		ok = !(line % GIVE_UP_LINES == 0 && give_up != NULL && atomic_load(give_up)) &&
		     read_line(&r, line, at, stop);
		at = next;
	}
	if (!ok || !is_whole(&r)) {
		if (r.d != NULL)
			atomic_init(&r.d->refs, 1);
		delegated_unref(r.d);
		return NULL;
	}
	atomic_init(&r.d->refs, 1);
	settle(r.d);
	return r.d;
}

/* --- together */

struct delegated *
delegated_join(const struct delegated *const *parts, const bool *stale, size_t n)
{
	struct delegated *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	atomic_init(&d->refs, 1);
	for (size_t i = 0; i < n; i++) {
		unsigned before = d->sources_n;

		for (unsigned k = 0; k < parts[i]->sources_n && d->sources_n < SOURCES_MAX; k++) {
			d->sources[d->sources_n] = parts[i]->sources[k];
			d->sources[d->sources_n].day = parts[i]->day;
			d->sources[d->sources_n++].stale = stale[i];
		}
		for (unsigned kind = 0; kind < KINDS; kind++)
			for (size_t k = 0; k < parts[i]->of[kind].n; k++) {
				struct range r = parts[i]->of[kind].v[k];

				if (before + r.source >= d->sources_n)
					continue;
				r.source = (uint8_t)(before + r.source);
				if (!add(&d->of[kind], &r)) {
					delegated_unref(d);
					return NULL;
				}
			}
	}
	settle(d);
	return d;
}

struct delegated *
delegated_ref(struct delegated *d)
{
	if (d != NULL)
		atomic_fetch_add(&d->refs, 1);
	return d;
}

void
delegated_unref(struct delegated *d)
{
	if (d == NULL || atomic_fetch_sub(&d->refs, 1) > 1)
		return;
	for (unsigned kind = 0; kind < KINDS; kind++)
		free(d->of[kind].v);
	free(d);
}

uint32_t
delegated_day(const struct delegated *d)
{
	return d->day;
}

void
delegated_set_day(struct delegated *d, uint32_t day)
{
	d->day = day;
}

/* --- asked */

static const struct delegated_source *
who_has(const struct delegated *d, enum kind kind, uint64_t first, uint64_t last)
{
	const struct ranges *all = &d->of[kind];
	const struct range *r = find(all, first), *at = r;

	/* what begins in one may end in those that follow it without a gap */
	while (at != NULL && at->last < last)
		at = at + 1 < all->v + all->n && at[1].first == at->last + 1 ? at + 1 : NULL;
	return at != NULL ? &d->sources[r->source] : NULL;
}

const struct delegated_source *
delegated_prefix(const struct delegated *d, const struct ip_prefix *p)
{
	uint64_t first;

	if (p->family == IP_V4) {
		first = be32(p->b);
		if (p->len < 8 || !(d->near4[first >> 16 >> 6] >> (first >> 16 & 63) & 1))
			return NULL;
		return who_has(d, KIND_V4, first,
		    first | UINT32_MAX >> (p->len < 32 ? p->len : 31) >> (p->len < 32 ? 0 : 1));
	}
	first = be64(p->b);
	if (p->family != IP_V6 || p->len < 8)
		return NULL;
	return who_has(d, KIND_V6, first, p->len >= 64 ? first : first | UINT64_MAX >> p->len);
}

const struct delegated_source *
delegated_asn(const struct delegated *d, uint32_t asn)
{
	const struct range *r = find(&d->of[KIND_ASN], asn);

	return r != NULL ? &d->sources[r->source] : NULL;
}

const struct delegated_sums *
delegated_sums(const struct delegated *d)
{
	return &d->sums;
}

bool
delegated_is_like(const struct delegated *d, const struct delegated *other)
{
	for (unsigned i = 0; i < d->sources_n; i++)
		for (unsigned k = 0; k < other->sources_n; k++)
			if (strcmp(d->sources[i].registry, other->sources[k].registry) == 0)
				return true;
	return false;
}

bool
delegated_doubt(const struct delegated *before, const struct delegated *now, char *why, size_t size)
{
	static const char *const names[KINDS] = { "IPv4 addresses", "IPv6 /32s", "AS numbers" };
	static const uint64_t much[KINDS] = { 1 << 20, 1 << 16, 5000 };
	const struct delegated_sums *n = &now->sums, *b = before != NULL ? &before->sums : NULL;

	if (n->left[KIND_V4] > n->handed_out[KIND_V4]) {
		snprintf(why, size, "more IPv4 addresses are left in it than handed out");
		return true;
	}
	for (unsigned kind = 0; b != NULL && kind < KINDS; kind++)
		if (n->left[kind] > b->left[kind] + b->left[kind] / 10 &&
		    n->left[kind] > b->left[kind] + much[kind]) {
			snprintf(why, size, "%llu %s are left in it instead of %llu",
			    (unsigned long long)n->left[kind], names[kind],
			    (unsigned long long)b->left[kind]);
			return true;
		}
	if (b != NULL && n->records < b->records - b->records / 10) {
		snprintf(why, size, "%llu records of what is handed out instead of %llu",
		    (unsigned long long)n->records, (unsigned long long)b->records);
		return true;
	}
	return false;
}
