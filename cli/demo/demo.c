/*
 * bellman demo: the real daemon on loopback with a temporary state, a router made of the story's
 * streams, and the tail as an operator sees it. At the end it asks the journal whether everything
 * was opened and closed.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "cli/cli.h"
#include "cli/control_client.h"
#include "cli/demo/story.h"
#include "proto/control_request.h"

static const struct cli_option options[] = {
	{ 'f', false, "fast", NULL, "without the pauses for the reader", NULL },
	{ 'S', false, "stay", NULL,
	    "stop while incidents are open, to look around from another terminal", NULL },
	{ 'k', false, "keep", NULL, "leave the temporary folder", NULL },
	{ 'K', false, "kafka", "HOST:PORT", "publish to this broker as well", NULL },
	{ 'C', false, "color", "WHEN", "auto (on a terminal), always, never", "auto always never" },
	{ 'C', false, "colour", "WHEN", NULL, NULL },
	{ 0 },
};

struct demo {
	char dir[128], socket[160], daemon[1024], self[1024];
	unsigned port;
	pid_t daemon_pid, tail_pid;
	int router;
	bool fast, stay, colour;
};

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

/* --- set-up */

static bool
write_file(const char *dir, const char *name, const struct sbuf *text)
{
	char path[256];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	ok = f != NULL && fwrite(text->data, 1, text->len, f) == text->len;
	if (f == NULL || fclose(f) != 0 || !ok)
		perror(path);
	return ok;
}

/* A port nobody listens on now. */
static unsigned
free_port(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unsigned port = 0;

	if (fd >= 0 && bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&in, &len) == 0)
		port = ntohs(in.sin_port);
	if (fd >= 0)
		close(fd);
	return port;
}

/* bellmand stands beside this program, or one folder further when both are installed. */
static bool
find_programs(struct demo *d)
{
	static const char *const places[] = { "bellmand", "../sbin/bellmand" };
	char dir[900];
	ssize_t n = readlink("/proc/self/exe", d->self, sizeof(d->self) - 1);

	if (n <= 0)
		return false;
	d->self[n] = '\0';
	text_copy(dir, sizeof(dir), d->self);
	*strrchr(dir, '/') = '\0';
	for (int i = 0; i < 2; i++) {
		snprintf(d->daemon, sizeof(d->daemon), "%s/%s", dir, places[i]);
		if (access(d->daemon, X_OK) == 0)
			return true;
	}
	fprintf(stderr, "bellman: no bellmand beside %s\n", d->self);
	return false;
}

static bool
prepare(struct demo *d, const char *kafka)
{
	struct sbuf text = sbuf_of(65536);
	const char *tmp = getenv("TMPDIR");
	bool ok;

	snprintf(d->dir, sizeof(d->dir), "%.90s/bellman-demo-XXXXXX",
	    tmp != NULL && strlen(tmp) < 60 ? tmp : "/tmp");
	if (!find_programs(d) || mkdtemp(d->dir) == NULL)
		return false;
	snprintf(d->socket, sizeof(d->socket), "%s/control.sock", d->dir);
	d->port = free_port();
	demo_config(&text, d->dir, d->port, kafka);
	ok = write_file(d->dir, "bellman.yaml", &text);
	sbuf_clear(&text);
	demo_vrps(&text);
	ok = ok && write_file(d->dir, "vrps.json", &text);
	sbuf_free(&text);
	return ok;
}

/* --- processes */

static pid_t
start(const char *program, char *const argv[], const char *log)
{
	pid_t pid = fork();
	int fd;

	if (pid != 0)
		return pid;
	if (log != NULL && (fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644)) >= 0) {
		dup2(fd, STDERR_FILENO);
		close(fd);
	}
	setpgid(0, 0); /* Ctrl-C is ours to handle */
	execv(program, argv);
	perror(program);
	_exit(127);
}

