/* A made-up incident. Whoever may use the socket may. */
#include <math.h>
#include <stdlib.h>

#include "collector/control/control_private.h"

enum { FOR_MAX_S = 3600 };

static void
answer(struct client *c, const char *id, const char *says)
{
	struct sbuf out = sbuf_of(PIECE_MAX), *text;
	struct printer p;

	client_begin(c);
	printer_init(&p, &out, c->format);
	printer_row(&p, NULL, NULL);
	if ((text = printer_text(&p)) != NULL)
		sbuf_puts(text, says);
	printer_string(&p, "said", says);
	printer_string(&p, "id", id);
	printer_end(&p);
	client_put_buffer(c, &out);
	client_done(c);
}

bool
test_alert_request(struct client *c, const struct control_request *r)
{
	const struct control *control = c->control;
	char who[RECORD_NAME_MAX], says[512], id[RECORD_ID_MAX], *end;
	uint8_t severity;
	double seconds;

	if (strcmp(r->verb, "test-alert") != 0)
		return false;
	seconds = strtod(control_request_value(r, "for", "10"), &end);
	client_user(c, r, who, sizeof(who));
	if (!severity_parse(control_request_value(r, "severity", "warning"), &severity))
		client_refuse(c, "severity is info, notice, warning, major or critical");
	else if (*end != '\0' || !isfinite(seconds) || seconds < 1 || seconds > FOR_MAX_S)
		client_refuse(c, "for is from 1 to 3600 seconds; right would be 10");
	else if (control->ops->test_alert(
		     control->ctx, who, severity, (int64_t)(seconds * 1e6), id, says, sizeof(says)))
		answer(c, id, says);
	else
		client_refuse(c, says);
	return true;
}
