/*
 * The routes left at the end of a recording, as an MRT RIB dump (RFC 6396 4.3). MRT has no field
 * for a policy stage or a Loc-RIB, so a dump holds one view, and none for a distinguisher, so it
 * holds one table.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/convert/convert.h"
#include "cli/convert/table.h"
#include "cli/recording.h"
#include "parsers/bgp/message.h"
#include "parsers/mrt/write.h"

enum {
	MESSAGE_MAX = 16 * 1024 * 1024,
	PEERS_MAX = 100000,
	RECORD_MAX = 1024 * 1024,
	INDEX_MAX = 4 * 1024 * 1024,
};

struct dump {
	struct convert *convert;
	struct table *table;
	struct mrt_peer *peers; /* by number */
	uint32_t peers_n;
	uint8_t router_id[4];
	char router[BMP_TEXT_MAX]; /* the first one's name */
	unsigned routers;
	bool of_mrt;	   /* it is MRT that is read */
	uint32_t last_sec; /* the latest time of any message */
	uint64_t refused;
	bool no_memory;
	struct bgp_nlri nlri[TABLE_NLRI_MAX];
	uint8_t attrs[BGP_MESSAGE_MAX];
	uint8_t record[RECORD_MAX];
};

/* --- reading */

static void
fill_peer(struct mrt_peer *to, const struct bmp_peer *p)
{
	to->address = p->key.address;
	memcpy(to->bgp_id, p->bgp_id, 4);
	to->as = p->as;
}

/* The peer's `user` in the stream is its number, plus one. */
static uint32_t
peer_number(struct dump *d, struct bmp_peer *p)
{
	struct mrt_peer *v;

	if (p->user == NULL) {
		if (d->peers_n % 64 == 0) {
			v = realloc(d->peers, (d->peers_n + 64) * sizeof(*v));
			if (v == NULL) {
				d->no_memory = true;
				return 0;
			}
			d->peers = v;
		}
		memset(&d->peers[d->peers_n], 0, sizeof(*d->peers));
		p->user = (void *)(uintptr_t)++d->peers_n;
	}
	fill_peer(&d->peers[(uintptr_t)p->user - 1], p);
	return (uint32_t)(uintptr_t)p->user - 1;
}

/* The first n of what was read. */
static void
put_nlri(struct dump *d, uint32_t peer, const struct bmp_update *u, struct bgp_family family,
    size_t n, struct table_attrs *attrs)
{
	if (!d->no_memory && !table_set(d->table, peer, (uint8_t)u->view, family, d->nlri, n, attrs,
				 (uint32_t)(u->router_us / 1000000)))
		d->no_memory = true;
}

/* refused: its attributes turn what it announces into withdrawals (RFC 7606). */
static void
read_field(struct dump *d, struct bmp_peer *p, struct bmp_update *u, struct bgp_nlri_field *f,
    bool refused)
{
	uint32_t peer = peer_number(d, p);
	bool announce = !f->encoding.withdrawn && !refused;
	size_t len = announce ? mrt_entry_from_update(d->attrs, sizeof(d->attrs), u->bgp,
				    u->context.encoding.as4, f->which == BGP_REACH)
			      : 0;
	struct faults ignored = { .n = 0 }; /* only the malformed NLRI is lost */
	struct table_attrs *attrs = NULL;
	size_t n = 0;

	if (bgp_family_row(f->family) == NULL) {
		d->refused++;
		return;
	}
	if (announce && (attrs = table_attrs_get(d->table, d->attrs, len)) == NULL)
		d->no_memory = true;
	while (!d->no_memory && bgp_nlri_next(&f->nlri, f->family, f->encoding, u->bgp->start,
				    &d->nlri[n], &ignored)) {
		n += !d->nlri[n].malformed;
		if (n == TABLE_NLRI_MAX) {
			put_nlri(d, peer, u, f->family, n, attrs);
			n = 0;
		}
	}
	put_nlri(d, peer, u, f->family, n, attrs);
}

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct dump *d = ctx;
	struct bgp_nlri_field fields[BGP_UPDATE_FIELDS];
	unsigned n;

	if (!convert_wants(d->convert, s, p))
		return;
	if (u->router_us / 1000000 > d->last_sec)
		d->last_sec = (uint32_t)(u->router_us / 1000000);
	if (u->is_end_of_rib)
		return;
	/* in MRT the recorder's own routes may have no AS_PATH */
	u->context.lenient_missing |= d->of_mrt;
	bgp_update_check(u->bgp, &u->context, u->faults);
	n = bgp_update_fields(u->bgp, &u->context.encoding, fields);
	for (unsigned i = 0; i < n; i++)
		read_field(d, p, u, &fields[i], faults_withdraw(u->faults));
}

