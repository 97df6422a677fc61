#include "collector/control/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/control/control_private.h"

static void
on_request(struct client *c, char *line)
{
	struct control_request r;

	control_request_parse(line, &r);
	c->format = control_request_is(&r, "format", "json") ? PRINTER_JSON
		    : control_request_is(&r, "colour", "1")  ? PRINTER_COLOUR
							     : PRINTER_TEXT;
	if (strcmp(r.verb, "tail") == 0)
		tail_request(c, &r);
	else if (strcmp(r.verb, "show") == 0)
		show_request(c, &r);
	else
		client_refuse(c, "unknown request; right would be tail or show");
}

static void
on_closed(uv_handle_t *h)
{
	struct control *control = h->data;

	free(control->recent);
	free(control);
}

void
control_close(struct control *control)
{
	if (control != NULL)
		socket_close(control, on_closed);
}

struct control *
control_new(uv_loop_t *loop, const char *path, struct journal *history,
    const struct control_ops *ops, void *ctx, char *error, size_t size)
{
	struct control *control = calloc(1, sizeof(*control));

	if (control == NULL ||
	    (control->recent = calloc(RECENT, sizeof(*control->recent))) == NULL) {
		snprintf(error, size, "out of memory");
		free(control);
		return NULL;
	}
	control->ops = ops;
	control->ctx = ctx;
	control->history = history;
	control->seq = journal_last(history);
	control->request = on_request;
	if (!socket_listen(control, loop, path, error, size)) {
		control_close(control);
		return NULL;
	}
	return control;
}
