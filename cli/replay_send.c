#include "cli/replay_send.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "parsers/bmp.h"

enum { SEND_MAX = 1 << 20, PACE_MS = 10 };

bool
replay_address(
    const char *text, struct sockaddr_storage *ss, socklen_t *len, char *error, size_t size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *res;
	char host[256];
	const char *colon = strrchr(text, ':');
	size_t n = colon != NULL ? (size_t)(colon - text) : 0;
	int rc;

	if (colon == NULL || n == 0 || n >= sizeof(host)) {
		snprintf(error, size,
		    "\"%s\" is no HOST:PORT; right would be 127.0.0.1:11019 or [::1]:11019", text);
		return false;
	}
	memcpy(host, text, n);
	host[n] = '\0';
	if (host[0] == '[' && host[n - 1] == ']') {
		memmove(host, host + 1, n - 2);
		host[n - 2] = '\0';
	}
	rc = getaddrinfo(host, colon + 1, &hints, &res);
	if (rc != 0) {
		snprintf(error, size, "%s: %s", text, gai_strerror(rc));
		return false;
	}
	memcpy(ss, res->ai_addr, res->ai_addrlen);
	*len = res->ai_addrlen;
	freeaddrinfo(res);
	return true;
}

/* Router's time of a message, microseconds; 0 when it has none. */
static int64_t
message_time(const uint8_t *m, size_t len)
{
	if (len < BMP_HEADER_LEN + BMP_PEER_HEADER_LEN || m[5] == BMP_INITIATION ||
	    m[5] == BMP_TERMINATION)
		return 0;
	return (int64_t)be32(m + 40) * 1000000 + be32(m + 44);
}

/* Let messages become due: all of them, or those whose time has come. */
static void
pace(struct replay *r, int64_t now_us)
{
	while (r->due < r->len) {
		struct faults f = { .n = 0 };
		int64_t n = bmp_frame(r->data + r->due, r->len - r->due, UINT32_MAX, &f);
		size_t step = n > 0 && (size_t)n <= r->len - r->due ? (size_t)n : r->len - r->due;
		int64_t at = message_time(r->data + r->due, step);

		if (r->speed > 0 && at > 0) {
			if (r->first_us == 0)
				r->first_us = at;
			if ((double)(at - r->first_us) / r->speed > (double)(now_us - r->start_us))
				return;
		}
		r->due += step;
		r->messages++;
	}
}

static void
fail(struct replay *r, const char *what)
{
	snprintf(r->error, sizeof(r->error), "%s: %s", what, strerror(errno));
	r->failed = true;
}

static void
push(struct replay *r)
{
	size_t n = r->due - r->at < SEND_MAX ? r->due - r->at : SEND_MAX;
	ssize_t w = send(r->fd, r->data + r->at, n, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (w > 0)
		r->at += (size_t)w;
	else if (w < 0 && errno != EAGAIN && errno != EINTR)
		fail(r, "sending");
}

static void
start(struct replay *r, const struct sockaddr_storage *to, socklen_t len)
{
	r->fd = socket(to->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (r->fd < 0 || connect(r->fd, (const struct sockaddr *)to, len) != 0)
		fail(r, "connecting");
	r->start_us = clock_mono_us();
}

bool
replay_all(struct replay *v, size_t n, const struct sockaddr_storage *to, socklen_t len)
{
	struct pollfd *p = calloc(n + 1, sizeof(*p));
	bool ok = p != NULL, more = ok;

	for (size_t i = 0; i < n && ok; i++)
		start(&v[i], to, len);
	while (more) {
		bool waiting = false;

		more = false;
		for (size_t i = 0; i < n; i++) {
			struct replay *r = &v[i];

			p[i] = (struct pollfd){ .fd = -1 };
			if (r->failed || r->at == r->len)
				continue;
			more = true;
			pace(r, clock_mono_us());
			if (r->due > r->at)
				p[i] = (struct pollfd){ .fd = r->fd, .events = POLLOUT };
			else
				waiting = true;
		}
		if (more && poll(p, n, waiting ? PACE_MS : 1000) < 0 && errno != EINTR)
			break;
		for (size_t i = 0; i < n && more; i++)
			if (p[i].revents != 0)
				push(&v[i]);
	}
	for (size_t i = 0; i < n; i++)
		ok &= !v[i].failed;
	free(p);
	return ok;
}
