#include "cli/decode/records.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sbuf.h"
#include "cli/cli.h"
#include "cli/decode/explain.h"
#include "cli/recording.h"
#include "collector/recordings/records.h"
#include "parsers/mrt/mrt.h"
#include "parsers/openbmp/openbmp.h"

enum { BLOCK_MAX = 1 << 28, LOST_SHOWN = 4096 };

struct records {
	bool json;
	bool problems; /* only records with a fault */
	uint64_t n;    /* records so far */
	uint64_t shown, max;
	struct sbuf out;
	/* of the last index table, by their index */
	struct mrt_peer *peers;
	size_t peers_n;
};

static void
dissect_faults(struct field_sink *to, const struct faults *f)
{
	if (f->n == 0)
		return;
	field_list(to, "faults");
	for (uint32_t i = 0; i < f->n && i < FAULTS_MAX; i++) {
		field_group(to, NULL);
		field_text(to, "fault", fault_name((enum fault_code)f->v[i].code));
		field_number(to, "offset", f->v[i].offset);
		field_text(to, "text", fault_text((enum fault_code)f->v[i].code));
		field_group_end(to);
	}
	field_list_end(to);
}

/* What entries that follow refer to. Without memory they are numbers only. */
static void
keep_peers(struct records *r, const struct mrt_record *m)
{
	struct faults ignored = { .n = 0 };
	struct mrt_peer_index t;

	free(r->peers);
	r->peers = NULL;
	r->peers_n = 0;
	if (!mrt_peer_index_parse(m, &t, &ignored))
		return;
	r->peers = calloc(t.peers_n + 1U, sizeof(*r->peers));
	while (r->peers != NULL && mrt_peer_next(m, &t, &r->peers[r->peers_n], &ignored))
		r->peers_n++;
}

static void
dissect_mrt(
    struct records *r, struct field_sink *to, const uint8_t *record, size_t n, struct faults *f)
{
	struct mrt_record m;

	mrt_parse(record, n, &m, f);
	if (m.kind == MRT_KIND_PEER_INDEX)
		keep_peers(r, &m);
	if (f->n > 0 && f->v[0].code == FAULT_MRT_SHORT)
		field_hex(to, "record", cur_of(record, n));
	else
		mrt_dissect_known(to, &m, r->peers, r->peers_n, f);
}

/* Counts what is shown. false: enough. */
static bool
shown(struct records *r)
{
	fwrite(r->out.data, 1, r->out.len, stdout);
	r->shown++;
	return r->shown != r->max;
}

/* Octets between records. */
static bool
on_lost(void *ctx, const uint8_t *at, size_t n, uint64_t offset)
{
	struct records *r = ctx;
	struct faults f = { .n = 0 };
	struct explain x;

	fault_add(&f, FAULT_MRT_LOST, 0, 0);
	sbuf_clear(&r->out);
	if (!r->json)
		sbuf_printf(&r->out, "lost  (%zu octets at %llu)\n", n, (unsigned long long)offset);
	explain_begin(&x, &r->out, r->json);
	if (r->json) {
		field_number(&x.sink, "offset", offset);
		field_number(&x.sink, "length", n);
	}
	field_hex(&x.sink, "lost", cur_of(at, n < LOST_SHOWN ? n : LOST_SHOWN));
	dissect_faults(&x.sink, &f);
	explain_end(&x);
	sbuf_putc(&r->out, '\n');
	return shown(r);
}

static bool
on_record(void *ctx, enum recording_format format, const uint8_t *record, size_t n, uint64_t offset)
{
	struct records *r = ctx;
	struct faults f = { .n = 0 };
	struct openbmp o;
	struct explain x;

	r->n++;
	sbuf_clear(&r->out);
	if (!r->json)
		sbuf_printf(&r->out, "#%llu %s  (%zu octets at %llu)\n", (unsigned long long)r->n,
		    recording_format_name(format), n, (unsigned long long)offset);
	explain_begin(&x, &r->out, r->json);
	if (r->json) {
		field_number(&x.sink, "number", r->n);
		field_number(&x.sink, "offset", offset);
		field_number(&x.sink, "length", n);
	}
	if (format == RECORDING_MRT) {
		dissect_mrt(r, &x.sink, record, n, &f);
	} else {
		openbmp_parse(record, n, &o, &f);
		openbmp_dissect(&x.sink, &o);
	}
	dissect_faults(&x.sink, &f);
	explain_end(&x);
	sbuf_putc(&r->out, '\n');
	return r->problems && f.n == 0 ? true : shown(r);
}

int
decode_records(const char *path, bool json, bool problems, uint64_t max, uint64_t *shown_before)
{
	static const struct recording_records_ops ops = { on_record, on_lost, cli_recording_warn };
	struct records r = { .json = json,
		.problems = problems,
		.max = max != 0 ? max - *shown_before : 0,
		.out = sbuf_of(BLOCK_MAX) };
	int rc = recording_records(path, &ops, &r);

	*shown_before += r.shown;
	sbuf_free(&r.out);
	free(r.peers);
	if (rc == 0 && r.shown == 0 && r.n > 0)
		fprintf(stderr, "%s: none of %llu records has a fault\n", path,
		    (unsigned long long)r.n);
	return rc < 0 ? CLI_USAGE : r.shown == 0 ? CLI_NOTHING : CLI_OK;
}
