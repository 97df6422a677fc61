/* Listening, and the way of a request to who answers it. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "collector/http/http_private.h"

enum {
	BACKLOG = 128,
	AGAIN_US = 5000000,	       /* until a taken default address is tried again */
	CONNECTION_OCTETS = 16 * 1024, /* of head and buffers of a connection */
	STACK_OCTETS = 256 * 1024,
};

const struct http_address http_listen_default[1] = { { { .family = IP_V4, .b = { 127, 0, 0, 1 } },
    HTTP_PORT } };

/* --- who may ask */

/* Without looking at where they differ first: how long it takes says nothing of the token. */
static bool
is_same(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	volatile unsigned char differs = n != m;

	for (size_t i = 0; i < n; i++)
		differs |= (unsigned char)(a[i] ^ b[m > 0 ? i % m : 0]);
	return !differs;
}

static bool
may_read(struct http *h, struct MHD_Connection *c)
{
	const char *said = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Authorization");
	char token[HTTP_TOKEN_MAX + 1];
	bool may;

	pthread_mutex_lock(&h->lock);
	text_copy(token, sizeof(token), h->token);
	pthread_mutex_unlock(&h->lock);
	may = token[0] == '\0' ||
	      (said != NULL && strncasecmp(said, "Bearer ", 7) == 0 && is_same(said + 7, token));
	explicit_bzero(token, sizeof(token));
	return may;
}

static bool
is_loopback(int fd)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	socklen_t len = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &len) != 0)
		return false;
	if (ss.ss_family == AF_INET) {
		memcpy(&in, &ss, sizeof(in));
		return ntohl(in.sin_addr.s_addr) >> 24 == 127;
	}
	memcpy(&in6, &ss, sizeof(in6));
	return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
}

/* "127.0.0.1:11020", "[::1]", "localhost". */
static bool
is_this_machine(const char *host)
{
	char name[64];
	struct ip_addr address;
	size_t n = host[0] == '[' ? strcspn(host, "]") : strcspn(host, ":");

	snprintf(name, sizeof(name), "%.*s", n < sizeof(name) ? (int)n : 0, host);
	return ip_addr_parse(name + (name[0] == '['), &address) ||
	       strcasecmp(name, "localhost") == 0;
}

/* A web site may give its own name the address 127.0.0.1, and have the browsers of its visitors ask
 * what listens there: so who needs no token and comes by loopback has to ask for this machine. */
static bool
is_led_astray(struct http *h, struct MHD_Connection *c)
{
	const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host");
	const union MHD_ConnectionInfo *i =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	bool open;

	pthread_mutex_lock(&h->lock);
	open = h->token[0] == '\0';
	pthread_mutex_unlock(&h->lock);
	return open && host != NULL && i != NULL && is_loopback(i->connect_fd) &&
	       !is_this_machine(host);
}

/* --- the way of a request */

static const struct {
	const char *name;
	enum http_place place;
	bool open; /* to who has no token, too: it says nothing of the network */
	enum MHD_Result (*answer)(struct http *, struct MHD_Connection *, struct exchange *);
} places[] = {
	{ "", PLACE_PAGE, true, page_answer },
	{ "page.css", PLACE_PAGE, true, page_answer },
	{ "page.js", PLACE_PAGE, true, page_answer },
	{ "livez", PLACE_HEALTH, true, health_answer },
	{ "readyz", PLACE_HEALTH, true, health_answer },
	{ "healthz", PLACE_HEALTH, false, health_answer },
	{ "metrics", PLACE_METRICS, false, metrics_answer },
	{ "api", PLACE_API, false, api_answer },
};

static enum MHD_Result
unauthorized(struct http *h, struct MHD_Connection *c, struct exchange *x)
{
	static const char *const challenge[] = { "WWW-Authenticate", "Bearer realm=\"Bellman\"",
		NULL };

	atomic_fetch_add(&h->counts.unauthorized, 1);
	return answer_problem(c, x, MHD_HTTP_UNAUTHORIZED, challenge,
	    "a token is needed: the field \"Authorization: Bearer TOKEN\" with the one of "
	    "http.token "
	    "in the configuration");
}

