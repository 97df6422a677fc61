/* An MRT file as one stream of BMP. */
#include "collector/recordings/mrt/to_bmp.h"
#include "collector/recordings/mrt/walk.h"
#include "collector/recordings/reader.h"

struct mrt_reader {
	struct reader *reader;
	void *stream;
	struct note lost, torn;
};

static bool
on_messages(void *ctx, const uint8_t *data, size_t n, int64_t at_us)
{
	struct mrt_reader *x = ctx;

	return reader_bytes(x->reader, x->stream, data, n, at_us);
}

static void
report(struct reader *r, const struct mrt_to_bmp_counts *c)
{
	r->counts.skipped += c->other + c->malformed + c->without_peer + c->unknown_family;
	if (c->other > 0)
		reader_warn(r, "%s: %llu records and messages are of no use here", r->path,
		    (unsigned long long)c->other);
	if (c->unknown_family > 0)
		reader_warn(r,
		    "%s: %llu RIB records are of address families that are not known here "
		    "(RFC 6396 4.3.3)",
		    r->path, (unsigned long long)c->unknown_family);
	if (c->without_peer > 0)
		reader_warn(r, "%s: %llu RIB entries refer to a peer that no table has", r->path,
		    (unsigned long long)c->without_peer);
	if (c->malformed > 0)
		reader_warn(r, "%s: %llu records or messages are malformed; the first: %s", r->path,
		    (unsigned long long)c->malformed, fault_text((enum fault_code)c->first.code));
}

/* Of the types of long ago a header looks like little else than zeros: mrt_walk_detect() finds
 * them. */
static bool
detect_mrt(const uint8_t *at, size_t n)
{
	uint16_t type;

	if (n < MRT_HEADER_LEN || at[0] == 3 || at[0] == 4)
		return false; /* BMP's version; it would be a time in the 1970s */
	type = be16(at + 4);
	return type >= MRT_OSPFV2 && mrt_type_name(type) != NULL &&
	       be32(at + 8) <= mrt_length_max(type) - MRT_HEADER_LEN;
}

static void
give_fault(const struct mrt_reader *x, const struct mrt_item *item, const struct faults *f)
{
	struct reader *r = x->reader;
	struct recording_fault fault = {
		.offset = item->offset, .at = item->at, .n = item->n, .type = "", .faults = f
	};
	struct faults ignored = { .n = 0 };
	struct mrt_record m;
	char type[64];

	if (r->ops->fault == NULL || f->n == 0 || r->stopped)
		return;
	if (!item->lost) {
		mrt_parse(item->at, item->n, &m, &ignored);
		fault.number = r->counts.records;
		fault.time_us = (int64_t)m.sec * 1000000 + m.usec;
		fault.type = mrt_kind_name(&m, type, sizeof(type));
	}
	r->ops->fault(r->ctx, x->stream, &fault);
}

static void
read_item(struct mrt_reader *x, struct mrt_to_bmp *b, const struct mrt_item *item)
{
	struct faults lost = { .n = 0 };
	struct reader *r = x->reader;

	r->counts.octets += item->n;
	if (item->lost) {
		fault_add(&lost, FAULT_MRT_LOST, 0, 0);
		reader_note(r, &x->lost, item->n,
		    "after %llu octets: %zu octets belong to no MRT record: passed over",
		    (unsigned long long)item->offset, item->n);
		mrt_to_bmp_flush(b);
		give_fault(x, item, &lost);
		return;
	}
	r->counts.records++;
	mrt_to_bmp_record(b, item->at, item->n);
	if (mrt_to_bmp_faults(b)->n == 0)
		return;
	if (faults_have(mrt_to_bmp_faults(b), FAULT_MRT_CUT))
		reader_note(r, &x->torn, 1,
		    "after %llu octets: an MRT record ends before its length, after %zu octets",
		    (unsigned long long)item->offset, item->n);
	mrt_to_bmp_flush(b);
	give_fault(x, item, mrt_to_bmp_faults(b));
}

/* 0 when it is not there. */
static uint16_t
first_type(struct source *s)
{
	const uint8_t *at;

	return source_peek(s, &at, MRT_HEADER_LEN) >= MRT_HEADER_LEN ? be16(at + 4) : 0;
}

static bool
read_mrt(struct reader *r)
{
	struct mrt_reader x = { .reader = r };
	struct mrt_to_bmp *b = mrt_to_bmp_new(r->name, on_messages, &x);
	struct mrt_item item;
	struct mrt_walk walk;
	struct window w;

	if (b == NULL || !window_init(&w, r->source, MRT_WALK_MAX)) {
		mrt_to_bmp_free(b);
		return false;
	}
	r->mrt_type = first_type(r->source);
	x.stream = reader_begin(r, r->path, "");
	mrt_walk_begin(&walk, &w);
	while (!r->stopped && mrt_walk_next(&walk, &item))
		read_item(&x, b, &item);
	mrt_to_bmp_end(b);
	reader_note_end(r, &x.lost, "octets");
	reader_note_end(r, &x.torn, "records");
	report(r, mrt_to_bmp_counts(b));
	reader_end(r, x.stream, false);
	window_fini(&w);
	mrt_to_bmp_free(b);
	return true;
}

const struct recording_reader mrt_reader = {
	.name = "MRT", .detect = detect_mrt, .detect_behind = mrt_walk_detect, .read = read_mrt
};
