/* bellman decode: what is in a recorded stream, message by message or as one summary. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/ip.h"
#include "base/jw.h"
#include "cli/bmp_file.h"
#include "cli/cli.h"
#include "cli/explain_bgp.h"

static const char usage[] =
    "usage: bellman decode [--summary] [-o text|json] FILE...\n"
    "\n"
    "Explains each message of a recorded BMP stream (\"-\": standard input).\n"
    "  --summary   one JSON object a file: counts of messages, routes, faults, quirks\n"
    "  -o json     one object a message\n";

enum { MESSAGE_MAX = 16 * 1024 * 1024, PEERS_MAX = 100000 };

struct decode {
	bool summary, json;
	uint64_t number, offset;
	struct sbuf line;
	struct explain x;
	bool begun;
	uint64_t quirks[BMP_QUIRKS]; /* before the message */
};

/* --- summary
 * ------------------------------------------------------------------------------------------------------------
 */

static uint64_t
count_prefixes(struct rd field, uint16_t afi, bool addpath, const struct bmp_update *u)
{
	struct bgp_nlri n;
	uint64_t count = 0;

	while (bgp_nlri_next(&field, afi, addpath, u->bgp->start, &n, u->faults))
		count++;
	return count;
}

static bool
plain(const struct bgp_mp *mp)
{
	return mp->present && (mp->family.afi == AFI_IPV4 || mp->family.afi == AFI_IPV6) &&
	       (mp->family.safi == SAFI_UNICAST || mp->family.safi == SAFI_MULTICAST);
}

static void
count_update(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	struct bgp_update *b = u->bgp;
	uint64_t n;

	if (rd_left(&b->withdrawn) > 0) {
		n = count_prefixes(b->withdrawn, AFI_IPV4, u->addpath_classic, u);
		bmp_stream_count(s, p, v4, 0, n);
	}
	if (plain(&b->unreach)) {
		n = count_prefixes(b->unreach.nlri, b->unreach.family.afi, u->addpath_unreach, u);
		bmp_stream_count(s, p, b->unreach.family, 0, n);
	}
	if (plain(&b->reach)) {
		n = count_prefixes(b->reach.nlri, b->reach.family.afi, u->addpath_reach, u);
		bmp_stream_count(s, p, b->reach.family, n, 0);
	}
	if (rd_left(&b->nlri) > 0) {
		n = count_prefixes(b->nlri, AFI_IPV4, u->addpath_classic, u);
		bmp_stream_count(s, p, v4, n, 0);
	}
}

static void
put_families(struct jw *j, const char *key, const struct bmp_counters *c, int which)
{
	char name[24];

	jw_object(j, key);
	for (unsigned i = 0; i < c->families_n; i++) {
		const struct bmp_family_count *f = &c->families[i];
		uint64_t n = which == 0 ? f->announced : which == 1 ? f->withdrawn : f->end_of_rib;

		snprintf(name, sizeof(name), "%u/%u", f->family.afi, f->family.safi);
		if (n > 0)
			jw_uint(j, name, n);
	}
	jw_end_object(j);
}

static void
print_summary(const char *path, const struct bmp_stream *s, uint64_t tail, bool several)
{
	struct sbuf out = sbuf_of(1 << 20);
	struct jw j = jw_to(&out);
	const struct bmp_counters *c = &s->counters;

	jw_object(&j, NULL);
	if (several)
		jw_string(&j, "file", path);
	jw_uint(&j, "bytes", c->bytes + tail);
	jw_object(&j, "messages");
	for (unsigned i = 0; i <= BMP_TYPES; i++)
		jw_uint(&j, bmp_type_name(i), c->messages[i]);
	jw_end_object(&j);
	put_families(&j, "announced", c, 0);
	put_families(&j, "withdrawn", c, 1);
	put_families(&j, "end_of_rib", c, 2);
	jw_object(&j, "faults");
	for (int i = 0; i < FAULT_CODES; i++)
		if (c->faults[i] > 0)
			jw_uint(&j, fault_name((enum fault_code)i), c->faults[i]);
	jw_end_object(&j);
	jw_object(&j, "quirks");
	for (int i = 0; i < BMP_QUIRKS; i++)
		if (c->quirks[i] > 0)
			jw_uint(&j, bmp_quirk_name((enum bmp_quirk)i), c->quirks[i]);
	jw_end_object(&j);
	jw_uint(&j, "incomplete_tail_bytes", tail);
	jw_end_object(&j);
	puts(sbuf_text(&out));
	sbuf_free(&out);
}

/* --- explanation
 * ----------------------------------------------------------------------------------------------------------
 */

