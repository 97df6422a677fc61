#include "collector/recordings/packets/packets.h"

#include <stdlib.h>
#include <string.h>

#include "collector/recordings/packets/fragments.h"
#include "collector/recordings/packets/link.h"
#include "collector/recordings/tcp/tcp.h"

enum { KINDS = 24 };

struct packets {
	struct reader *reader;
	struct tcp *tcp;
	struct fragments *fragments;
	struct note cut_short;
	struct {
		const char *name;
		uint64_t n;
	} unread[KINDS];
};

struct packets *
packets_new(struct reader *r)
{
	struct packets *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->reader = r;
	p->tcp = tcp_new(r);
	p->fragments = fragments_new();
	if (p->tcp != NULL && p->fragments != NULL)
		return p;
	packets_free(p);
	return NULL;
}

void
packets_free(struct packets *p)
{
	if (p == NULL)
		return;
	tcp_free(p->tcp);
	fragments_free(p->fragments);
	free(p);
}

static void
count_unread(struct packets *p, const char *name)
{
	for (int i = 0; i < KINDS; i++) {
		if (p->unread[i].n == 0)
			p->unread[i].name = name;
		if (strcmp(p->unread[i].name, name) == 0) {
			p->unread[i].n++;
			return;
		}
	}
}

void
packets_add(struct packets *p, int link, const uint8_t *frame, size_t captured, size_t sent,
    int64_t time_us)
{
	struct link_packet packet;
	struct cursor whole;
	enum link_result is = link_tcp(link, frame, captured, sent, &packet);

	p->reader->counts.records++;
	/* put together it may be a fragment again: of a packet in a tunnel */
	for (int i = 0; is == LINK_FRAGMENT && i < 3; i++) {
		if (!fragments_add(p->fragments, &packet.fragment, time_us, &whole))
			return;
		is = link_reassembled(whole, &packet.fragment, &packet);
	}
	if (is == LINK_TCP) {
		tcp_add(p->tcp, &packet.tcp, time_us);
		return;
	}
	p->reader->counts.skipped++;
	if (is == LINK_UNREAD)
		count_unread(p, packet.unread);
	if (is == LINK_SHORT)
		reader_note(p->reader, &p->cut_short, 1, "packet %llu: headers cut short",
		    (unsigned long long)p->reader->counts.records);
}

void
packets_skip(struct packets *p)
{
	p->reader->counts.records++;
	p->reader->counts.skipped++;
}

void
packets_end(struct packets *p)
{
	struct reader *r = p->reader;
	struct fragments_lost lost = fragments_lost(p->fragments);

	tcp_end(p->tcp);
	reader_note_end(r, &p->cut_short, "packets with headers cut short");
	for (int i = 0; i < KINDS && p->unread[i].n > 0; i++)
		reader_warn(r, "%s: packets not looked into: %llu of %s", r->path,
		    (unsigned long long)p->unread[i].n, p->unread[i].name);
	r->counts.skipped += lost.fragments;
	if (lost.packets > 0)
		reader_warn(r,
		    "%s: IP packets that are not whole: %llu (%llu fragments are left out)",
		    r->path, (unsigned long long)lost.packets, (unsigned long long)lost.fragments);
}
