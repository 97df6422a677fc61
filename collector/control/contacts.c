/* Whom to call: at ours, what others find of us, and at each neighbour. */
#include "collector/control/control_private.h"

const char *
contact_state_name(uint8_t state)
{
	static const char *const names[] = { "known", "stale", "missing" };

	return state <= CONTACT_MISSING ? names[state] : "";
}

static void
put_us(struct printer *p, const struct contact_of_us *us, const struct detect *detect)
{
	const uint32_t *asns;
	size_t n = detect_own_asns(detect, &asns);

	printer_row(p, show_verbs[SHOW_CONTACTS].columns, NULL);
	printer_string(p, "who", "us");
	if (n > 0)
		printer_uint(p, "asn", asns[0]); /* the one that others see */
	printer_string(p, "name", us->name);
	printer_string(p, "email", us->email);
	printer_string(p, "phone", us->phone);
	printer_cell(p, "contact", "%s%s%s", us->email,
	    us->email[0] != '\0' && us->phone[0] != '\0' ? ", " : "", us->phone);
	printer_string(
	    p, "state", us->email[0] != '\0' || us->phone[0] != '\0' ? "known" : "missing");
	printer_cell(p, "from", "contacts");
	printer_end(p);
}

static void
put(void *ctx, const struct contact_seen *s)
{
	char date[RECORD_DATE_MAX];
	struct printer *p = ctx;

	printer_row(
	    p, show_verbs[SHOW_CONTACTS].columns, s->state == CONTACT_MISSING ? PRINTER_RED : NULL);
	printer_string(p, "who", s->own ? "own" : "neighbor");
	printer_uint(p, "asn", s->asn);
	printer_string(p, "relation", s->own ? "" : relation_name(s->relation));
	printer_string(p, "name", s->name);
	printer_string(p, "contact", s->contact);
	printer_string(p, "state", contact_state_name(s->state));
	printer_string(p, "of", s->day != 0 ? record_date(s->day, date) : "");
	printer_string(p, "registry", s->registry);
	printer_string(p, "from", s->from);
	if (s->contact[0] == '\0' && s->registry[0] != '\0')
		printer_cell(p, "from", "the registry is %s", s->registry);
	printer_end(p);
}

void
contacts_request(struct client *c)
{
	const struct control *control = c->control;
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct contact_of_us us = { "", "", "" };
	struct printer p;

	client_begin(c);
	printer_init(&p, &out, c->format);
	printer_heading(&p, show_verbs[SHOW_CONTACTS].columns);
	control->ops->contact_of_us(control->ctx, &us);
	put_us(&p, &us, control->ops->detect(control->ctx));
	control->ops->contacts(control->ctx, put, &p);
	client_put_buffer(c, &out);
	client_done(c);
}
