#include "collector/recordings/records.h"

#include <stdio.h>

#include "collector/recordings/openbmp/window.h"
#include "collector/recordings/reader.h"
#include "collector/recordings/source.h"
#include "parsers/mrt/mrt.h"

struct reading {
	const char *path;
	const struct recording_records_ops *ops;
	void *ctx;
	enum recording_format format;
	struct window window;
	uint64_t offset;
};

static void
warn_at(const struct reading *r, const char *what)
{
	char text[512];

	snprintf(text, sizeof(text), "%.300s: after %llu octets: %s", r->path,
	    (unsigned long long)r->offset, what);
	r->ops->warn(r->ctx, text);
}

static size_t
next_mrt(struct reading *r)
{
	struct faults f = { .n = 0 };
	int64_t n = 0;

	if (window_need(&r->window, MRT_HEADER_LEN))
		n = mrt_frame(window_at(&r->window), r->window.n, MRT_RECORD_MAX, &f);
	if (n < 0) {
		warn_at(r, fault_text((enum fault_code)f.v[0].code));
		r->window.n = 0; /* its end is nowhere */
		return 0;
	}
	return n > 0 && window_need(&r->window, (size_t)n) ? (size_t)n : 0;
}

static size_t
next_openbmp(struct reading *r)
{
	uint64_t passed;
	size_t n = openbmp_window_next(&r->window, &passed);
	char text[96];

	if (passed > 0) {
		snprintf(text, sizeof(text),
		    "%llu octets are no OpenBMP message of version 1: passed over",
		    (unsigned long long)passed);
		warn_at(r, text);
		r->offset += passed;
	}
	return n;
}

/* Octets of the record at the window's front, 0 at the end; errors have been reported then. */
static size_t
next(struct reading *r)
{
	size_t n = r->format == RECORDING_MRT ? next_mrt(r) : next_openbmp(r);

	if (n == 0 && r->window.n > 0)
		warn_at(r, "ends inside a record");
	return n;
}

static int
read_all(struct reading *r)
{
	size_t n;

	while ((n = next(r)) > 0) {
		if (!r->ops->record(r->ctx, r->format, window_at(&r->window), n, r->offset))
			return 1;
		r->offset += n;
		window_done(&r->window, n);
	}
	return 0;
}

int
recording_records(const char *path, const struct recording_records_ops *ops, void *ctx)
{
	struct reading r = { .path = path, .ops = ops, .ctx = ctx };
	char error[SOURCE_ERROR_MAX];
	struct source *s = source_open(path, error, sizeof(error));
	const uint8_t *at;
	ssize_t n;
	int rc = -1;

	if (s == NULL) {
		ops->warn(ctx, error);
		return -1;
	}
	n = source_peek(s, &at, DETECT_OCTETS);
	r.format = recording_detect(at, n > 0 ? (size_t)n : 0);
	if (n == 0) {
		snprintf(error, sizeof(error), "%.200s: empty", path);
		ops->warn(ctx, error);
		rc = 0;
	} else if (r.format != RECORDING_MRT && r.format != RECORDING_OPENBMP) {
		snprintf(error, sizeof(error), "%.200s: neither MRT nor OpenBMP, but %s", path,
		    recording_format_name(r.format));
		ops->warn(ctx, error);
	} else if (window_init(&r.window, s, OPENBMP_MESSAGE_MAX)) {
		rc = read_all(&r);
		window_fini(&r.window);
	}
	if (source_error(s)[0] != '\0') {
		ops->warn(ctx, source_error(s));
		rc = -1;
	}
	source_close(s);
	return rc;
}
