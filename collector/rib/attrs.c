#include "collector/rib/attrs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* Room for the rest of a block and for a widened path: twice the longest attribute field each, so
 * that a path which is longer than a part may be is seen to be, and refused. */
enum { SCRATCH = 4 * 65536, PART_MAX = UINT16_MAX };

/* Codes under which other data is kept beside the attributes. No message has attributes of these
 * codes. */
enum { EXTRA_NEXT_HOP = ATTR_MP_REACH, EXTRA_NLRI = ATTR_MP_UNREACH };

enum { ACCOUNTS_MAX = 1 << 15 };

/* Head of an interned part; its octets follow. */
struct part {
	uint32_t refs;
	uint16_t len;
	/* flag: the path ends in a sequence, whose last AS is the origin; the rest has an OTC */
	uint16_t account : 15, flag : 1;
};
/* A path keeps the owner's verdict, see path_verdict. */
struct path_part {
	struct part head;
	uint16_t generation, verdict;
};
_Static_assert(sizeof(struct part) == 8 && sizeof(struct path_part) == 12, "part grew");

static size_t
head_size(enum attrs_part kind)
{
	return kind == ATTRS_PATH ? sizeof(struct path_part) : sizeof(struct part);
}

static struct part *
part_at(const struct attrs *a, enum attrs_part kind, uint32_t h)
{
	return slab_at(&a->part[kind].slab, h);
}

static uint8_t *
part_bytes(const struct attrs *a, enum attrs_part kind, uint32_t h)
{
	return (uint8_t *)part_at(a, kind, h) + head_size(kind);
}

static struct cursor
part_value(const struct attrs *a, enum attrs_part kind, uint32_t h)
{
	return cur_of(part_bytes(a, kind, h), part_at(a, kind, h)->len);
}

static uint32_t
part_hash(const struct attrs *a, enum attrs_part kind, const struct cursor *value)
{
	return (uint32_t)hash_bytes(a->seed + (uint64_t)kind, value->pos, cur_left(value));
}

static uint32_t
rest_of(attrs_block block)
{
	return (uint32_t)block;
}

static attrs_block
block_of(uint32_t path, uint32_t rest)
{
	return (uint64_t)path << 32 | rest;
}

bool
attrs_init(struct attrs *a, const struct attrs_limits *limits, uint64_t seed)
{
	bool ok;

	memset(a, 0, sizeof(*a));
	a->seed = seed;
	a->account_octets = limits->account_octets;
	a->max = limits->blocks;
	a->scratch = malloc(SCRATCH);
	ok = a->scratch != NULL;
	for (int k = 0; k < ATTRS_PARTS && ok; k++)
		ok = slab_init(&a->part[k].slab, limits->part_octets) &&
		     tagidx_init(&a->part[k].index, limits->blocks);
	if (!ok)
		attrs_fini(a);
	return ok;
}

void
attrs_fini(struct attrs *a)
{
	free(a->scratch);
	free(a->accounts);
	for (int k = 0; k < ATTRS_PARTS; k++) {
		slab_fini(&a->part[k].slab);
		tagidx_fini(&a->part[k].index);
	}
	memset(a, 0, sizeof(*a));
}

/* --- cutting */

static void
set_path(struct attrs_probe *q, const uint8_t *value, size_t len)
{
	q->has_path = true;
	q->value[ATTRS_PATH] = cur_of(value, len);
}

/* The path in its 4-octet form; scratch is used when it has to be widened. */
static void
probe_path(struct attrs_probe *q, const struct bgp_update *u, const struct bgp_attr *at, bool as4,
    uint8_t *scratch, size_t size)
{
	const struct bgp_attr *as4_path;

	if (as4) {
		set_path(q, at->value, at->len);
		return;
	}
	as4_path = bgp_update_as4_path(u);
	set_path(q, scratch,
	    as_path_widen(cur_of(at->value, at->len),
		as4_path != NULL ? cur_of(as4_path->value, as4_path->len) : cur_of(NULL, 0),
		scratch, size));
}

