/* Who asks, and an answer that is a sentence. */
#include <stdio.h>
#include <sys/socket.h>

#include "collector/control/control_private.h"

void
client_user(struct client *c, const struct control_request *r, char *who, size_t size)
{
	struct ucred cred = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(cred);
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&c->pipe, &fd) == 0)
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len);
	snprintf(who, size, "%.40s (uid %ld)", control_request_value(r, "who", "someone"),
	    (long)(int)cred.uid);
}

void
client_say(struct client *c, const char *says)
{
	struct sbuf out = sbuf_of(PIECE_MAX), *text;
	struct printer p;

	client_begin(c);
	printer_init(&p, &out, c->format);
	printer_row(&p, NULL, NULL);
	if ((text = printer_text(&p)) != NULL)
		sbuf_puts(text, says);
	printer_string(&p, "said", says);
	printer_end(&p);
	client_put_buffer(c, &out);
	client_done(c);
}
