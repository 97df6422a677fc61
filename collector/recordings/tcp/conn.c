#include "collector/recordings/tcp/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/ip.h"
#include "collector/recordings/tcp/tcp.h"
#include "parsers/bgp/message.h"

enum { PORT_BGP = 179, NAME_MAX_LEN = 160 };

/* --- streams */

static void
name_of(const struct tcp_conn *c, char *text, size_t size)
{
	struct ip_addr from = c->key.v6 ? ip_addr_v6(c->key.from) : ip_addr_v4(c->key.from),
		       to = c->key.v6 ? ip_addr_v6(c->key.to) : ip_addr_v4(c->key.to);
	char a[IP_ADDR_TEXT_MAX], b[IP_ADDR_TEXT_MAX];

	snprintf(text, size, "%s port %u to %s port %u", ip_addr_format(&from, a), c->key.from_port,
	    ip_addr_format(&to, b), c->key.to_port);
}

static bool
on_messages(void *ctx, const uint8_t *data, size_t n)
{
	struct tcp_conn *c = ctx;
	struct reader *r = c->reader;

	if (!c->begun) {
		/* the router is the sender of BMP, or the receiver of BGP */
		const uint8_t *router = c->kind == TCP_KIND_BGP ? c->key.to : c->key.from;
		struct ip_addr a = c->key.v6 ? ip_addr_v6(router) : ip_addr_v4(router);
		char address[IP_ADDR_TEXT_MAX], name[NAME_MAX_LEN], text[512];

		name_of(c, name, sizeof(name));
		snprintf(text, sizeof(text), "%.300s: %s", r->path, name);
		c->stream = reader_begin(r, text, ip_addr_format(&a, address));
		c->begun = true;
	}
	return reader_bytes(r, c->stream, data, n, c->time_us);
}

static void
report_gap(struct tcp_conn *c, uint32_t octets, struct note *note, const char *why)
{
	struct reader *r = c->reader;
	char name[NAME_MAX_LEN];

	r->counts.gaps++;
	r->counts.gap_octets += octets;
	name_of(c, name, sizeof(name));
	if (c->kind != TCP_KIND_OTHER)
		reader_note(r, note, octets, "%s: %u octets are missing (%s)", name, octets, why);
	framer_lost(&c->framer);
	bgp_mirror_lost(&c->mirror);
}

static bool
bmp_port(uint16_t port)
{
	return port == 1790 || port == 5000 || port == 11019;
}

/* A router connects to the station's port, or waits at a port of its own for the station, which
 * then has a port as clients have. */
static bool
ports_of_bmp(const struct tcp_key *k)
{
	return bmp_port(k->to_port) || (bmp_port(k->from_port) && k->to_port >= 1024);
}

/* What is this connection? The ports and its first octets show it. */
static uint8_t
classify(const struct tcp_conn *c, const uint8_t *data, size_t n)
{
	if (c->key.from_port == PORT_BGP || c->key.to_port == PORT_BGP ||
	    (n >= BGP_MARKER_LEN && bgp_mirror_begins(data, n)))
		return TCP_KIND_BGP;
	if (framer_plausible(data, n) || ports_of_bmp(&c->key))
		return TCP_KIND_BMP;
	return TCP_KIND_OTHER;
}

static void
choose_kind(struct tcp_conn *c, const uint8_t *data, size_t n)
{
	c->kind = classify(c, data, n);
	if (c->kind == TCP_KIND_BMP && !framer_plausible(data, n))
		framer_lost(&c->framer); /* the capture began in the middle of a message */
	c->reader->counts.bgp_sessions += c->kind == TCP_KIND_BGP;
}

static bool
mirror(struct tcp_conn *c, const uint8_t *data, size_t n)
{
	struct ip_addr to = c->key.v6 ? ip_addr_v6(c->key.to) : ip_addr_v4(c->key.to);
	char router[IP_ADDR_TEXT_MAX];

	return bgp_mirror_feed(&c->mirror, ip_addr_format(&to, router), data, n, c->time_us);
}

static void
deliver(struct tcp_conn *c, const uint8_t *data, size_t n)
{
	if (n == 0)
		return;
	c->next += (uint32_t)n;
	if (c->kind == TCP_KIND_NEW)
		choose_kind(c, data, n);
	if ((c->kind == TCP_KIND_BMP && !framer_feed(&c->framer, data, n)) ||
	    (c->kind == TCP_KIND_BGP && !mirror(c, data, n)))
		c->reader->stopped = true;
}