/* The path that a BGPSEC_PATH stands for, which itself stays with the rest. */
static void
probe_secure_path(struct attrs_probe *q, const struct bgp_update *u, uint8_t *scratch, size_t size)
{
	const struct bgp_attr *at = bgp_update_attr(u, ATTR_BGPSEC_PATH);

	if (at != NULL)
		set_path(q, scratch, bgpsec_as_path(cur_of(at->value, at->len), scratch, size));
}

/* Append a TLV of our own behind those of the message. */
static uint8_t *
put_extra(uint8_t *at, uint8_t code, const struct cursor *value)
{
	size_t n;

	if (value == NULL)
		return at;
	n = cur_left(value);
	*at++ = ATTR_EXTENDED;
	*at++ = code;
	*at++ = (uint8_t)(n >> 8);
	*at++ = (uint8_t)n;
	memcpy(at, value->pos, n);
	return at + n;
}

/* The attributes as they are in the message, in as few pieces as they lie there; of AS_PATH flags
 * and code only. */
static uint8_t *
put_rest(uint8_t *out, const struct bgp_update *u)
{
	const uint8_t *from = u->start, *to = from;

	for (unsigned i = 0; i < u->attrs_n; i++) {
		const struct bgp_attr *at = &u->attr[i];
		const uint8_t *head = at->value - (at->flags & ATTR_EXTENDED ? 4 : 3);

		if (head != to) {
			memcpy(out, from, (size_t)(to - from));
			out += to - from;
			from = head;
		}
		to = at->code == ATTR_AS_PATH ? head + 2 : at->value + at->len;
	}
	memcpy(out, from, (size_t)(to - from));
	return out + (to - from);
}

void
attrs_probe_make(struct attrs *a, struct attrs_probe *q, const struct bgp_update *u,
    const struct attrs_extra *extra, bool as4)
{
	uint8_t *rest, *path_room = a->scratch + SCRATCH / 2;
	const struct bgp_attr *at = bgp_update_attr(u, ATTR_AS_PATH), *otc;

	q->has_path = false;
	q->value[ATTRS_PATH] = cur_of(path_room, 0);
	if (at != NULL)
		probe_path(q, u, at, as4, path_room, SCRATCH / 2);
	else
		probe_secure_path(q, u, path_room, SCRATCH / 2);
	otc = bgp_update_attr(u, ATTR_OTC);
	q->has_otc = otc != NULL && otc->len == 4;
	rest = put_rest(a->scratch, u);
	rest = put_extra(rest, EXTRA_NEXT_HOP, extra->mp_next_hop);
	rest = put_extra(rest, EXTRA_NLRI, extra->nlri);
	q->value[ATTRS_REST] = cur_of(a->scratch, (size_t)(rest - a->scratch));
	for (int k = 0; k < ATTRS_PARTS; k++)
		q->hash[k] = part_hash(a, (enum attrs_part)k, &q->value[k]);
}

void
attrs_prefetch(const struct attrs *a, const struct attrs_probe *q)
{
	for (int k = 0; k < ATTRS_PARTS; k++)
		__builtin_prefetch(tagidx_line(&a->part[k].index, q->hash[k]), 1);
}

void
attrs_prefetch_entries(const struct attrs *a, const struct attrs_probe *q)
{
	for (int k = 0; k < ATTRS_PARTS; k++) {
		uint32_t h = tagidx_likely(&a->part[k].index, q->hash[k]);

		if (h != 0)
			__builtin_prefetch(part_at(a, (enum attrs_part)k, h), 1);
	}
}

void
attrs_prefetch_block(const struct attrs *a, attrs_block block)
{
	if (attrs_path(a, block) != 0)
		__builtin_prefetch(part_at(a, ATTRS_PATH, attrs_path(a, block)), 1);
	__builtin_prefetch(part_at(a, ATTRS_REST, rest_of(block)), 1);
}

/* --- accounts */

