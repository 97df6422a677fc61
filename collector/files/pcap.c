/* Captures (pcap, pcapng), read by libpcap from a source: its one home. */
#include <pcap/pcap.h>
#include <stdio.h>

#include "collector/files/internal.h"
#include "collector/files/tcp.h"

static ssize_t
cookie_read(void *cookie, char *buf, size_t n)
{
	struct reader *r = cookie;
	ssize_t got = source_read(r->source, buf, n);

	if (got > 0)
		r->counts.octets += (uint64_t)got;
	return got;
}

static pcap_t *
open_capture(struct reader *r)
{
	static const cookie_io_functions_t io = { .read = cookie_read };
	char error[PCAP_ERRBUF_SIZE] = "out of memory";
	FILE *f = fopencookie(r, "rb", io);
	pcap_t *p = f != NULL ? pcap_fopen_offline(f, error) : NULL;

	if (p == NULL) {
		reader_warn(r, "%s: %s", r->path, error);
		if (f != NULL)
			fclose(f);
	}
	return p;
}

/* Microseconds since 1970; 0, not known, for what a damaged file makes of a time. */
static int64_t
time_of(const struct pcap_pkthdr *h)
{
	int64_t us;

	if (__builtin_mul_overflow((int64_t)h->ts.tv_sec, 1000000, &us) ||
	    __builtin_add_overflow(us, (int64_t)h->ts.tv_usec, &us) || us < 0)
		return 0;
	return us;
}

static void
take_packet(
    struct reader *r, struct tcp *t, int type, const struct pcap_pkthdr *h, const uint8_t *frame)
{
	static const char *const words[] = { NULL, NULL, "IP fragments", "headers cut short" };
	struct tcp_segment s;
	enum link_result is = link_tcp(type, frame, h->caplen, h->len, &s);

	r->counts.records++;
	if (is == LINK_TCP) {
		tcp_take(t, &s, time_of(h));
		return;
	}
	r->counts.skipped++;
	if (words[is] != NULL)
		reader_warn(r, "%s: packet %llu: %s are not read", r->path,
		    (unsigned long long)r->counts.records, words[is]);
}

bool
read_pcap(struct reader *r)
{
	pcap_t *p = open_capture(r);
	struct tcp *t = p != NULL ? tcp_new(r) : NULL;
	struct pcap_pkthdr *h;
	const u_char *frame;
	int type, rc = 1;
	bool ok = t != NULL;

	if (ok) {
		type = pcap_datalink(p);
		if (!link_known(type)) {
			reader_warn(r, "%s: link type %d (%s) is not read", r->path, type,
			    pcap_datalink_val_to_name(type));
			ok = false;
		}
		while (ok && !r->stopped && (rc = pcap_next_ex(p, &h, &frame)) == 1)
			take_packet(r, t, type, h, frame);
		if (rc == PCAP_ERROR) {
			reader_warn(r, "%s: after %llu packets: %s", r->path,
			    (unsigned long long)r->counts.records, pcap_geterr(p));
			ok = r->counts.records > 0; /* cut short: what was there has been read */
		}
		tcp_end(t);
	}
	tcp_free(t);
	if (p != NULL)
		pcap_close(p);
	return ok;
}
