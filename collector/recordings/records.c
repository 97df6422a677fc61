#include "collector/recordings/records.h"

#include <stdio.h>

#include "collector/recordings/mrt/walk.h"
#include "collector/recordings/openbmp/window.h"
#include "collector/recordings/reader.h"
#include "collector/recordings/source.h"

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

static int
read_openbmp(struct reading *r)
{
	size_t n;

	while ((n = next_openbmp(r)) > 0) {
		if (!r->ops->record(r->ctx, RECORDING_OPENBMP, window_at(&r->window), n, r->offset))
			return 1;
		r->offset += n;
		window_done(&r->window, n);
	}
	if (r->window.n > 0)
		warn_at(r, "ends inside a record");
	return 0;
}

static int
read_mrt(struct reading *r)
{
	struct mrt_item item;
	struct mrt_walk walk;

	mrt_walk_begin(&walk, &r->window);
	while (mrt_walk_next(&walk, &item)) {
		bool more =
		    item.lost ? r->ops->lost(r->ctx, item.at, item.n, item.offset)
			      : r->ops->record(r->ctx, RECORDING_MRT, item.at, item.n, item.offset);

		if (!more)
			return 1;
	}
	return 0;
}

int
recording_records(const char *path, const struct recording_records_ops *ops, void *ctx)
{
	struct reading r = { .path = path, .ops = ops, .ctx = ctx };
	char error[SOURCE_ERROR_MAX];
	struct source *s = source_open(path, error, sizeof(error));
	size_t n;
	int rc = -1;

	if (s == NULL) {
		ops->warn(ctx, error);
		return -1;
	}
	r.format = recording_detect(s, &n);
	if (n == 0) {
		snprintf(error, sizeof(error), "%.200s: empty", path);
		ops->warn(ctx, error);
		rc = 0;
	} else if (r.format != RECORDING_MRT && r.format != RECORDING_OPENBMP) {
		snprintf(error, sizeof(error), "%.200s: neither MRT nor OpenBMP, but %s", path,
		    recording_format_name(r.format));
		ops->warn(ctx, error);
	} else if (window_init(&r.window, s,
		       r.format == RECORDING_MRT ? (size_t)MRT_WALK_MAX : OPENBMP_MESSAGE_MAX)) {
		rc = r.format == RECORDING_MRT ? read_mrt(&r) : read_openbmp(&r);
		window_fini(&r.window);
	}
	if (source_error(s)[0] != '\0') {
		ops->warn(ctx, source_error(s));
		rc = -1;
	}
	source_close(s);
	return rc;
}