/* --- order */

static void
forget_first(struct tcp_conn *c)
{
	struct tcp_held *w = c->waiting;

	c->waiting = w->next;
	c->waiting_n--;
	c->waiting_octets -= w->n;
	free(w);
}

/* Deliver the waiting segments whose turn it is now. */
static void
drain(struct tcp_conn *c)
{
	while (c->waiting != NULL && tcp_distance(c->next, c->waiting->seq) <= 0) {
		struct tcp_held *w = c->waiting;
		size_t old = c->next - w->seq;

		if (old < w->n) {
			c->reader->counts.retransmitted += old;
			deliver(c, w->data + old, w->n - old);
		} else {
			c->reader->counts.retransmitted += w->n;
		}
		forget_first(c);
	}
}

/* The next octets have not come and will not: report the gap and go on behind it. */
static void
skip_gap(struct tcp_conn *c)
{
	if (c->waiting == NULL)
		return;
	report_gap(c, (uint32_t)tcp_distance(c->next, c->waiting->seq), &c->notes->gap,
	    "not in the capture");
	c->next = c->waiting->seq;
	drain(c);
}

/* A copy of octets that cannot be delivered yet. NULL: no memory, and the reading stops. */
static struct tcp_held *
hold_segment(struct tcp_conn *c, uint32_t seq, const uint8_t *data, size_t n)
{
	struct tcp_held *w = malloc(sizeof(*w) + n);

	if (w == NULL) {
		c->reader->stopped = true;
		return NULL;
	}
	w->next = NULL;
	w->seq = seq;
	w->n = n;
	memcpy(w->data, data, n);
	return w;
}

static void
wait_for_turn(struct tcp_conn *c, uint32_t seq, const uint8_t *data, size_t n)
{
	struct tcp_held **at = &c->waiting, *w = hold_segment(c, seq, data, n);

	if (w == NULL)
		return;
	c->reader->counts.reordered++;
	while (*at != NULL && tcp_distance((*at)->seq, seq) >= 0)
		at = &(*at)->next;
	w->next = *at;
	*at = w;
	c->waiting_n++;
	c->waiting_octets += n;
	while (c->waiting_octets > TCP_WAITING_MAX || c->waiting_n > TCP_SEGMENTS_MAX)
		skip_gap(c);
}

void
tcp_conn_deliver(struct tcp_conn *c, const uint8_t *data, size_t n)
{
	deliver(c, data, n);
	drain(c);
}

/* --- the end of a stream */

static void
init_kinds(struct tcp_conn *c)
{
	struct ip_addr from = c->key.v6 ? ip_addr_v6(c->key.from) : ip_addr_v4(c->key.from);

	framer_init(&c->framer, on_messages, c);
	bgp_mirror_init(&c->mirror, &from, on_messages, c);
}

static void
fini_kinds(struct tcp_conn *c)
{
	framer_fini(&c->framer);
	bgp_mirror_fini(&c->mirror);
}

/* Report octets that belonged to no whole message. */
static void
report_dropped(struct tcp_conn *c)
{
	uint64_t dropped = c->framer.dropped + c->mirror.dropped;
	char name[NAME_MAX_LEN];

	c->reader->counts.dropped += dropped;
	if (dropped == 0)
		return;
	if (!c->begun) {
		/* most likely sent by a station to a router: that is no BMP */
		if (c->kind == TCP_KIND_BMP && !bmp_port(c->key.to_port))
			return;
		c->notes->nothing++;
		c->notes->nothing_octets += dropped;
		return;
	}
	name_of(c, name, sizeof(name));
	reader_note(c->reader, &c->notes->dropped, dropped,
	    "%s: %llu octets are of no whole message and left out", name,
	    (unsigned long long)dropped);
}

static void
end_stream(struct tcp_conn *c, bool closed)
{
	while (c->waiting != NULL) {
		if (tcp_distance(c->next, c->waiting->seq) > 0)
			skip_gap(c);
		else
			drain(c);
	}
	if (c->kind == TCP_KIND_BMP)
		framer_end(&c->framer);
	bgp_mirror_end(&c->mirror);
	report_dropped(c);
	if (c->begun)
		reader_end(c->reader, c->stream, closed);
	fini_kinds(c);
	init_kinds(c);
	c->begun = c->started = c->fin = c->syn_data = false;
	c->closed = closed;
	c->kind = TCP_KIND_NEW;
}

