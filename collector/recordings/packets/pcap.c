/* Captures of the old form, read by libpcap from a source: its one home. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "collector/recordings/packets/link.h"
#include "collector/recordings/packets/packets.h"
#include "collector/recordings/reader.h"
#include "collector/recordings/source.h"

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

static bool
detect_pcap(const uint8_t *at, size_t n)
{
	static const uint8_t magic[][4] = { { 0xa1, 0xb2, 0xc3, 0xd4 }, { 0xd4, 0xc3, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0x3c, 0x4d }, { 0x4d, 0x3c, 0xb2, 0xa1 } };

	for (size_t i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
		if (n >= 4 && memcmp(at, magic[i], 4) == 0)
			return true;
	return false;
}

static bool
read_pcap(struct reader *r)
{
	pcap_t *p = open_capture(r);
	struct packets *t = p != NULL ? packets_new(r) : NULL;
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
			packets_add(t, type, frame, h->caplen, h->len,
			    packets_time(h->ts.tv_sec, h->ts.tv_usec));
		if (rc == PCAP_ERROR) {
			reader_warn(r, "%s: after %llu packets: %s", r->path,
			    (unsigned long long)r->counts.records, pcap_geterr(p));
			ok = r->counts.records >
			     0; /* the file is cut short: what was there has been read */
		}
		packets_end(t);
	}
	packets_free(t);
	if (p != NULL)
		pcap_close(p);
	return ok;
}

const struct recording_reader pcap_reader = {
	.name = "pcap", .detect = detect_pcap, .read = read_pcap
};
