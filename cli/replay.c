#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/replay_send.h"

static const char usage[] =
    "usage: bellman replay FILE... --to HOST:PORT [--speed X|max] [--loop N] [--hold SECONDS]\n"
    "\n"
    "Each file is one router: one TCP connection, all in parallel.\n"
    "  --speed X   1: as the messages' own times say; 10: ten times as fast; max: as TCP takes it "
    "(max)\n"
    "  --loop N    send the files N times, reconnecting (1)\n"
    "  --hold S    keep the connections open for S seconds afterwards (0)\n";

static bool
map_file(const char *path, struct replay *r)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *at;

	if (fd < 0 || fstat(fd, &st) != 0) {
		perror(path);
		if (fd >= 0)
			close(fd);
		return false;
	}
	at = st.st_size > 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
			    : MAP_FAILED;
	close(fd);
	if (at == MAP_FAILED) {
		fprintf(stderr, "%s: empty, or cannot be read\n", path);
		return false;
	}
	r->name = path;
	r->data = at;
	r->len = (size_t)st.st_size;
	return true;
}

static int
send_once(struct replay *v, size_t n, const struct sockaddr_storage *to, socklen_t len,
    double speed, double hold)
{
	int64_t start = clock_mono_us();
	bool ok;

	for (size_t i = 0; i < n; i++) {
		v[i].at = v[i].due = 0;
		v[i].messages = 0;
		v[i].first_us = 0;
		v[i].speed = speed;
		v[i].failed = false;
	}
	ok = replay_all(v, n, to, len);
	for (size_t i = 0; i < n; i++) {
		if (v[i].failed)
			fprintf(stderr, "%s: %s after %zu of %zu octets\n", v[i].name, v[i].error,
			    v[i].at, v[i].len);
		else
			fprintf(stderr, "%s: %llu messages, %zu octets, %.3f s\n", v[i].name,
			    (unsigned long long)v[i].messages, v[i].at,
			    (double)(clock_mono_us() - start) / 1e6);
	}
	if (hold > 0)
		usleep((useconds_t)(hold * 1e6));
	for (size_t i = 0; i < n; i++)
		if (v[i].fd >= 0)
			close(v[i].fd);
	return ok ? CLI_OK : CLI_NOTHING;
}

int
cli_replay(int argc, char **argv)
{
	static const struct option options[] = { { "to", required_argument, NULL, 't' },
		{ "speed", required_argument, NULL, 'x' }, { "loop", required_argument, NULL, 'l' },
		{ "hold", required_argument, NULL, 'H' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	const char *to = NULL;
	struct sockaddr_storage ss;
	struct replay *v;
	socklen_t len;
	double speed = 0, hold = 0;
	long loops = 1;
	char error[256];
	size_t n = 0;
	int opt, rc = CLI_OK;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case 't':
			to = optarg;
			break;
		case 'x':
			speed = strcmp(optarg, "max") == 0 ? 0 : atof(optarg);
			if (speed < 0 || (speed == 0 && strcmp(optarg, "max") != 0))
				return cli_usage(usage, CLI_USAGE);
			break;
		case 'l':
			loops = atol(optarg);
			break;
		case 'H':
			hold = cli_duration(optarg);
			break;
		default:
			return cli_usage(usage, opt == 'h' ? CLI_OK : CLI_USAGE);
		}
	}
	if (to == NULL || optind >= argc || loops < 1 || hold < 0)
		return cli_usage(usage, CLI_USAGE);
	if (!replay_address(to, &ss, &len, error, sizeof(error))) {
		fprintf(stderr, "bellman: %s\n", error);
		return CLI_USAGE;
	}
	v = calloc((size_t)(argc - optind), sizeof(*v));
	if (v == NULL)
		return CLI_NOTHING;
	for (int i = optind; i < argc; i++)
		if (!map_file(argv[i], &v[n++]))
			return CLI_USAGE;
	for (; loops > 0 && rc == CLI_OK; loops--)
		rc = send_once(v, n, &ss, len, speed, hold);
	for (size_t i = 0; i < n; i++)
		munmap((void *)(uintptr_t)v[i].data, v[i].len);
	free(v);
	return rc;
}