uint32_t
attrs_account_open(struct attrs *a)
{
	uint32_t id = 1, max = a->accounts_max == 0 ? 16 : 2 * a->accounts_max;
	struct attrs_account *v;

	while (id < a->accounts_max && a->accounts[id].used)
		id++;
	if (id >= a->accounts_max) {
		v = max <= ACCOUNTS_MAX ? realloc(a->accounts, max * sizeof(*v)) : NULL;
		if (v == NULL)
			return 0;
		memset(v + a->accounts_max, 0, (max - a->accounts_max) * sizeof(*v));
		a->accounts = v;
		a->accounts_max = max;
	}
	a->accounts[id] = (struct attrs_account){ .used = true };
	return id;
}

void
attrs_account_close(struct attrs *a, uint32_t account)
{
	if (account == 0)
		return;
	a->accounts[account].closed = true;
	a->accounts[account].used = a->accounts[account].octets > 0;
}

const struct attrs_account *
attrs_account(const struct attrs *a, uint32_t account)
{
	static const struct attrs_account none;

	return account != 0 ? &a->accounts[account] : &none;
}

/* The tables of all are full: it is not the account's limit that a block is refused for. */
static uint32_t
no_room(struct attrs *a, uint32_t account)
{
	if (account != 0)
		a->accounts[account].no_room++;
	return 0;
}

/* May the account have these octets, too? Then it has them. */
static bool
charge(struct attrs *a, uint32_t account, uint64_t octets)
{
	struct attrs_account *of;

	if (account == 0)
		return true;
	of = &a->accounts[account];
	if (a->account_octets != 0 && of->octets + octets > a->account_octets) {
		of->refused++;
		return false;
	}
	of->octets += octets;
	return true;
}

static void
refund(struct attrs *a, uint32_t account, uint64_t octets)
{
	if (account == 0)
		return;
	assert(a->accounts[account].octets >= octets);
	a->accounts[account].octets -= octets;
	if (a->accounts[account].closed)
		attrs_account_close(a, account);
}

/* --- parts */

static bool
part_equal(const struct attrs *a, enum attrs_part kind, uint32_t h, const struct cursor *value)
{
	const struct part *p = part_at(a, kind, h);
	size_t n = cur_left(value);

	return p->len == n && (n == 0 || memcmp(part_bytes(a, kind, h), value->pos, n) == 0);
}

static uint32_t
part_find(const struct attrs *a, enum attrs_part kind, uint32_t hash, const struct cursor *value)
{
	const struct tagidx *x = &a->part[kind].index;
	struct tagidx_walk w;
	uint32_t h;

	for (h = tagidx_first(x, hash, &w); h != 0; h = tagidx_next(x, hash, &w))
		if (part_equal(a, kind, h, value))
			return h;
	return 0;
}

/* Has a path an origin: is its last segment a sequence? Then it is the last AS. */
static bool
ends_in_sequence(struct cursor value)
{
	struct as_segment seg;
	bool has = false;

	while (as_path_next(&value, 4, &seg))
		has = seg.type == AS_SEQUENCE && seg.count > 0;
	return has && !value.failed;
}

static uint32_t
part_make(struct attrs *a, enum attrs_part kind, const struct attrs_probe *q, uint32_t account)
{
	struct attrs_parts *t = &a->part[kind];
	const struct cursor *value = &q->value[kind];
	size_t n = cur_left(value), octets = head_size(kind) + n;
	struct part *p;
	uint32_t h;

	if (n > PART_MAX || t->index.n >= a->max)
		return no_room(a, account);
	if (!charge(a, account, octets))
		return 0;
	h = slab_get(&t->slab, octets);
	if (h == 0) {
		refund(a, account, octets);
		return no_room(a, account);
	}
	p = part_at(a, kind, h);
	memset(p, 0, head_size(kind));
	p->len = (uint16_t)n;
	p->account = account & (ACCOUNTS_MAX - 1U);
	p->flag = kind == ATTRS_PATH ? ends_in_sequence(*value) : q->has_otc;
	if (n > 0)
		memcpy(part_bytes(a, kind, h), value->pos, n);
	tagidx_insert(&t->index, q->hash[kind], h);
	return h;
}