static void
begin(struct decode *d)
{
	if (d->begun)
		return;
	d->begun = true;
	sbuf_clear(&d->line);
	explain_begin(&d->x, &d->line, d->json);
}

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct decode *d = ctx;

	count_update(s, p, u);
	if (!d->summary) {
		begin(d);
		explain_update(&d->x, u);
	}
	if (!u->is_end_of_rib)
		bgp_update_check(u->bgp, &u->context, u->faults);
}

static void
explain_peer(struct explain *x, const struct bmp_msg *m)
{
	const struct bmp_peer_header *h = &m->peer;
	struct ip_addr a = bmp_peer_is_v6(h) ? ip_addr_v6(h->address) : ip_addr_v4(h->address + 12);
	char text[64], when[CLOCK_TEXT_MAX];

	explain_open(x, "peer");
	explain_text(
	    x, "address", "%s", h->type == BMP_PEER_LOC_RIB ? "loc-rib" : ip_addr_format(&a, text));
	explain_number(x, "as", h->as);
	explain_text(
	    x, "bgp_id", "%u.%u.%u.%u", h->bgp_id[0], h->bgp_id[1], h->bgp_id[2], h->bgp_id[3]);
	explain_number(x, "type", h->type);
	explain_text(x, "flags", "0x%02x", h->flags);
	explain_text(x, "distinguisher", "%s",
	    bmp_distinguisher_format(h->distinguisher, text, sizeof(text)));
	explain_text(x, "view", "%s", bmp_view_name(bmp_view_of(h)));
	if (h->sec != 0)
		explain_text(
		    x, "time", "%s", clock_format_us((int64_t)h->sec * 1000000 + h->usec, 6, when));
	explain_close(x);
}

static void
explain_tlvs(struct explain *x, struct rd r, const struct bmp_msg *m)
{
	struct faults f = { .n = 0 };
	struct bmp_tlv tlv;
	char name[32];

	while (bmp_tlv_next(&r, m->start, &tlv, &f)) {
		const char *known = NULL;

		if (m->type == BMP_INITIATION && tlv.type <= BMP_INIT_SYS_NAME)
			known = tlv.type == BMP_INIT_SYS_NAME	 ? "sys_name"
				: tlv.type == BMP_INIT_SYS_DESCR ? "sys_descr"
								 : "string";
		else if (m->type == BMP_PEER_UP && tlv.type == BMP_PEER_TABLE_NAME)
			known = "table_name";
		else if (m->type == BMP_PEER_UP &&
			 (tlv.type == BMP_PEER_STRING || tlv.type == BMP_PEER_ADMIN_LABEL))
			known = tlv.type == BMP_PEER_STRING ? "string" : "admin_label";
		if (known != NULL) {
			explain_text(x, known, "%.*s", (int)rd_left(&tlv.value),
			    (const char *)tlv.value.pos);
		} else {
			snprintf(name, sizeof(name), "tlv_%u", tlv.type);
			explain_hex(x, name, tlv.value);
		}
	}
}

static void
explain_stats(struct explain *x, const struct bmp_msg *m)
{
	struct faults f = { .n = 0 };
	struct bmp_stats stats;
	struct bmp_stat st;
	char name[32];

	explain_list(x, "statistics");
	bmp_stats_begin(m, &stats, &f);
	while (bmp_stats_next(m, &stats, &st, &f)) {
		const char *known = bmp_stat_name(st.type);

		if (st.per_family)
			explain_item(x, "%u %s: %s %llu", st.type,
			    known != NULL ? known : "unknown",
			    bgp_family_name(st.family, name, sizeof(name)),
			    (unsigned long long)st.value);
		else
			explain_item(x, "%u %s: %llu", st.type, known != NULL ? known : "unknown",
			    (unsigned long long)st.value);
	}
	explain_list_end(x);
}

static void
explain_body(struct explain *x, const struct bmp_msg *m)
{
	struct faults f = { .n = 0 };
	struct bmp_peer_up up;
	struct bmp_peer_down down;

	switch (m->type) {
	case BMP_INITIATION:
	case BMP_TERMINATION:
	case BMP_ROUTE_MIRRORING:
		explain_tlvs(x, m->body, m);
		break;
	case BMP_PEER_UP:
		if (!bmp_peer_up_parse(m, &up, &f))
			break;
		explain_text(x, "ports", "%u to %u", up.local_port, up.remote_port);
		explain_open_message(x, "sent_open", &up.sent);
		explain_open_message(x, "received_open", &up.received);
		explain_tlvs(x, up.tlvs, m);
		break;
	case BMP_PEER_DOWN:
		if (!bmp_peer_down_parse(m, &down, &f))
			break;
		explain_text(
		    x, "reason", "%u %s", down.reason, bmp_peer_down_reason_name(down.reason));
		if (down.reason == 2)
			explain_number(x, "fsm_event", down.fsm_event);
		if (down.has_notification)
			explain_notification(x, &down.notification);
		break;
	case BMP_STATISTICS:
		explain_stats(x, m);
		break;
	default:
		break;
	}
}

