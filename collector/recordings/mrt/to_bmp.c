#include "collector/recordings/mrt/to_bmp.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recordings/mrt/peers.h"
#include "parsers/bgp/message.h"
#include "parsers/mrt/write.h"

enum {
	OUT_OCTETS = 256 * 1024,
	MESSAGE_MAX = BGP_MESSAGE_MAX + BMP_HEADER_LEN + BMP_PEER_HEADER_LEN,
	DUMP_FAMILIES_MAX = 32,
};

struct mrt_to_bmp {
	char sys_name[256];
	mrt_to_bmp_emit *emit;
	void *ctx;
	struct mrt_to_bmp_counts counts;
	struct faults faults; /* of the last record */
	bool begun, stopped;
	struct mrt_peers peers;
	/* the dump that is being read: its peers by the last PEER_INDEX_TABLE (NULL in it: no room
	 * for the peer), its families */
	struct mrt_peer_state **index;
	unsigned index_n, index_max;
	bool in_dump, index_sent; /* index_sent: the Peer Ups of the index have been sent */
	struct bgp_family dumped[DUMP_FAMILIES_MAX];
	unsigned dumped_n;
	/* what goes out; the buffers come last and are not initialised */
	size_t out_n;
	int64_t out_us;
	uint8_t out[OUT_OCTETS];
	uint8_t bgp[BGP_MESSAGE_MAX];
};

struct mrt_to_bmp *
mrt_to_bmp_new(const char *sys_name, mrt_to_bmp_emit *emit, void *ctx)
{
	struct mrt_to_bmp *x = malloc(sizeof(*x));

	if (x == NULL)
		return NULL;
	memset(x, 0, offsetof(struct mrt_to_bmp, out));
	snprintf(x->sys_name, sizeof(x->sys_name), "%s", sys_name);
	x->emit = emit;
	x->ctx = ctx;
	return x;
}

void
mrt_to_bmp_free(struct mrt_to_bmp *x)
{
	if (x == NULL)
		return;
	mrt_peers_free(&x->peers);
	free(x->index);
	free(x);
}

const struct faults *
mrt_to_bmp_faults(const struct mrt_to_bmp *x)
{
	return &x->faults;
}

const struct mrt_to_bmp_counts *
mrt_to_bmp_counts(const struct mrt_to_bmp *x)
{
	return &x->counts;
}

/* --- going out */

void
mrt_to_bmp_flush(struct mrt_to_bmp *x)
{
	if (x->out_n > 0 && !x->stopped && !x->emit(x->ctx, x->out, x->out_n, x->out_us))
		x->stopped = true;
	x->out_n = 0;
}

/* Room for one message of this time. */
static uint8_t *
room(struct mrt_to_bmp *x, const struct mrt_record *m)
{
	int64_t us = (int64_t)m->sec * 1000000 + m->usec;

	if (us != x->out_us || OUT_OCTETS - x->out_n < MESSAGE_MAX)
		mrt_to_bmp_flush(x);
	x->out_us = us;
	return x->out + x->out_n;
}

/* n octets were written at room(). (As `out_n += write(room())` it would be wrong: room() may move
 * out_n.) */
static void
wrote(struct mrt_to_bmp *x, size_t n)
{
	x->out_n += n;
}

static void
malformed(struct mrt_to_bmp *x, const struct faults *f)
{
	if (x->counts.malformed++ == 0 && f->n > 0)
		x->counts.first = f->v[0];
}

static void
set_time(struct mrt_peer_state *p, uint32_t sec, uint32_t usec)
{
	p->spec.sec = sec;
	p->spec.usec = usec;
}

static void
peer_up(struct mrt_to_bmp *x, const struct mrt_record *m, struct mrt_peer_state *p, bool path_ids)
{
	if (p->up && (p->path_ids || !path_ids))
		return;
	if (p->up) { /* only this record shows path ids: the OPENs of the first Peer Up had none */
		p->sent.n = p->received.n = 0;
	}
	p->up = true;
	p->path_ids = path_ids;
	p->spec.flags = 0;
	set_time(p, m->sec, m->usec);
	wrote(x, mrt_peer_write_up(p, room(x, m), MESSAGE_MAX));
}

static void
peer_down(struct mrt_to_bmp *x, const struct mrt_record *m, struct mrt_peer_state *p,
    struct cursor notification)
{
	if (!p->up)
		return;
	p->up = false;
	p->sent.n = p->received.n = 0;
	p->spec.flags = 0;
	set_time(p, m->sec, m->usec);
	wrote(x, mrt_peer_write_down(p, notification, m->local, room(x, m), MESSAGE_MAX));
}

static void
monitor(struct mrt_to_bmp *x, const struct mrt_record *m, struct mrt_peer_state *p, uint8_t flags,
    const void *bgp, size_t n)
{
	p->spec.flags = flags;
	wrote(x, bmp_write_route_monitoring(room(x, m), MESSAGE_MAX, &p->spec, bgp, n));
	x->counts.messages++;
}

