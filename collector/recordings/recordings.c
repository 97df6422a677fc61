#include "collector/recordings/recordings.h"

#include <string.h>

#include "collector/recordings/framer.h"
#include "collector/recordings/reader.h"
#include "collector/recordings/source.h"

static const struct recording_reader *const readers[RECORDING_FORMATS] = {
	[RECORDING_PCAP] = &pcap_reader,
	[RECORDING_PCAPNG] = &pcapng_reader,
	[RECORDING_OPENBMP] = &openbmp_reader,
	[RECORDING_MRT] = &mrt_reader,
	[RECORDING_BMP] = &raw_reader,
};

const char *
recording_format_name(enum recording_format f)
{
	return (unsigned)f < RECORDING_FORMATS ? readers[f]->name : "unknown";
}

enum recording_format
recording_detect(struct source *s, size_t *n)
{
	const uint8_t *at;
	ssize_t got = source_peek(s, &at, DETECT_OCTETS);
	unsigned f = 0;

	*n = got > 0 ? (size_t)got : 0;
	while (!readers[f]->detect(at, *n)) /* the last one takes all */
		f++;
	if (f != RECORDING_BMP || framer_plausible(at, *n))
		return (enum recording_format)f;
	got = source_peek(s, &at, DETECT_DAMAGED_OCTETS);
	for (f = 0; f < RECORDING_FORMATS && got > 0; f++)
		if (readers[f]->detect_behind != NULL && readers[f]->detect_behind(at, (size_t)got))
			return (enum recording_format)f;
	return RECORDING_BMP;
}

int
recording_read(
    const char *path, const struct recording_ops *ops, void *ctx, struct recording_counts *counts)
{
	const char *slash = strrchr(path, '/');
	struct reader r = {
		.path = path, .name = slash != NULL ? slash + 1 : path, .ops = ops, .ctx = ctx
	};
	char error[SOURCE_ERROR_MAX];
	size_t n;
	bool ok;

	if (counts != NULL)
		memset(counts, 0, sizeof(*counts));
	r.source = source_open(path, error, sizeof(error));
	if (r.source == NULL) {
		reader_warn(&r, "%s", error);
		return -1;
	}
	r.counts.format = recording_detect(r.source, &n);
	r.counts.packing = source_packing(r.source);
	ok = readers[r.counts.format]->read(&r);
	if (source_error(r.source)[0] != '\0') {
		reader_warn(&r, "%s", source_error(r.source));
		ok = false;
	}
	source_close(r.source);
	if (counts != NULL)
		*counts = r.counts;
	return r.stopped ? 1 : ok ? 0 : -1;
}