static void
explain_faults(struct decode *d, const struct bmp_stream *s, const struct faults *f)
{
	struct explain *x = &d->x;
	bool any = false;

	if (f->n > 0) {
		explain_list(x, "faults");
		for (uint32_t i = 0; i < f->n && i < FAULTS_MAX; i++)
			explain_item(x, "%s at octet %u, item %u: %s",
			    fault_name((enum fault_code)f->v[i].code), f->v[i].offset, f->v[i].item,
			    fault_text((enum fault_code)f->v[i].code));
		explain_list_end(x);
	}
	for (int q = 0; q < BMP_QUIRKS; q++) {
		if (s->counters.quirks[q] == d->quirks[q])
			continue;
		if (!any)
			explain_list(x, "quirks");
		any = true;
		d->quirks[q] = s->counters.quirks[q];
		explain_item(x, "%s: %s", bmp_quirk_name((enum bmp_quirk)q),
		    bmp_quirk_text((enum bmp_quirk)q));
	}
	if (any)
		explain_list_end(x);
}

static void
on_message(void *ctx, struct bmp_stream *s, const struct bmp_msg *m, const struct faults *f)
{
	struct decode *d = ctx;
	struct sbuf body = d->line;
	struct explain head;
	struct sbuf out = sbuf_of(1 << 24);

	d->number++;
	if (d->summary)
		return;
	begin(d);
	explain_body(&d->x, m);
	explain_faults(d, s, f);
	body = d->line;
	explain_begin(&head, &out, d->json);
	if (d->json) {
		explain_number(&head, "number", d->number);
		explain_number(&head, "offset", d->offset);
		explain_number(&head, "length", m->len);
		explain_text(&head, "type", "%s", bmp_type_name(m->type));
		if (m->has_peer)
			explain_peer(&head, m);
		/* the rest was written before the head was known: join the two objects */
		if (body.len > 1) {
			sbuf_putc(&out, ',');
			sbuf_add(&out, body.data + 1, body.len - 1);
		}
		explain_end(&head);
	} else {
		sbuf_printf(&out, "#%llu %s, %u octets at %llu\n", (unsigned long long)d->number,
		    bmp_type_name(m->type), m->len, (unsigned long long)d->offset);
		if (m->has_peer)
			explain_peer(&head, m);
		sbuf_add(&out, body.data, body.len);
		sbuf_putc(&out, '\n');
	}
	fwrite(out.data, 1, out.len, stdout);
	sbuf_free(&out);
	d->offset += m->len;
	d->begun = false;
}

static const struct bmp_stream_ops ops = { .update = on_update, .message = on_message };

static int
decode_file(const char *path, bool summary, bool json, bool several)
{
	struct decode d = { .summary = summary, .json = json, .line = sbuf_of(1 << 24) };
	struct bmp_stream *s = bmp_stream_new(&ops, &d, MESSAGE_MAX, PEERS_MAX);
	uint64_t tail;
	bool ok;

	if (s == NULL)
		return CLI_NOTHING;
	ok = bmp_file_read(path, s, &tail);
	if (ok && summary)
		print_summary(path, s, tail, several);
	if (ok && s->broken)
		fprintf(stderr, "%s: framing lost after %llu octets: %s\n", path,
		    (unsigned long long)s->counters.bytes,
		    fault_text((enum fault_code)s->broken_by.code));
	else if (ok && tail > 0)
		fprintf(stderr, "%s: ends inside a message, %llu octets left\n", path,
		    (unsigned long long)tail);
	bmp_stream_free(s);
	sbuf_free(&d.line);
	return ok ? CLI_OK : CLI_USAGE;
}

int
cli_decode(int argc, char **argv)
{
	static const struct option options[] = { { "summary", no_argument, NULL, 'S' },
		{ "output", required_argument, NULL, 'o' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	bool summary = false, json = false;
	int opt, rc = CLI_OK;

	while ((opt = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		if (opt == 'S')
			summary = true;
		else if (opt == 'o' && (strcmp(optarg, "json") == 0 || strcmp(optarg, "text") == 0))
			json = optarg[0] == 'j';
		else
			return cli_usage(usage, opt == 'h' ? CLI_OK : CLI_USAGE);
	}
	if (optind >= argc)
		return cli_usage(usage, CLI_USAGE);
	for (int i = optind, n = argc - optind; i < argc; i++) {
		int one = decode_file(argv[i], summary, json, n > 1);

		if (one > rc)
			rc = one;
	}
	return rc;
}