/* --- RIB dumps */

static void
end_dump(struct mrt_to_bmp *x, const struct mrt_record *m)
{
	uint8_t bgp[64];

	if (!x->in_dump)
		return;
	x->in_dump = false;
	for (struct mrt_peer_state *p = x->peers.all; p != NULL; p = p->next) {
		for (unsigned i = 0; p->up && i < x->dumped_n; i++) {
			size_t n = bgp_write_end_of_rib(bgp, sizeof(bgp), x->dumped[i]);

			set_time(p, m->sec, m->usec);
			p->spec.flags = 0;
			wrote(x,
			    bmp_write_route_monitoring(room(x, m), MESSAGE_MAX, &p->spec, bgp, n));
		}
	}
	x->dumped_n = 0;
}

static void
dumping(struct mrt_to_bmp *x, struct bgp_family family)
{
	x->in_dump = true;
	for (unsigned i = 0; i < x->dumped_n; i++)
		if (bgp_family_equal(x->dumped[i], family))
			return;
	if (x->dumped_n < DUMP_FAMILIES_MAX)
		x->dumped[x->dumped_n++] = family;
}

/* Room for one peer more; false when there is no memory. */
static bool
index_grow(struct mrt_to_bmp *x)
{
	unsigned max = x->index_max > 0 ? x->index_max * 2 : 64;
	struct mrt_peer_state **index;

	if (x->index_n < x->index_max)
		return true;
	index = realloc(x->index, max * sizeof(struct mrt_peer_state *));
	if (index == NULL)
		return false;
	x->index = index;
	x->index_max = max;
	return true;
}

static void
convert_peer_index(struct mrt_to_bmp *x, const struct mrt_record *m, struct faults *f)
{
	struct mrt_peer_index t;
	struct mrt_peer p;

	end_dump(x, m);
	x->index_n = 0;
	x->index_sent = false;
	if (!mrt_peer_index_parse(m, &t, f))
		return;
	while (mrt_peer_next(m, &t, &p, f) && index_grow(x)) {
		struct mrt_peer_state *s = mrt_peers_get(&x->peers, &p.address, p.as, p.bgp_id);

		if (s != NULL) {
			s->in_table = true;
			memcpy(s->spec.bgp_id, p.bgp_id, 4);
			memcpy(s->local_id, t.collector_id, 4);
		}
		x->index[x->index_n++] = s;
	}
}

/* The route of one entry, as an UPDATE of its own. */
static void
convert_entry(struct mrt_to_bmp *x, const struct mrt_record *m, struct mrt_peer_state *p,
    const struct mrt_rib *t, const struct mrt_entry *e, uint8_t flags, struct faults *f)
{
	uint32_t before = f->n;
	size_t n = mrt_entry_to_update(
	    x->bgp, sizeof(x->bgp), t->family, t->nlri, p->path_ids, e->path_id, e->attrs, f);

	faults_shift(f, before, (size_t)(e->attrs.pos - m->start));
	if (n == 0) {
		fault_add(f, FAULT_MRT_ENTRY_LONG, m->subtype, (size_t)(e->attrs.pos - m->start));
		return;
	}
	set_time(p, e->originated != 0 ? e->originated : m->sec, 0);
	monitor(x, m, p, flags, x->bgp, n);
}

static void
convert_rib(struct mrt_to_bmp *x, const struct mrt_record *m, struct faults *f)
{
	struct mrt_rib t;
	struct mrt_entry e;

	if (!mrt_rib_parse(m, &t, f))
		return;
	dumping(x, t.family);
	for (unsigned i = 0; !x->index_sent && i < x->index_n; i++)
		if (x->index[i] != NULL)
			peer_up(x, m, x->index[i], m->path_ids);
	x->index_sent = true;
	while (!x->stopped && mrt_rib_next(m, &t, &e, f)) {
		struct mrt_peer_state *p = e.peer_index < x->index_n ? x->index[e.peer_index]
								     : NULL;

		if (p == NULL) {
			x->counts.without_peer++;
			fault_add(f, FAULT_MRT_PEER, e.peer_index, mrt_entry_at(m, &e));
			continue;
		}
		peer_up(x, m, p, m->path_ids);
		convert_entry(x, m, p, &t, &e, 0, f);
	}
}

static void
convert_route(struct mrt_to_bmp *x, const struct mrt_record *m, const struct mrt_table_dump *t,
    struct faults *f)
{
	struct mrt_peer_state *p = mrt_peers_get(&x->peers, &t->peer_address, t->peer_as, NULL);
	uint8_t nlri[17];

	if (p == NULL) {
		x->counts.without_peer++;
		return;
	}
	dumping(x, m->family);
	peer_up(x, m, p, false);
	nlri[0] = t->prefix.len;
	memcpy(nlri + 1, t->prefix.b, 16);
	convert_entry(x, m, p,
	    &(struct mrt_rib){
		.family = m->family, .nlri = cur_of(nlri, 1 + (t->prefix.len + 7U) / 8) },
	    &(struct mrt_entry){ .originated = t->originated, .attrs = t->attrs }, BMP_FLAG_A, f);
}