static void
on_peer_up(void *ctx, struct bmp_stream *s, struct bmp_peer *p, int64_t us)
{
	struct dump *d = ctx;

	(void)us;
	if (!convert_wants(d->convert, s, p))
		return;
	peer_number(d, p);
	if (is_zero(d->router_id, 4))
		memcpy(d->router_id, p->sent.bgp_id, 4);
}

static void
on_peer_down(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_down *down,
    int64_t us)
{
	struct dump *d = ctx;

	(void)s;
	(void)down;
	(void)us;
	if (p->user != NULL)
		table_drop_peer(d->table, (uint32_t)(uintptr_t)p->user - 1);
}

/* A captured BGP session has mirrored messages only. A router that mirrors sends the same routes by
 * Route Monitoring. */
static void
on_mirrored(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *m,
    unsigned type, struct cursor message, struct bmp_update *u)
{
	struct dump *d = ctx;

	(void)message;
	if (!cli_recording_is_bgp(s))
		return;
	if (m->peer.as != 0) /* known since its OPEN */
		p->as = m->peer.as;
	memcpy(p->bgp_id, m->peer.bgp_id, 4);
	if ((type == BGP_OPEN || type == BGP_NOTIFICATION) && p->user != NULL)
		table_drop_peer(d->table, (uint32_t)(uintptr_t)p->user - 1);
	if (u == NULL)
		return;
	u->router_us = (int64_t)m->peer.sec * 1000000 + m->peer.usec;
	on_update(ctx, s, p, u);
}

/* Earlier UPDATEs may have been read the other way: drop their routes. */
static void
on_encoding_proved(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct bgp_family family, bool path_ids)
{
	struct dump *d = ctx;

	if (p->user != NULL && (!u->mirrored || cli_recording_is_bgp(s)))
		table_drop_misread(
		    d->table, (uint32_t)(uintptr_t)p->user - 1, (uint8_t)u->view, family, path_ids);
}

static struct bmp_stream *
on_begin(void *ctx, const struct recording_stream *from)
{
	static const struct bmp_stream_ops ops = { .peer_up = on_peer_up,
		.peer_down = on_peer_down,
		.update = on_update,
		.mirrored = on_mirrored,
		.encoding_proved = on_encoding_proved };

	((struct dump *)ctx)->of_mrt = from->format == RECORDING_MRT;
	return bmp_stream_new(&ops, ctx, MESSAGE_MAX, PEERS_MAX);
}

static void
on_end(void *ctx, struct bmp_stream *s, uint64_t tail)
{
	struct dump *d = ctx;

	(void)tail;
	if (d->routers++ == 0)
		snprintf(d->router, sizeof(d->router), "%s", bmp_stream_sys_name(s));
	bmp_stream_free(s);
}

/* --- writing */

static bool
put(struct convert *c, const void *data, size_t n)
{
	return n > 0 && fwrite(data, 1, n, c->out) == n;
}

static bool
write_index(struct convert *c, struct dump *d, uint8_t view)
{
	char name[2 * BMP_TEXT_MAX];
	uint8_t *buf = malloc(INDEX_MAX);
	size_t n = 0;

	snprintf(name, sizeof(name), "%s %s%s%s", d->routers == 1 ? d->router : "several routers",
	    bmp_view_name(view), c->vrf != NULL ? " " : "", c->vrf != NULL ? c->vrf : "");
	if (buf != NULL)
		n = mrt_write_peer_index(
		    buf, INDEX_MAX, d->last_sec, d->router_id, name, d->peers, d->peers_n);
	if (n == 0)
		fprintf(stderr, "%s: too many peers for a dump: %u\n", c->in, d->peers_n);
	n = n > 0 && put(c, buf, n);
	free(buf);
	return n;
}

/* Does one route of the family that begins at v have a path id? Then all of them are written so. */
static bool
family_has_path_ids(struct table_route **v, size_t n)
{
	for (size_t i = 0; i < n && bgp_family_equal(v[i]->family, v[0]->family); i++)
		if (v[i]->has_path_id)
			return true;
	return false;
}

