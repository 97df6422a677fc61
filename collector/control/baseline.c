/* The baseline: shown, and taken anew. Whoever may use the socket may. */
#include "collector/control/control_private.h"

static void
show(struct client *c)
{
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct printer p;

	client_begin(c);
	printer_init(&p, &out, c->format);
	c->control->ops->baseline(c->control->ctx, &p);
	client_put_buffer(c, &out);
	client_done(c);
}

bool
baseline_request(struct client *c, const struct control_request *r)
{
	const struct control *control = c->control;
	const char *why = control_request_value(r, "why", "");
	char who[RECORD_NAME_MAX], says[512];

	if (strcmp(r->verb, "baseline") != 0)
		return false;
	if (control_request_is(r, "do", "show")) {
		show(c);
	} else if (!control_request_is(r, "do", "reset")) {
		client_refuse(c, "do what with the baseline? right would be show or reset");
	} else if (strlen(why) >= RECORD_VALUE_MAX) {
		client_refuse(c, "say why in less than 160 octets");
	} else {
		client_user(c, r, who, sizeof(who));
		if (control->ops->baseline_reset(control->ctx, who, why, says, sizeof(says)))
			client_say(c, says);
		else
			client_refuse(c, says);
	}
	return true;
}
