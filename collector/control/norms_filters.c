/*
 * Action 1, what filters of neighbours can be made of: the lists of what they may announce
 * (neighbors.lists), as they are now, and the limits on how many routes they may send. Rows of
 * customers, and of whoever has a list:
 *
 *   {"row": "filter", "asn": ..., "list": "whole", "list_prefixes": ..., "limits": [...]}
 *
 * Whether a route is in the list is a rule (route.unlisted), and counted as every other.
 */
#include "collector/control/control_private.h"
#include "collector/norms/report.h"

enum { DAY_S = 86400 };

struct filters {
	const struct control *control;
	struct sbuf *out;
	struct jw row; /* that is open: of this AS; 0: none is */
	uint32_t asn;
	/* its list */
	unsigned files, unread, held, stale;
	uint32_t oldest_day;
	size_t prefixes, asns;
};

static void
add_list(void *ctx, const struct control_list *l)
{
	struct filters *f = ctx;

	if (l->asn != f->asn)
		return;
	f->files++;
	f->unread += !l->read;
	f->held += l->held;
	f->stale += l->stale;
	f->prefixes += l->prefixes;
	f->asns += l->asns;
	if (l->read && (f->oldest_day == 0 || l->day < f->oldest_day))
		f->oldest_day = l->day;
}

/* What is worst of its files. */
static const char *
state_of(const struct filters *f)
{
	return f->files == 0   ? "none"
	       : f->unread > 0 ? "missing"
	       : f->stale > 0  ? "old"
	       : f->held > 0   ? "held"
			       : "whole";
}

static void
end_row(struct filters *f)
{
	if (f->asn == 0)
		return;
	jw_end_array(&f->row);
	jw_end_object(&f->row);
	sbuf_putc(f->out, '\n');
	f->asn = 0;
}

static void
begin_row(struct filters *f, const struct norm_session *s)
{
	char day[NORM_DAY_MAX];

	f->asn = s->asn;
	f->files = f->unread = f->held = f->stale = 0;
	f->oldest_day = 0;
	f->prefixes = f->asns = 0;
	f->control->ops->lists(f->control->ctx, add_list, f);
	if (f->files == 0 && !relation_is_customer(s->relation)) {
		f->asn = 0;
		return;
	}
	f->row = jw_to(f->out);
	jw_object(&f->row, NULL);
	jw_string(&f->row, "row", "filter");
	jw_uint(&f->row, "asn", s->asn);
	jw_string(&f->row, "relation", relation_name(s->relation));
	jw_string(&f->row, "list", state_of(f));
	if (f->files > 0) {
		jw_uint(&f->row, "list_files", f->files);
		jw_uint(&f->row, "list_prefixes", f->prefixes);
		jw_uint(&f->row, "list_asns", f->asns);
	}
	if (f->oldest_day != 0)
		jw_string(&f->row, "list_day", norm_day_text((int64_t)f->oldest_day * DAY_S, day));
	jw_array(&f->row, "limits");
}

static const char *
nearness_of(const struct norm_session *s)
{
	return s->limit == 0							   ? "none"
	       : s->most > s->limit						   ? "over"
	       : (uint64_t)s->most * 100 >= (uint64_t)s->limit * NORM_NEAR_PERCENT ? "near"
										   : "kept";
}

static void
put_session(void *ctx, const struct norm_session *s)
{
	struct filters *f = ctx;

	if (f->asn != s->asn) {
		end_row(f);
		begin_row(f, s);
	}
	if (f->asn == 0)
		return;
	jw_object(&f->row, NULL);
	jw_string(&f->row, "session", s->name);
	jw_string(&f->row, "family", s->ipv6 ? "ipv6" : "ipv4");
	jw_string(&f->row, "state", nearness_of(s));
	jw_uint(&f->row, "most", s->most);
	if (s->limit > 0) {
		jw_uint(&f->row, "limit", s->limit);
		jw_uint(&f->row, "headroom", s->most < s->limit ? s->limit - s->most : 0);
	}
	jw_end_object(&f->row);
}

void
norms_put_filters(const struct control *control, struct norm_report *report, struct sbuf *out)
{
	struct filters f = { .control = control, .out = out };

	norm_report_sessions(report, put_session, &f);
	end_row(&f);
}