static void
stop(pid_t pid)
{
	int status;

	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	for (int i = 0; i < 100; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return;
		usleep(50000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

static bool
start_daemon(struct demo *d)
{
	char config[160], log[160];
	char *argv[] = { d->daemon, (char *)(uintptr_t) "-c", config, NULL };

	snprintf(config, sizeof(config), "%s/bellman.yaml", d->dir);
	snprintf(log, sizeof(log), "%s/bellmand.log", d->dir);
	d->daemon_pid = start(d->daemon, argv, log);
	for (int i = 0; i < 200 && !interrupted; i++) {
		if (control_listens(d->socket))
			return true;
		if (waitpid(d->daemon_pid, NULL, WNOHANG) == d->daemon_pid) {
			d->daemon_pid = 0;
			break;
		}
		usleep(50000);
	}
	fprintf(stderr, "bellman: bellmand did not start; its log is %s\n", log);
	return false;
}

static void
start_tail(struct demo *d)
{
	char *argv[] = { d->self, (char *)(uintptr_t) "tail", (char *)(uintptr_t) "-f",
		(char *)(uintptr_t) "-n", (char *)(uintptr_t) "1000", (char *)(uintptr_t) "--color",
		(char *)(uintptr_t)(d->colour ? "always" : "never"), (char *)(uintptr_t) "-s",
		d->socket, NULL };

	fflush(stdout);
	d->tail_pid = start(d->self, argv, NULL);
}

/* --- the story */

static void
pause_for(const struct demo *d, double seconds)
{
	double step = 0.05;

	/* the daemon's own waiting times are not skipped: an incident is held for 0.5 s, closed
	 * after 1 s */
	if (d->fast)
		seconds = seconds > 1.7 ? 1.7 : seconds;
	for (; seconds > 0 && !interrupted; seconds -= step)
		usleep((useconds_t)(step * 1e6));
}

/* Until Ctrl-C, which ends only this. */
static void
look_around(const struct demo *d)
{
	printf("\nThese are open now. Look around from another terminal:\n\n"
	       "    export BELLMAN_SOCKET=%s\n"
	       "    %s show incidents\n"
	       "    %s explain 203.0.113.128/25\n"
	       "    %s show routes 203.0.113.128/25\n"
	       "    %s show peers\n"
	       "    %s test-alert\n\n"
	       "Ctrl-C here, and the story goes on to its end.\n",
	    d->socket, d->self, d->self, d->self, d->self, d->self);
	fflush(stdout);
	while (!interrupted)
		usleep(50000);
	interrupted = 0;
}

static bool
send_all(int fd, const struct sbuf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = send(fd, b->data + at, b->len - at, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

static bool
connect_router(struct demo *d)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)d->port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	d->router = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return d->router >= 0 && connect(d->router, (struct sockaddr *)&in, sizeof(in)) == 0;
}

static bool
tell_story(struct demo *d)
{
	struct sbuf stream = sbuf_of(64 << 20);
	bool ok = connect_router(d);

	for (size_t i = 0; i < demo_steps_n && ok && !interrupted; i++) {
		printf("\n%s%s%s\n", d->colour ? "\033[1m" : "== ", demo_steps[i].text,
		    d->colour ? "\033[0m" : "");
		fflush(stdout);
		sbuf_clear(&stream);
		demo_steps[i].stream(&stream);
		ok = send_all(d->router, &stream);
		pause_for(d, demo_steps[i].pause_s);
		if (ok && d->stay && demo_steps[i].worth_a_look && !interrupted)
			look_around(d);
	}
	if (!ok)
		fprintf(
		    stderr, "bellman: the daemon does not take the stream: %s\n", strerror(errno));
	sbuf_free(&stream);
	return ok && !interrupted;
}

/* --- was it all there? */

struct seen {
	bool opened, closed, worst;
};

static void
note(struct seen *seen, const json_t *r)
{
	const char *kind = json_string_value(json_object_get(r, "kind"));
	const char *transition = json_string_value(json_object_get(r, "transition"));
	const char *severity = json_string_value(json_object_get(r, "severity"));

	if (kind == NULL || transition == NULL || severity == NULL)
		return;
	for (size_t i = 0; i < demo_expected_n; i++) {
		if (strcmp(demo_expected[i].kind, kind) != 0)
			continue;
		seen[i].opened |= strcmp(transition, "opened") == 0;
		seen[i].closed |= strcmp(transition, "closed") == 0;
		seen[i].worst |= strcmp(severity, demo_expected[i].worst) == 0;
	}
}

static int
verify(const struct demo *d)
{
	struct seen seen[8] = { { false, false, false } };
	struct sbuf request = sbuf_of(1024);
	char *line = NULL;
	size_t cap = 0;
	FILE *in;
	int fd = control_connect(d->socket), rc = CLI_OK;

	if (fd < 0)
		return CLI_NO_DAEMON;
	control_request_begin(&request, "tail");
	control_request_word(&request, "since", "3600");
	control_request_word(&request, "format", "json");
	control_request_end(&request);
	in = fdopen(fd, "r");
	if (in != NULL && send_all(fd, &request)) {
		while (getline(&line, &cap, in) > 0) {
			json_t *r = json_loads(line, 0, NULL);

			if (r != NULL)
				note(seen, r);
			json_decref(r);
		}
	}
	for (size_t i = 0; i < demo_expected_n; i++) {
		if (seen[i].opened && seen[i].closed && seen[i].worst)
			continue;
		fprintf(stderr, "bellman: %s: opened %s, %s reached %s, closed %s\n",
		    demo_expected[i].kind, seen[i].opened ? "yes" : "NO", demo_expected[i].worst,
		    seen[i].worst ? "yes" : "NO", seen[i].closed ? "yes" : "NO");
		rc = CLI_NOTHING;
	}
	free(line);
	if (in != NULL)
		fclose(in);
	sbuf_free(&request);
	return rc;
}

static void
clean_up(struct demo *d, bool keep)
{
	static const char *const files[] = { "bellman.yaml", "vrps.json", "bellmand.log",
		"control.sock", "state/journal.sqlite", "state/journal.sqlite-wal",
		"state/journal.sqlite-shm", "state/rpki-sources", "state/unwritten" };
	char path[256];

	if (d->router >= 0)
		close(d->router);
	stop(d->tail_pid);
	stop(d->daemon_pid);
	if (keep) {
		fprintf(stderr, "kept: %s\n", d->dir);
		return;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", d->dir, files[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/state", d->dir);
	rmdir(path);
	rmdir(d->dir);
}

static int
run(struct demo *d, const char *kafka, bool keep)
{
	int64_t begin = clock_mono_us();
	int rc = CLI_NOTHING;

	if (prepare(d, kafka)) {
		if (start_daemon(d)) {
			start_tail(d);
			if (tell_story(d))
				rc = verify(d);
		}
		clean_up(d, keep);
	}
	if (interrupted)
		return CLI_INTERRUPTED;
	if (rc == CLI_OK)
		printf("\nAll of it was seen, reported, and closed again, in %.0f seconds. The "
		       "daemon is stopped.%s\n",
		    (double)(clock_mono_us() - begin) / 1e6,
		    d->stay ? "" : " `bellman demo --stay` stops in the middle, to look around.");
	return rc;
}

static int
cli_demo(int argc, char **argv)
{
	struct demo d = { .router = -1 };
	struct sigaction sa = { .sa_handler = on_interrupt };
	const char *kafka = NULL, *when = "auto";
	bool keep = false;
	int opt;

	while ((opt = cli_next_option(&cli_demo_command, argc, argv)) > 0) {
		if (opt == 'f')
			d.fast = true;
		else if (opt == 'S')
			d.stay = true;
		else if (opt == 'k')
			keep = true;
		else if (opt == 'K')
			kafka = optarg;
		else
			when = optarg;
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind < argc)
		return cli_wrong("demo", "it takes no \"%s\"", argv[optind]);
	if (!cli_colour("demo", when, &d.colour))
		return CLI_USAGE;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	return run(&d, kafka, keep);
}

const struct cli_command cli_demo_command = {
	.name = "demo",
	.summary = "the whole thing on loopback, in half a minute",
	.arguments = "",
	.about = "Runs bellmand on loopback with temporary state, plays a router to it, and shows "
		 "the tail.",
	.options = options,
	.run = cli_demo,
};
