/*
 * bench_daemon: the whole way into a collector over loopback TCP. Starts it, waits until it
 * listens, sends each file over a connection of its own as fast as it is taken, and watches its
 * process from outside: CPU seconds of all threads, resident memory, and when it has gone quiet.
 * Works the same for every collector that is one process on one port.
 *
 * usage: bench_daemon NAME PORT ROUTES [-c COPIES] FILE... -- COMMAND ARGUMENTS...
 *   ROUTES  that it holds at the end (0: do not print octets per route)
 *   COPIES  connections per file, each from another address of 127.0.0.0/8 (1)
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/sockios.h>

#include "base/clock.h"
#include "base/pure/cursor.h"
#include "bench.h"

enum {
	CONNECTIONS_MAX = 4096,
	LISTEN_WAIT_MS = 15000,
	LIMIT_S = 150, /* per run, whatever happens */
	QUIET_MS = 400,
	STOP_WAIT_MS = 30000,
};

struct connection {
	const struct bench_file *file;
	size_t sent;
	int fd;
};

struct run {
	const char *name;
	uint16_t port;
	uint64_t routes;
	unsigned copies, files_n, connections_n;
	struct bench_file files[CONNECTIONS_MAX];
	struct connection connections[CONNECTIONS_MAX];
	char **command;
	pid_t pid;
};

static void
nap_ms(long ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* CPU time of all threads of the collector, microseconds. */
static int64_t
cpu_us_of(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* A line of /proc/PID/status, in octets. */
static uint64_t
memory_of(pid_t pid, const char *key)
{
	char path[64], line[256];
	unsigned long kib = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			sscanf(line + strlen(key) + 1, "%lu", &kib);
	if (f != NULL)
		fclose(f);
	return (uint64_t)kib * 1024;
}

static void
start_collector(struct run *r)
{
	r->pid = fork();
	if (r->pid < 0)
		bench_fail("fork");
	if (r->pid == 0) {
		int null = open("/dev/null", O_RDWR);

		prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody else's bench may meet it */
		dup2(null, 0);
		dup2(null, 1);
		if (getenv("BENCH_VERBOSE") == NULL)
			dup2(null, 2);
		execvp(r->command[0], r->command);
		_exit(127);
	}
}

static void
stop_collector(struct run *r)
{
	int status;

	kill(r->pid, SIGTERM);
	for (unsigned ms = 0; ms < STOP_WAIT_MS; ms += 20) {
		if (waitpid(r->pid, &status, WNOHANG) == r->pid)
			return;
		nap_ms(20);
	}
	kill(r->pid, SIGKILL);
	waitpid(r->pid, &status, 0);
}

static void __attribute__((noreturn)) give_up(struct run *r, const char *why)
{
	fprintf(stderr, "bench_daemon: %s: %s\n", r->name, why);
	stop_collector(r);
	exit(1);
}

/* From 127.0.0.(2 + n): collectors distinguish routers by their address. */
static int
connect_from(const struct run *r, unsigned n)
{
	struct sockaddr_in from = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0x7f000002 + n) };
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(r->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof from) != 0)
		bench_fail("socket");
	if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What listens may be somebody else: ours must be alive. */
static bool
has_ended(const struct run *r)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	       info.si_pid != 0;
}

/* The first connection is the test whether it listens; it is one of those that are used. */
static void
connect_all(struct run *r)
{
	for (unsigned ms = 0; (r->connections[0].fd = connect_from(r, 0)) < 0; ms += 20) {
		if (ms > LISTEN_WAIT_MS || has_ended(r))
			give_up(r, "does not listen");
		nap_ms(20);
	}
	r->connections_n = r->files_n * r->copies;
	for (unsigned i = 0; i < r->connections_n; i++) {
		r->connections[i].file = &r->files[i % r->files_n];
		if (i > 0 && (r->connections[i].fd = connect_from(r, i)) < 0)
			give_up(r, "does not accept");
		fcntl(r->connections[i].fd, F_SETFL, O_NONBLOCK);
	}
}

static void
send_all(struct run *r, int64_t deadline_us)
{
	static struct pollfd poll_fds[CONNECTIONS_MAX];
	unsigned left = r->connections_n;

	for (unsigned i = 0; i < r->connections_n; i++)
		poll_fds[i] = (struct pollfd){ .fd = r->connections[i].fd, .events = POLLOUT };
	while (left > 0) {
		if (clock_mono_us() > deadline_us)
			give_up(r, "takes too long");
		poll(poll_fds, r->connections_n, 100);
		for (unsigned i = 0; i < r->connections_n; i++) {
			struct connection *c = &r->connections[i];
			size_t rest = c->file->len - c->sent;
			ssize_t n;

			if (poll_fds[i].fd < 0 || poll_fds[i].revents == 0)
				continue;
			n = send(c->fd, c->file->data + c->sent, rest < 262144 ? rest : 262144,
			    MSG_NOSIGNAL);
			if (n < 0 && errno != EAGAIN)
				give_up(r, strerror(errno));
			if (n > 0)
				c->sent += (size_t)n;
			if (c->sent == c->file->len) {
				poll_fds[i].fd = -1;
				left--;
			}
		}
	}
}