/* --- numbers of long ago */

/* The segment that was set aside was damaged, or came very late. */
static void
drop_stray(struct tcp_conn *c)
{
	if (c->stray == NULL)
		return;
	c->reader->counts.retransmitted += c->stray->n;
	free(c->stray);
	c->stray = NULL;
}

/* The ports are used again. The SYN is not in the capture, only the sequence numbers show it. */
static void
begin_again(struct tcp_conn *c, uint32_t first)
{
	char name[NAME_MAX_LEN];

	name_of(c, name, sizeof(name));
	if (c->kind == TCP_KIND_BMP || c->kind == TCP_KIND_BGP)
		reader_note(c->reader, &c->notes->again, 1,
		    "%s: the sequence numbers begin anew without a SYN: read as a new connection",
		    name);
	end_stream(c, true);
	tcp_conn_start(c, first, first);
}

/* A segment with numbers of long ago is set aside. A second one near it shows a new connection. */
static void
far_back(struct tcp_conn *c, uint32_t seq, const uint8_t *data, size_t n)
{
	struct tcp_held *stray = c->stray;
	int32_t after = stray != NULL ? tcp_distance(stray->seq, seq) : 0;

	if (after == 0 || after > TCP_WAITING_MAX || after < -TCP_WAITING_MAX) {
		drop_stray(c);
		c->stray = hold_segment(c, seq, data, n);
		return;
	}
	c->stray = NULL;
	begin_again(c, after > 0 ? stray->seq : seq);
	tcp_conn_add(c, stray->seq, stray->data, stray->n);
	tcp_conn_add(c, seq, data, n);
	free(stray);
}

void
tcp_conn_add(struct tcp_conn *c, uint32_t seq, const uint8_t *data, size_t n)
{
	int32_t early = tcp_distance(c->next, seq);
	size_t old;

	if (c->syn_data && n > 0 && seq + 1 == c->next) {
		/* a tool wrote octets into the SYN and did not count it */
		c->next--;
		early = 0;
	}
	c->syn_data &= n == 0;
	old = early > 0 ? 0 : c->next - seq; /* at most half the space */
	if (old > TCP_LATE_MAX) {
		far_back(c, seq, data, n);
		return;
	}
	drop_stray(c);
	if (early > 0) {
		wait_for_turn(c, seq, data, n);
		return;
	}
	if (old >= n) {
		c->reader->counts.retransmitted += n;
		return;
	}
	c->reader->counts.retransmitted += old;
	deliver(c, data + old, n - old);
	drain(c);
}

void
tcp_conn_cut(struct tcp_conn *c, uint32_t octets)
{
	report_gap(c, octets, &c->notes->cut, "cut off by the capture");
	c->next += octets;
	drain(c);
}

/* --- beginning and end */

void
tcp_conn_init(struct tcp_conn *c)
{
	init_kinds(c);
}

void
tcp_conn_fini(struct tcp_conn *c)
{
	while (c->waiting != NULL)
		forget_first(c);
	free(c->stray);
	fini_kinds(c);
}

void
tcp_conn_start(struct tcp_conn *c, uint32_t isn, uint32_t next)
{
	c->started = true;
	c->closed = false;
	c->isn = isn;
	c->next = next;
}

void
tcp_conn_end(struct tcp_conn *c, bool closed)
{
	struct tcp_held *stray = c->stray;

	c->stray = NULL;
	if (stray != NULL) { /* a connection of one segment */
		begin_again(c, stray->seq);
		deliver(c, stray->data, stray->n);
		free(stray);
	}
	end_stream(c, closed);
}

void
tcp_notes_end(struct reader *r, const struct tcp_notes *n)
{
	reader_note_end(r, &n->gap, "octets in gaps");
	reader_note_end(r, &n->cut, "octets cut off by the capture");
	reader_note_end(r, &n->dropped, "octets of no whole message");
	reader_note_end(r, &n->again, "connections without a SYN");
	if (n->nothing > 0)
		reader_warn(r,
		    "%s: no whole message in %llu of the TCP streams at ports of BMP and BGP: %llu "
		    "octets are left out",
		    r->path, (unsigned long long)n->nothing, (unsigned long long)n->nothing_octets);
}
