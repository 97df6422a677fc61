/*
 * Action 2, traffic with spoofed sources: the permit lists of customers (collector/sav), as they
 * are now. Whether routers drop what is in none no routing protocol says; what can be judged is
 * whether there is a list for each customer that a filter could be made of, and whether it is to be
 * trusted.
 *
 *   {"row": "permit", "asn": ..., "state": ..., "prefixes": ..., "gap": ...}   of each customer
 *   {"row": "action", "action": 2, "light": ..., "customers": ...}
 */
#include "collector/control/control_private.h"
#include "collector/norms/report.h"

enum { SECOND_US = 1000000, STATES = CONTROL_SAV_MISSING + 2, NO_LIST = STATES - 1 };

static const char *const names[STATES] = { [CONTROL_SAV_NOT_YET] = "not-yet",
	[CONTROL_SAV_INCOMPLETE] = "incomplete",
	[CONTROL_SAV_WHOLE] = "whole",
	[CONTROL_SAV_SHRUNKEN] = "shrunken",
	[CONTROL_SAV_MISSING] = "missing",
	[NO_LIST] = "none" };

struct permits {
	const struct control *control;
	struct sbuf *out;
	unsigned customers, by[STATES];
	struct control_sav_list now; /* of the customer that is looked at */
};

static void
find(void *ctx, const struct control_sav_list *l)
{
	struct permits *p = ctx;

	if (l->asn == p->now.asn)
		p->now = *l;
}

static void
put_customer(void *ctx, uint32_t asn)
{
	struct permits *p = ctx;
	struct jw j = jw_to(p->out);

	p->now = (struct control_sav_list){ .asn = asn, .state = NO_LIST, .gap = "" };
	p->control->ops->sav_lists(p->control->ctx, find, p);
	p->customers++;
	p->by[p->now.state]++;
	jw_object(&j, NULL);
	jw_string(&j, "row", "permit");
	jw_uint(&j, "asn", asn);
	jw_string(&j, "state", names[p->now.state]);
	if (p->now.state != NO_LIST)
		jw_uint(&j, "prefixes", p->now.prefixes);
	if (p->now.made_us != 0)
		jw_uint(&j, "made_s", (uint64_t)(p->now.made_us / SECOND_US));
	if (p->now.gap[0] != '\0')
		jw_string(&j, "gap", p->now.gap);
	jw_end_object(&j);
	sbuf_putc(p->out, '\n');
}

/* A list that lost much, or lacks what is the customer's, would drop packets of the innocent: that
 * is worse than none. Where nobody keeps any list there is nothing to judge. */
static enum norm_light
light_of(const struct permits *p)
{
	if (p->by[CONTROL_SAV_SHRUNKEN] + p->by[CONTROL_SAV_MISSING] > 0)
		return LIGHT_RED;
	if (p->customers == p->by[NO_LIST] + p->by[CONTROL_SAV_NOT_YET])
		return LIGHT_GREY;
	return p->by[CONTROL_SAV_WHOLE] == p->customers ? LIGHT_GREEN : LIGHT_YELLOW;
}

void
norms_put_sav(const struct control *control, struct norm_report *report, struct sbuf *out)
{
	struct permits p = { .control = control, .out = out };
	struct jw j;

	norm_report_customers(report, put_customer, &p);
	j = jw_to(out);
	jw_object(&j, NULL);
	jw_string(&j, "row", "action");
	jw_uint(&j, "action", 2);
	jw_string(&j, "light", norm_light_name((uint8_t)light_of(&p)));
	jw_bool(&j, "of_now", true);
	jw_uint(&j, "customers", p.customers);
	jw_uint(&j, "whole", p.by[CONTROL_SAV_WHOLE]);
	jw_uint(&j, "shrunken", p.by[CONTROL_SAV_SHRUNKEN]);
	jw_uint(&j, "missing", p.by[CONTROL_SAV_MISSING]);
	jw_uint(&j, "incomplete", p.by[CONTROL_SAV_INCOMPLETE]);
	jw_uint(&j, "not_yet", p.by[CONTROL_SAV_NOT_YET]);
	jw_uint(&j, "without_list", p.by[NO_LIST]);
	jw_end_object(&j);
	sbuf_putc(out, '\n');
}