/* May b be an entry of the record that a began? RIB_GENERIC has one NLRI and one path id (RFC 6396
 * 4.3.3, RFC 8050 4.2). */
static bool
same_record(const struct table_route *a, const struct table_route *b, bool path_ids)
{
	return table_same_nlri(a, b) &&
	       (!path_ids || bgp_family_is_plain(a->family) || a->path_id == b->path_id);
}

static bool
write_routes(struct convert *c, struct dump *d, struct table_route **v, size_t n)
{
	struct mrt_rib_writer w;
	enum { AHEAD = 16 };
	uint32_t sequence = 0;
	bool path_ids = false;

	for (size_t i = 0, next; i < n; i = next) {
		if (i == 0 || !bgp_family_equal(v[i]->family, v[i - 1]->family))
			path_ids = family_has_path_ids(v + i, n - i);
		mrt_rib_begin(&w, d->record, sizeof(d->record), d->last_sec, sequence++,
		    v[i]->family, path_ids, v[i]->path_id, table_nlri_of(v[i]));
		for (next = i; next < n && same_record(v[i], v[next], path_ids); next++) {
			if (n - next > 2 * AHEAD)
				table_prefetch(v[next + 2 * AHEAD]);
			if (n - next > AHEAD)
				table_prefetch_attrs(v[next + AHEAD]);
			struct mrt_entry e = { (uint16_t)v[next]->peer,
				v[next]->sec != 0 ? v[next]->sec : d->last_sec, v[next]->path_id,
				table_attrs_of(v[next]) };

			if (!mrt_rib_put(&w, &e))
				break; /* full: the rest goes into a record of its own */
		}
		if (next == i || !put(c, d->record, mrt_rib_finish(&w)))
			return false;
	}
	return true;
}

static int
choose_view(const struct convert *c, const struct dump *d)
{
	int view = c->view;

	for (int v = 0; v < BMP_VIEWS; v++) {
		if (table_count(d->table, (uint8_t)v) == 0)
			continue;
		if (view < 0)
			view = v;
		if (v != view)
			fprintf(stderr, "%s: %zu routes of %s are left out: --view %s\n", c->in,
			    table_count(d->table, (uint8_t)v), bmp_view_name((unsigned)v),
			    bmp_view_name((unsigned)v));
	}
	return view >= 0 ? view : BMP_VIEW_IN_PRE;
}

static int
write_dump(struct convert *c, struct dump *d)
{
	uint8_t view = (uint8_t)choose_view(c, d);
	struct table_route **v;
	size_t n;
	bool ok;

	convert_report_vrfs(c);
	if (d->last_sec == 0)
		d->last_sec = (uint32_t)time(NULL);
	if (d->refused > 0)
		fprintf(stderr, "%s: %llu fields of families that are not known are left out\n",
		    c->in, (unsigned long long)d->refused);
	if (table_count(d->table, view) == 0) {
		fprintf(stderr, "%s: no routes are left at its end%s%s\n", c->in,
		    c->view >= 0 ? " in " : "", c->view >= 0 ? bmp_view_name(view) : "");
		return CLI_NOTHING;
	}
	v = table_sorted(d->table, view, &n);
	ok = v != NULL && write_index(c, d, view) && write_routes(c, d, v, n);
	if (ok)
		fprintf(stderr, "%s: %zu routes of %u peer%s, %s\n", c->out_path, n, d->peers_n,
		    d->peers_n != 1 ? "s" : "", bmp_view_name(view));
	free(v);
	return ok ? CLI_OK : CLI_NOTHING;
}

int
convert_to_mrt(struct convert *c)
{
	static const struct cli_recording_ops ops = { .begin = on_begin, .end = on_end };
	struct dump *d = calloc(1, sizeof(*d));
	int rc = CLI_NOTHING;

	if (d != NULL)
		d->convert = c;
	if (d != NULL && (d->table = table_new()) != NULL)
		rc = cli_recording_each(c->in, &ops, d);
	if (d == NULL || d->table == NULL || d->no_memory) {
		fprintf(stderr, "%s: out of memory\n", c->in);
		rc = CLI_NOTHING;
	} else if (rc == CLI_OK) {
		rc = write_dump(c, d);
	}
	if (d != NULL) {
		table_free(d->table);
		free(d->peers);
	}
	free(d);
	return rc;
}
