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
	c->says_end = control_request_is(&r, "end", "1");
	if (strcmp(r.verb, "tail") == 0)
		tail_request(c, &r);
	else if (strcmp(r.verb, "show") == 0)
		show_request(c, &r);
	else if (!mute_request(c, &r) && !baseline_request(c, &r) && !test_alert_request(c, &r))
		client_refuse(c,
		    "unknown request; right would be tail, show, mute, ack, unmute, baseline or "
		    "test-alert");
}

static void
on_wake(uv_async_t *wake)
{
	tail_pieces(wake->data);
}

static void
on_closed(uv_handle_t *h)
{
	struct control *control = h->data;

	if (--control->handles == 0)
		free(control);
}

/* From the tails' thread. */
static void
wake_loop(void *ctx)
{
	struct control *control = ctx;

	uv_async_send(&control->wake);
}

void
control_close(struct control *control)
{
	if (control == NULL)
		return;
	socket_close(control, on_closed);
	tails_stop(control->tails);
	uv_close((uv_handle_t *)&control->wake, on_closed);
}

void
control_record(struct control *control, const struct record *r)
{
	tails_record(control->tails, r);
}

void
control_written(struct control *control, uint64_t seq)
{
	tails_written(control->tails, seq);
}

struct control *
control_new(uv_loop_t *loop, const char *path, const char *journal_path,
    const struct control_ops *ops, void *ctx, char *error, size_t size)
{
	struct control *control = calloc(1, sizeof(*control));

	if (control == NULL) {
		snprintf(error, size, "out of memory");
		return NULL;
	}
	control->ops = ops;
	control->ctx = ctx;
	control->request = on_request;
	uv_async_init(loop, &control->wake, on_wake);
	control->wake.data = control;
	control->handles = 1;
	if (socket_listen(control, loop, path, error, size) &&
	    (control->tails = tails_start(journal_path, wake_loop, control, error, size)) != NULL)
		return control;
	control_close(control);
	return NULL;
}