static uint32_t
part_intern(struct attrs *a, enum attrs_part kind, const struct attrs_probe *q, uint32_t account)
{
	uint32_t h = part_find(a, kind, q->hash[kind], &q->value[kind]);

	if (h == 0 && (h = part_make(a, kind, q, account)) == 0)
		return 0;
	part_at(a, kind, h)->refs++;
	return h;
}

static void
part_free(struct attrs *a, enum attrs_part kind, uint32_t h)
{
	struct part *p = part_at(a, kind, h);
	struct cursor value = part_value(a, kind, h);
	size_t octets = head_size(kind) + p->len;

	refund(a, p->account, octets);
	tagidx_remove(&a->part[kind].index, part_hash(a, kind, &value), h);
	slab_put(&a->part[kind].slab, h, octets);
}

static void
part_unref(struct attrs *a, enum attrs_part kind, uint32_t h, uint32_t n)
{
	struct part *p = part_at(a, kind, h);

	assert(p->refs >= n && n > 0);
	p->refs -= n;
	if (p->refs == 0)
		part_free(a, kind, h);
}

/* --- blocks */

attrs_block
attrs_find(const struct attrs *a, const struct attrs_probe *q)
{
	uint32_t path = 0, rest;

	if (q->has_path &&
	    (path = part_find(a, ATTRS_PATH, q->hash[ATTRS_PATH], &q->value[ATTRS_PATH])) == 0)
		return 0;
	rest = part_find(a, ATTRS_REST, q->hash[ATTRS_REST], &q->value[ATTRS_REST]);
	return rest != 0 ? block_of(path, rest) : 0;
}

attrs_block
attrs_intern(struct attrs *a, const struct attrs_probe *q, uint32_t account)
{
	uint32_t path = 0, rest = 0;

	if (!q->has_path || (path = part_intern(a, ATTRS_PATH, q, account)) != 0)
		rest = part_intern(a, ATTRS_REST, q, account);
	if (rest != 0)
		return block_of(path, rest);
	if (path != 0)
		part_unref(a, ATTRS_PATH, path, 1);
	a->refused++;
	return 0;
}

void
attrs_ref_n(struct attrs *a, attrs_block block, uint32_t n)
{
	uint32_t path = attrs_path(a, block);
	struct part *p = part_at(a, ATTRS_REST, rest_of(block));

	assert(rest_of(block) != 0 && p->refs <= UINT32_MAX - n);
	p->refs += n;
	if (path != 0)
		part_at(a, ATTRS_PATH, path)->refs += n;
}

void
attrs_unref_n(struct attrs *a, attrs_block block, uint32_t n)
{
	uint32_t path = attrs_path(a, block);

	part_unref(a, ATTRS_REST, rest_of(block), n);
	if (path != 0)
		part_unref(a, ATTRS_PATH, path, n);
}

void
attrs_ref(struct attrs *a, attrs_block block)
{
	attrs_ref_n(a, block, 1);
}

void
attrs_unref(struct attrs *a, attrs_block block)
{
	attrs_unref_n(a, block, 1);
}

/* --- reading */

bool
attrs_otc(const struct attrs *a, attrs_block block, uint32_t *otc)
{
	*otc = 0;
	if (!part_at(a, ATTRS_REST, rest_of(block))->flag)
		return false;
	*otc = be32(attrs_value(a, block, ATTR_OTC).pos);
	return true;
}

struct cursor
path_value(const struct attrs *a, uint32_t path)
{
	return part_value(a, ATTRS_PATH, path);
}

bool
path_origin(const struct attrs *a, uint32_t path, uint32_t *origin)
{
	struct cursor value = part_value(a, ATTRS_PATH, path);

	*origin = 0;
	if (!part_at(a, ATTRS_PATH, path)->flag)
		return false;
	*origin = be32(value.end - 4);
	return true;
}