static void
convert_table_dump(struct mrt_to_bmp *x, const struct mrt_record *m, struct faults *f)
{
	struct mrt_table_dump t;
	bool more = mrt_table_dump_parse(m, &t, f);

	for (; more && !x->stopped; more = mrt_table_dump_next(m, &t))
		convert_route(x, m, &t, f);
}

/* --- messages */

static void
convert_message(struct mrt_to_bmp *x, const struct mrt_record *m, struct mrt_peer_state *p,
    const struct mrt_bgp4mp *t, struct faults *f)
{
	uint8_t flags =
	    (uint8_t)((m->as4 ? 0 : BMP_FLAG_A) | (m->local ? BMP_FLAG_O | BMP_FLAG_L : 0));
	struct cursor whole = mrt_bgp4mp_message(m, t, x->bgp, NULL, f), r = whole, body;
	struct bgp_open open = { .role = BGP_ROLE_NONE };
	struct faults ignored = { .n = 0 };
	size_t total = 0;
	uint32_t before = f->n;
	unsigned type = bgp_message(&r, &body, &total, &ignored);

	switch (type) {
	case BGP_UPDATE:
		peer_up(x, m, p, m->path_ids);
		set_time(p, m->sec, m->usec);
		monitor(x, m, p, flags, whole.pos, total);
		break;
	case BGP_OPEN: /* kept for the Peer Up that follows */
		bgp_open_parse(body, &open, &ignored);
		mrt_peer_keep_open(m->local ? &p->sent : &p->received, whole);
		memcpy(m->local ? p->local_id : p->spec.bgp_id, open.bgp_id, 4);
		break;
	case BGP_NOTIFICATION:
		peer_down(x, m, p, whole);
		break;
	case 0:
		break; /* the fault says it */
	default:
		bgp_message_check(type, body, f);
		faults_shift(f, before,
		    (size_t)(t->message.pos - m->start) + (t->bare ? 0 : BGP_HEADER_LEN));
		x->counts.other++;
	}
}

static void
convert_bgp4mp(struct mrt_to_bmp *x, const struct mrt_record *m, struct faults *f)
{
	struct mrt_bgp4mp t;
	struct mrt_peer_state *p;

	end_dump(x, m);
	if (!mrt_bgp4mp_parse(m, &t, f))
		return;
	p = mrt_peers_get(&x->peers, &t.peer_address, t.peer_as, NULL);
	if (p == NULL) {
		x->counts.without_peer++;
		return;
	}
	p->local_as = t.local_as;
	p->local_address = t.local_address;
	if (m->kind == MRT_KIND_MESSAGE)
		convert_message(x, m, p, &t, f);
	else if (t.new_state == MRT_STATE_ESTABLISHED)
		peer_up(x, m, p, false);
	else if (t.old_state == MRT_STATE_ESTABLISHED)
		peer_down(x, m, p, cur_of(t.message.end, 0));
}

/* --- records */

static void
begin(struct mrt_to_bmp *x, const struct mrt_record *m)
{
	if (x->begun)
		return;
	x->begun = true;
	wrote(x, bmp_write_initiation(room(x, m), MESSAGE_MAX, x->sys_name, MRT_TO_BMP_DESCR));
}

bool
mrt_to_bmp_record(struct mrt_to_bmp *x, const uint8_t *record, size_t n)
{
	struct faults *f = &x->faults;
	struct mrt_record m;

	faults_begin(f);
	if (!mrt_parse(record, n, &m, f)) {
		if (faults_have(f, FAULT_MRT_TYPE)) {
			x->counts.other++;
			faults_begin(f); /* it is passed over, and nothing is wrong with it */
		} else {
			malformed(x, f);
		}
		return !x->stopped;
	}
	begin(x, &m);
	switch (m.kind) {
	case MRT_KIND_PEER_INDEX:
		convert_peer_index(x, &m, f);
		break;
	case MRT_KIND_RIB:
		convert_rib(x, &m, f);
		break;
	case MRT_KIND_TABLE_DUMP:
		convert_table_dump(x, &m, f);
		break;
	case MRT_KIND_MESSAGE:
	case MRT_KIND_STATE_CHANGE:
		convert_bgp4mp(x, &m, f);
		break;
	default:
		x->counts.other++;
	}
	if (m.kind == MRT_KIND_RIB && faults_have(f, FAULT_MRT_RIB_FAMILY))
		x->counts.unknown_family++; /* the beginning of its entries cannot be found */
	else if (f->action > FAULT_IGNORE)
		malformed(x, f);
	return !x->stopped;
}

bool
mrt_to_bmp_end(struct mrt_to_bmp *x)
{
	struct mrt_record last = { .sec = (uint32_t)(x->out_us / 1000000),
		.usec = (uint32_t)(x->out_us % 1000000) };

	end_dump(x, &last);
	mrt_to_bmp_flush(x);
	return !x->stopped;
}
