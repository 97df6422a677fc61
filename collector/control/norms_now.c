/* Of the norms of routing security, what is not kept but so now: whom nobody knows to call (Action
 * 3), and what the RPKI data says of our prefixes and AS numbers (Action 4). */
#include "base/clock.h"
#include "collector/control/control_private.h"
#include "collector/rpki/vrp_expiry.h"

static const int64_t SECOND_US = 1000000;

/* --- rows */

struct jw
norms_action(struct sbuf *out, unsigned action, enum norm_light light)
{
	struct jw j = jw_to(out);

	jw_object(&j, NULL);
	jw_string(&j, "row", "action");
	jw_uint(&j, "action", action);
	jw_string(&j, "light", norm_light_name((uint8_t)light));
	jw_bool(&j, "of_now", action != 1); /* whatever month is asked for */
	return j;
}

void
norms_action_end(struct jw *j)
{
	jw_end_object(j);
	sbuf_putc(j->out, '\n');
}

/* --- Action 3 */

struct contact_counts {
	struct sbuf *out;
	const struct aspa_set *aspas;
	unsigned neighbors, n[CONTACT_MISSING + 1]; /* by enum contact_state */
	unsigned own, own_worst;		    /* the same; of ours */
};

static void
put_contact(void *ctx, const struct contact_seen *s)
{
	struct contact_counts *counts = ctx;
	struct jw j = jw_to(counts->out);
	char date[RECORD_DATE_MAX];
	size_t providers;

	if (s->own) {
		counts->own++;
		counts->own_worst = s->state > counts->own_worst ? s->state : counts->own_worst;
	} else {
		counts->neighbors++;
		counts->n[s->state]++;
	}
	jw_object(&j, NULL);
	jw_string(&j, "row", "contact");
	jw_uint(&j, "asn", s->asn);
	jw_bool(&j, "own", s->own);
	jw_string(&j, "relation", s->own ? "" : relation_name(s->relation));
	jw_string(&j, "name", s->name);
	jw_string(&j, "contact", s->contact);
	jw_string(&j, "state", contact_state_name(s->state));
	jw_string(&j, "of", s->day != 0 ? record_date(s->day, date) : "");
	jw_string(&j, "registry", s->registry);
	jw_string(&j, "from", s->from);
	if (aspa_providers(counts->aspas, s->asn, &providers) != NULL)
		jw_uint(&j, "aspa_providers", providers); /* absent: it has no ASPA */
	jw_end_object(&j);
	sbuf_putc(counts->out, '\n');
}

/* Of whom nobody knows whom to call, and by what is old; and what others find of us, where a file
 * says what they find. */
static enum norm_light
light_of_contacts(const struct contact_counts *c)
{
	if (c->neighbors == 0)
		return LIGHT_GREY;
	if (c->n[CONTACT_MISSING] == c->neighbors)
		return LIGHT_RED;
	return c->n[CONTACT_KNOWN] == c->neighbors && c->own_worst == CONTACT_KNOWN ? LIGHT_GREEN
										    : LIGHT_YELLOW;
}

static void
put_action_3(const struct control *control, struct sbuf *out)
{
	struct contact_counts n = { .out = out, .aspas = control->ops->aspas(control->ctx) };
	struct contact_of_us us = { "", "", "" };
	struct jw j;

	control->ops->contact_of_us(control->ctx, &us);
	control->ops->contacts(control->ctx, put_contact, &n);
	j = norms_action(out, 3, light_of_contacts(&n));
	jw_uint(&j, "neighbors", n.neighbors);
	jw_uint(&j, "without_contact", n.n[CONTACT_MISSING]);
	jw_uint(&j, "stale", n.n[CONTACT_STALE]);
	jw_string(
	    &j, "own_published", n.own > 0 ? contact_state_name((uint8_t)n.own_worst) : "not-seen");
	jw_bool(&j, "own_configured", us.email[0] != '\0' || us.phone[0] != '\0');
	norms_action_end(&j);
}

/* --- Action 4 */