bool
path_verdict(const struct attrs *a, uint32_t path, uint16_t generation, uint16_t *verdict)
{
	const struct path_part *p = slab_at(&a->part[ATTRS_PATH].slab, path);

	*verdict = p->verdict;
	return p->generation == generation;
}

void
path_verdict_set(struct attrs *a, uint32_t path, uint16_t generation, uint16_t verdict)
{
	struct path_part *p = slab_at(&a->part[ATTRS_PATH].slab, path);

	p->generation = generation;
	p->verdict = verdict;
}

bool
paths_each(const struct attrs *a, uint32_t *cursor, uint32_t budget,
    void (*each)(void *ctx, uint32_t path), void *ctx)
{
	const struct tagidx *x = &a->part[ATTRS_PATH].index;
	const struct tagidx_line *line;

	for (; *cursor < tagidx_lines(x); ++*cursor) {
		if (budget == 0)
			return false;
		budget = budget > TAGIDX_LINE ? budget - TAGIDX_LINE : 0;
		for (line = &x->lines[*cursor]; line != NULL; line = tagidx_behind(x, line))
			for (int i = 0; i < TAGIDX_LINE && line->handle[i] != 0; i++)
				each(ctx, line->handle[i]);
	}
	return true;
}

uint32_t
path_find(const struct attrs *a, struct cursor value)
{
	return part_find(a, ATTRS_PATH, part_hash(a, ATTRS_PATH, &value), &value);
}

/* The next attribute of a rest; of AS_PATH, which is not there, an empty value. */
static struct cursor
next_of(struct cursor *rest, uint8_t *flags, uint8_t *code)
{
	*flags = cur_u8(rest);
	*code = cur_u8(rest);
	if (*code == ATTR_AS_PATH)
		return cur_of(rest->pos, 0);
	return cur_sub(rest, *flags & ATTR_EXTENDED ? cur_u16(rest) : cur_u8(rest));
}

/* One TLV with the extended length form where it is needed. */
static bool
put_tlv(struct cursor value, uint8_t flags, uint8_t code, uint8_t *out, size_t size, size_t *used)
{
	size_t n = cur_left(&value), at = *used;
	bool extended = n > 255 || (flags & ATTR_EXTENDED);

	if (n + 4 > size - at)
		return false;
	out[at++] = extended ? flags | ATTR_EXTENDED : flags;
	out[at++] = code;
	if (extended)
		out[at++] = (uint8_t)(n >> 8);
	out[at++] = (uint8_t)n;
	memcpy(out + at, value.pos, n);
	*used = at + n;
	return true;
}

size_t
attrs_rebuild(const struct attrs *a, attrs_block block, uint8_t *out, size_t size)
{
	struct cursor rest = part_value(a, ATTRS_REST, rest_of(block));
	size_t used = 0;

	while (cur_left(&rest) > 0) {
		uint8_t flags, code;
		struct cursor value = next_of(&rest, &flags, &code);

		if (code == EXTRA_NEXT_HOP || code == EXTRA_NLRI)
			continue;
		if (code == ATTR_AS_PATH)
			value = path_value(a, attrs_path(a, block));
		if (!put_tlv(value, flags, code, out, size, &used))
			return 0;
	}
	return used;
}

struct cursor
attrs_value(const struct attrs *a, attrs_block block, uint8_t wanted)
{
	struct cursor rest = part_value(a, ATTRS_REST, rest_of(block));

	while (cur_left(&rest) > 0) {
		uint8_t flags, code;
		struct cursor value = next_of(&rest, &flags, &code);

		if (code == wanted)
			return value;
	}
	return cur_of(a->scratch, 0);
}

struct cursor
attrs_nlri(const struct attrs *a, attrs_block block)
{
	return attrs_value(a, block, EXTRA_NLRI);
}

void
attrs_sizes(const struct attrs *a, struct attrs_sizes *out)
{
	out->bytes = 0;
	for (int k = 0; k < ATTRS_PARTS; k++) {
		out->parts[k] = a->part[k].index.n;
		out->bytes += slab_bytes(&a->part[k].slab) + tagidx_bytes(&a->part[k].index);
	}
}