/* Until everything is acknowledged and the process used under a tenth of a CPU for QUIET_MS.
 * Returns the end of its last busy moment. */
static int64_t
wait_quiet(struct run *r, int64_t deadline_us)
{
	int64_t busy_until = clock_mono_us(), before = cpu_us_of(r->pid), last = busy_until;

	while (clock_mono_us() - busy_until < QUIET_MS * 1000) {
		int64_t now, cpu;
		int unsent = 0, some;

		nap_ms(20);
		now = clock_mono_us();
		cpu = cpu_us_of(r->pid);
		for (unsigned i = 0; i < r->connections_n; i++)
			if (ioctl(r->connections[i].fd, SIOCOUTQ, &some) == 0)
				unsent |= some;
		if (unsent != 0 || (cpu - before) * 10 > now - last)
			busy_until = now;
		if (now > deadline_us)
			give_up(r, "never goes quiet");
		before = cpu;
		last = now;
	}
	return busy_until;
}

static uint64_t
count_messages(const struct bench_file *f)
{
	uint64_t n = 0;

	for (size_t at = 0; at + 6 <= f->len; n++)
		at += be32(f->data + at + 1);
	return n;
}

static void
run_once(struct run *r)
{
	uint64_t rss, messages = 0;
	int64_t start, cpu, end;
	double wall_s, cpu_s;

	start_collector(r);
	connect_all(r);
	wait_quiet(r, clock_mono_us() + LIMIT_S * INT64_C(1000000)); /* it may read files first */
	if (has_ended(r))
		give_up(r, "has ended: is its port taken?");
	rss = memory_of(r->pid, "VmRSS");
	cpu = cpu_us_of(r->pid);
	start = clock_mono_us();
	send_all(r, start + LIMIT_S * INT64_C(1000000));
	end = wait_quiet(r, start + LIMIT_S * INT64_C(1000000));
	cpu_s = (double)(cpu_us_of(r->pid) - cpu) / 1e6;
	wall_s = (double)(end - start) / 1e6;
	if (has_ended(r) || cpu_s <= 0)
		give_up(r, "took nothing: is it another one that listens?");
	for (unsigned i = 0; i < r->connections_n; i++)
		messages += count_messages(r->connections[i].file);
	printf(
	    "{\"bench\":\"daemon\",\"name\":\"%s\",\"connections\":%u,\"messages\":%llu,"
	    "\"wall_s\":%.3f,\"cpu_s\":%.3f,\"messages_per_s\":%.0f,\"messages_per_wall_s\":%.0f,"
	    "\"rss_start\":%llu,\"rss\":%llu,\"rss_peak\":%llu,\"rss_per_route\":%.1f}\n",
	    r->name, r->connections_n, (unsigned long long)messages, wall_s, cpu_s,
	    (double)messages / cpu_s, (double)messages / wall_s, (unsigned long long)rss,
	    (unsigned long long)memory_of(r->pid, "VmRSS"),
	    (unsigned long long)memory_of(r->pid, "VmHWM"),
	    r->routes == 0
		? 0.0
		: ((double)memory_of(r->pid, "VmRSS") - (double)rss) / (double)r->routes);
	for (unsigned i = 0; i < r->connections_n; i++)
		close(r->connections[i].fd);
	stop_collector(r);
}

int
main(int argc, char **argv)
{
	static struct run r = { .copies = 1 };
	int i = 4;

	if (argc < 7) {
		fputs("usage: bench_daemon NAME PORT ROUTES [-c COPIES] FILE... -- COMMAND...\n",
		    stderr);
		return 2;
	}
	r.name = argv[1];
	r.port = (uint16_t)strtoul(argv[2], NULL, 10);
	r.routes = strtoull(argv[3], NULL, 10);
	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "-c") == 0 && i + 1 < argc)
			r.copies = (unsigned)strtoul(argv[++i], NULL, 10);
		else if (r.files_n < CONNECTIONS_MAX)
			r.files[r.files_n++] = bench_open(argv[i]);
	}
	if (i + 1 >= argc || r.files_n == 0 || r.copies == 0 ||
	    r.files_n * r.copies > CONNECTIONS_MAX) {
		fputs("bench_daemon: no command, no file, or too many connections\n", stderr);
		return 2;
	}
	r.command = argv + i + 1;
	setrlimit(RLIMIT_NOFILE,
	    &(struct rlimit){ .rlim_cur = CONNECTIONS_MAX + 64, .rlim_max = CONNECTIONS_MAX + 64 });
	run_once(&r);
	return 0;
}