static enum MHD_Result
dispatch(struct http *h, struct MHD_Connection *c, const char *method, struct exchange *x)
{
	static const char *const allowed[] = { "Allow", "GET, HEAD", NULL };
	const char *first = x->target.segments > 0 ? x->target.segment[0] : "";

	if (x->wrong != NULL)
		return answer_problem(c, x,
		    x->too_long ? MHD_HTTP_URI_TOO_LONG : MHD_HTTP_BAD_REQUEST, NULL, "%s",
		    x->wrong);
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return answer_problem(c, x, MHD_HTTP_METHOD_NOT_ALLOWED, allowed,
		    "here is only to be read: GET or HEAD");
	if (is_led_astray(h, c))
		return answer_problem(c, x, MHD_HTTP_MISDIRECTED_REQUEST, NULL,
		    "without http.token this is only for who asks for 127.0.0.1, ::1 or localhost; "
		    "a "
		    "proxy has to say so in the field \"Host\"");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(first, places[i].name) != 0)
			continue;
		x->place = places[i].place;
		if (!places[i].open && !may_read(h, c))
			return unauthorized(h, c, x);
		return places[i].answer(h, c, x);
	}
	return answer_problem(c, x, MHD_HTTP_NOT_FOUND, NULL,
	    "there is nothing of this name; right would be /, /metrics, /healthz, /livez, /readyz "
	    "or "
	    "/api/v1/openapi.json");
}

/* The first line has come: what it asks for is all that is kept of it. */
static void *
on_target(void *ctx, const char *uri, struct MHD_Connection *c)
{
	struct exchange *x = calloc(1, sizeof(*x));

	(void)ctx;
	(void)c;
	if (x == NULL)
		return NULL;
	x->place = PLACE_OTHER;
	target_parse(uri, &x->target, &x->wrong, &x->too_long);
	return x;
}

static struct visitor *
visitor_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i != NULL ? i->socket_context : NULL;
}

static bool
has_body(struct MHD_Connection *c)
{
	const char *length = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Length");

	return (length != NULL && strcmp(length, "0") != 0) ||
	       MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Transfer-Encoding") != NULL;
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *data, size_t *n, void **state)
{
	struct http *h = ctx;
	struct exchange *x = *state;

	(void)url;
	(void)version;
	(void)data;
	(void)n;
	if (x == NULL)
		return MHD_NO;
	/* An answer to the head alone ends the connection: so one without a body is answered when
	 * it is complete, and whoever sends one has it cut off. */
	if (!x->begun && !has_body(c)) {
		x->begun = true;
		return MHD_YES;
	}
	visitor_is_answered(h->visitors, visitor_of(c), true);
	return dispatch(h, c, method, x);
}

static void
on_completed(
    void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code)
{
	struct http *h = ctx;
	struct exchange *x = *state;

	(void)code;
	visitor_is_answered(h->visitors, visitor_of(c), false);
	if (x != NULL && x->status / 100 < HTTP_CLASSES)
		atomic_fetch_add(&h->counts.requests[x->place][x->status / 100], 1);
	free(x);
	*state = NULL;
}

/* --- connections */

static enum MHD_Result
on_connect(void *ctx, const struct sockaddr *sa, socklen_t len)
{
	struct http *h = ctx;

	(void)len;
	return visitors_may_come(h->visitors, sa) ? MHD_YES : MHD_NO;
}

static void
on_connection(
    void *ctx, struct MHD_Connection *c, void **visitor, enum MHD_ConnectionNotificationCode code)
{
	const union MHD_ConnectionInfo *address, *socket;
	struct http *h = ctx;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		visitors_leave(h->visitors, *visitor);
		return;
	}
	address = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	socket = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (address != NULL && socket != NULL)
		*visitor = visitors_enter(h->visitors, address->client_addr, socket->connect_fd);
}

/* What libmicrohttpd says is about who connects, and no defect of ours. */
static void on_log(void *ctx, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

static void
on_log(void *ctx, const char *fmt, va_list ap)
{
	char text[256];

	(void)ctx;
	vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\n")] = '\0';
	log_debug("http", "%s", text);
}

/* --- listening */

/* A listening socket, or -1 with errno. */
static int
bind_to(const struct http_address *at)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(at->port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(at->port) };
	bool v6 = at->address.family == IP_V6;
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, saved;

	memcpy(&in.sin_addr, at->address.b, sizeof(in.sin_addr));
	memcpy(&in6.sin6_addr, at->address.b, sizeof(in6.sin6_addr));
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (v6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, v6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in,
		v6 ? sizeof(in6) : sizeof(in)) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Its threads take no signal of the process. */
static struct MHD_Daemon *
run(struct http *h, int fd, bool v6, unsigned idle_s)
{
	struct MHD_Daemon *d;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	d = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL_INTERNAL_THREAD |
				 MHD_USE_ITC | MHD_USE_ERROR_LOG | (v6 ? MHD_USE_IPv6 : 0),
	    0, on_connect, h, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, on_log, h,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)VISITORS_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)CONNECTION_OCTETS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_OCTETS,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_NOTIFY_CONNECTION,
	    on_connection, h, MHD_OPTION_END);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return d;
}

