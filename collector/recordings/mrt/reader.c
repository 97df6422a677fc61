/* An MRT file as one stream of BMP. */
#include "collector/recordings/mrt/to_bmp.h"
#include "collector/recordings/reader.h"
#include "collector/recordings/window.h"

struct mrt_reader {
	struct reader *reader;
	void *stream;
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

static bool
detect_mrt(const uint8_t *at, size_t n)
{
	static const uint16_t types[] = { MRT_OSPFV2, MRT_TABLE_DUMP, MRT_TABLE_DUMP_V2, MRT_BGP4MP,
		MRT_BGP4MP_ET, MRT_ISIS, MRT_ISIS_ET, MRT_OSPFV3, MRT_OSPFV3_ET };

	if (n < MRT_HEADER_LEN || be32(at + 8) > MRT_RECORD_MAX)
		return false;
	if (at[0] == 3 || at[0] == 4) /* BMP's version; it would be a time in the 1970s */
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (be16(at + 4) == types[i])
			return true;
	return false;
}

static bool
read_mrt(struct reader *r)
{
	struct mrt_reader x = { .reader = r };
	struct mrt_to_bmp *b = mrt_to_bmp_new(r->name, on_messages, &x);
	struct faults f = { .n = 0 };
	struct window w;
	bool ok = b != NULL && window_init(&w, r->source, MRT_RECORD_MAX);
	int64_t n = 0;

	if (!ok) {
		mrt_to_bmp_free(b);
		return false;
	}
	x.stream = reader_begin(r, r->path, "");
	while (!r->stopped && window_need(&w, MRT_HEADER_LEN)) {
		n = mrt_frame(window_at(&w), w.n, MRT_RECORD_MAX, &f);
		if (n < 0 || !window_need(&w, (size_t)n))
			break;
		r->counts.records++;
		r->counts.octets += (uint64_t)n;
		mrt_to_bmp_record(b, window_at(&w), (size_t)n);
		window_done(&w, (size_t)n);
	}
	mrt_to_bmp_end(b);
	if (n < 0)
		reader_warn(r, "%s: after %llu octets: %s", r->path,
		    (unsigned long long)r->counts.octets, fault_text((enum fault_code)f.v[0].code));
	else if (!r->stopped && w.n > 0)
		reader_warn(r, "%s: ends inside a record, %zu octets left", r->path, w.n);
	report(r, mrt_to_bmp_counts(b));
	reader_end(r, x.stream, false);
	window_fini(&w);
	mrt_to_bmp_free(b);
	return true;
}

const struct recording_reader mrt_reader = { "MRT", detect_mrt, read_mrt };