struct own_counts {
	struct sbuf *out;
	unsigned n, by[OWN_ROA_COVERED + 1], expiring;
	int64_t now_s;
};

static void
put_own(void *ctx, const struct own_roa *o)
{
	static const char *const names[] = { [OWN_ROA_UNKNOWN] = "unknown",
		[OWN_ROA_NONE] = "none",
		[OWN_ROA_OTHERS] = "others",
		[OWN_ROA_LOOSE] = "loose",
		[OWN_ROA_COVERED] = "covered" };
	struct own_counts *counts = ctx;
	char text[IP_PREFIX_TEXT_MAX], time[40];
	struct jw j = jw_to(counts->out);

	counts->n++;
	counts->by[o->state]++;
	jw_object(&j, NULL);
	jw_string(&j, "row", "own");
	jw_string(&j, "prefix", ip_prefix_format(&o->prefix, text));
	jw_string(&j, "state", names[o->state]);
	jw_bool(&j, "derived", o->derived);
	jw_string(&j, "roa", o->roa);
	if (o->expires_s != 0) {
		jw_string(&j, "expires", clock_format_us(o->expires_s * SECOND_US, 0, time));
		counts->expiring += o->expires_s - counts->now_s <= VRP_EXPIRY_SOON_S;
	}
	jw_end_object(&j);
	sbuf_putc(counts->out, '\n');
}

/* Own AS numbers, and whether they have an ASPA. Returns how many have none. */
static unsigned
put_asns(const struct control *control, struct sbuf *out)
{
	const struct aspa_set *aspas = control->ops->aspas(control->ctx);
	const uint32_t *asns, *providers;
	size_t n = detect_own_asns(control->ops->detect(control->ctx), &asns), providers_n;
	unsigned without = 0;

	for (size_t i = 0; i < n; i++) {
		struct jw j = jw_to(out);

		providers = aspa_providers(aspas, asns[i], &providers_n);
		without += providers == NULL;
		jw_object(&j, NULL);
		jw_string(&j, "row", "asn");
		jw_uint(&j, "asn", asns[i]);
		jw_bool(&j, "aspa", providers != NULL);
		jw_uint(&j, "providers", providers_n);
		jw_array(&j, "provider_list");
		for (size_t k = 0; k < providers_n; k++)
			jw_uint(&j, NULL, providers[k]);
		jw_end_array(&j);
		jw_end_object(&j);
		sbuf_putc(out, '\n');
	}
	return without;
}

static void
put_action_4(const struct control *control, struct sbuf *out)
{
	struct own_counts n = { .out = out, .now_s = clock_wall_us() / SECOND_US };
	enum rpki_state state = control->ops->rpki_state(control->ctx);
	unsigned without;
	struct jw j;

	control->ops->own_roas(control->ctx, put_own, &n);
	without = put_asns(control, out);
	j = norms_action(out, 4,
	    n.n == 0 || n.by[OWN_ROA_UNKNOWN] > 0 || state != RPKI_WHOLE ? LIGHT_GREY
	    : n.by[OWN_ROA_OTHERS] > 0					 ? LIGHT_RED
	    : n.by[OWN_ROA_NONE] + n.by[OWN_ROA_LOOSE] + n.expiring > 0	 ? LIGHT_YELLOW
									 : LIGHT_GREEN);
	jw_string(&j, "rpki_state", rpki_state_name(state));
	jw_uint(&j, "prefixes", n.n);
	jw_uint(&j, "covered", n.by[OWN_ROA_COVERED] + n.by[OWN_ROA_LOOSE]);
	jw_uint(&j, "loose", n.by[OWN_ROA_LOOSE]);
	jw_uint(&j, "uncovered", n.by[OWN_ROA_NONE]);
	jw_uint(&j, "expiring", n.expiring);
	jw_uint(&j, "wrong", n.by[OWN_ROA_OTHERS]);
	jw_uint(&j, "asns_without_aspa", without);
	norms_action_end(&j);
}

void
norms_now(const struct control *control, struct sbuf *out)
{
	put_action_3(control, out);
	put_action_4(control, out);
}