/* false with errno: the address cannot be had, or there are no threads. */
static bool
listen_at(struct http *h, size_t i)
{
	char text[IP_ADDR_TEXT_MAX];
	int fd = bind_to(&h->listen[i]);

	if (fd < 0)
		return false;
	h->daemons[i] = run(h, fd, h->listen[i].address.family == IP_V6, h->idle_s);
	if (h->daemons[i] == NULL) {
		close(fd);
		errno = EAGAIN;
		return false;
	}
	log_info("http", "listening address=%s port=%u",
	    ip_addr_format(&h->listen[i].address, text), h->listen[i].port);
	return true;
}

static bool
listen_everywhere(struct http *h, char *error, size_t size)
{
	char text[IP_ADDR_TEXT_MAX];

	for (size_t i = 0; i < h->listen_n; i++) {
		if (listen_at(h, i))
			continue;
		ip_addr_format(&h->listen[i].address, text);
		if (!h->by_default) {
			snprintf(error, size,
			    "http.listen: cannot listen on %s port %u: %s; right would be another "
			    "port, or http: {listen: []}",
			    text, h->listen[i].port, strerror(errno));
			return false;
		}
		log_warning("http",
		    "no metrics, no API: cannot listen on %s port %u: %s; http.listen names "
		    "another "
		    "port, or [] for none",
		    text, h->listen[i].port, strerror(errno));
		h->again_us = clock_mono_us() + AGAIN_US;
	}
	return true;
}

struct http *
http_start(const struct http_config *c, char *error, size_t size)
{
	struct http *h = calloc(1, sizeof(*h));

	snprintf(error, size, "out of memory");
	if (h == NULL)
		return NULL;
	pthread_mutex_init(&h->lock, NULL);
	h->stop[0] = h->stop[1] = -1;
	h->listen = calloc(c->listen_n + 1, sizeof(*h->listen));
	h->daemons = calloc(c->listen_n + 1, sizeof(struct MHD_Daemon *));
	h->visitors = visitors_new();
	h->scrape = scrape_new();
	if (h->listen == NULL || h->daemons == NULL || h->visitors == NULL || h->scrape == NULL ||
	    pipe2(h->stop, O_CLOEXEC) != 0) {
		http_stop(h);
		return NULL;
	}
	memcpy(h->listen, c->listen, c->listen_n * sizeof(*h->listen));
	h->listen_n = c->listen_n;
	h->by_default = c->listen == http_listen_default;
	text_copy(h->control_path, sizeof(h->control_path), c->control_path);
	h->idle_s = c->idle_s;
	http_configure(h, c);
	if (listen_everywhere(h, error, size))
		return h;
	http_stop(h);
	return NULL;
}

void
http_configure(struct http *h, const struct http_config *c)
{
	pthread_mutex_lock(&h->lock);
	text_copy(h->token, sizeof(h->token), c->token);
	h->streams_max = c->streams;
	h->peers_max = c->peers;
	pthread_mutex_unlock(&h->lock);
	visitors_limit(h->visitors, c->connections, c->per_address);
}

void
http_tick(struct http *h)
{
	if (h->again_us == 0 || clock_mono_us() < h->again_us)
		return;
	h->again_us = listen_at(h, 0) ? 0 : clock_mono_us() + AGAIN_US;
}

void
http_stop(struct http *h)
{
	if (h == NULL)
		return;
	if (h->stop[1] >= 0)
		close(h->stop[1]); /* whoever waits for an answer waits no longer */
	for (size_t i = 0; i < h->listen_n; i++)
		if (h->daemons[i] != NULL)
			MHD_stop_daemon(h->daemons[i]);
	if (h->stop[0] >= 0)
		close(h->stop[0]);
	scrape_free(h->scrape);
	visitors_free(h->visitors);
	free(h->daemons);
	free(h->listen);
	explicit_bzero(h->token, sizeof(h->token));
	pthread_mutex_destroy(&h->lock);
	free(h);
}
