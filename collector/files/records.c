#include "collector/files/records.h"

#include <stdio.h>

#include "collector/files/internal.h"
#include "parsers/mrt.h"
#include "parsers/openbmp.h"

enum { OPENBMP_MAX = 17 * 1024 * 1024, LOOK = 64 };

struct reading {
	const char *path;
	const struct files_records_ops *ops;
	void *ctx;
	enum files_format format;
	struct window window;
	uint64_t offset;
};

static void
say(const struct reading *r, const char *what)
{
	char text[512];

	snprintf(text, sizeof(text), "%.300s: after %llu octets: %s", r->path,
	    (unsigned long long)r->offset, what);
	r->ops->warn(r->ctx, text);
}

/* Octets of the record at the window's front, 0 at the end; what is wrong has been said then. */
static size_t
next(struct reading *r)
{
	struct faults f = { .n = 0 };
	size_t want = r->format == FILES_MRT ? MRT_HEADER_LEN : 2;
	int64_t n = 0;

	while (n == 0 && window_need(&r->window, want)) {
		const uint8_t *at = window_at(&r->window);

		n = r->format == FILES_MRT ? mrt_frame(at, r->window.n, MRT_RECORD_MAX, &f)
					   : openbmp_frame(at, r->window.n, OPENBMP_MAX, &f);
		want = r->window.n + 1;
	}
	if (n < 0)
		say(r, fault_text((enum fault_code)f.v[0].code));
	else if (n > 0 && window_need(&r->window, (size_t)n))
		return (size_t)n;
	else if (r->window.n > 0)
		say(r, "ends inside a record");
	return 0;
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
files_records(const char *path, const struct files_records_ops *ops, void *ctx)
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
	n = source_peek(s, &at, LOOK);
	r.format = files_detect(at, n > 0 ? (size_t)n : 0);
	if (r.format != FILES_MRT && r.format != FILES_OPENBMP) {
		snprintf(error, sizeof(error), "%.200s: neither MRT nor OpenBMP, but %s", path,
		    files_format_name(r.format));
		ops->warn(ctx, error);
	} else if (window_init(&r.window, s, OPENBMP_MAX)) {
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
