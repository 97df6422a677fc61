#include "collector/daemon/service.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

enum { STATUS_US = 10 * 1000000 };

/* One process has one manager. */
static struct {
	struct sockaddr_un to;
	socklen_t to_len;	/* 0: there is no manager */
	int64_t alive_every_us; /* 0: it has no watchdog for us */
	int64_t alive_us, status_us;
} manager;

/* A manager that does not read is no reason to wait. */
static void
notify(const char *text)
{
	int fd;

	if (manager.to_len == 0)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
	    (const struct sockaddr *)&manager.to, manager.to_len);
	close(fd);
}

/* Half of what the manager waits: one sign of life may come late. */
static int64_t
read_watchdog(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (us == NULL || (pid != NULL && strtol(pid, NULL, 10) != (long)getpid()))
		return 0;
	return (int64_t)(strtoull(us, NULL, 10) / 2);
}

void
service_begin(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path != NULL ? strlen(path) : 0;

	memset(&manager, 0, sizeof(manager));
	if (n < 2 || n >= sizeof(manager.to.sun_path) || (path[0] != '/' && path[0] != '@'))
		return;
	manager.to.sun_family = AF_UNIX;
	memcpy(manager.to.sun_path, path, n);
	if (path[0] == '@') /* no file, a name of the kernel's */
		manager.to.sun_path[0] = '\0';
	manager.to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	manager.alive_every_us = read_watchdog();
}

void
service_ready(void)
{
	notify("READY=1");
}

void
service_reloading(void)
{
	char text[64];

	snprintf(
	    text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_mono_us());
	notify(text);
}

void
service_stopping(void)
{
	notify("STOPPING=1\nSTATUS=stopping");
}

void
service_tick(int64_t now_us, bool alive, const char *status)
{
	char text[256];

	if (manager.to_len == 0)
		return;
	if (alive && manager.alive_every_us > 0 &&
	    now_us - manager.alive_us >= manager.alive_every_us) {
		manager.alive_us = now_us;
		notify("WATCHDOG=1");
	}
	if (now_us - manager.status_us < STATUS_US)
		return;
	manager.status_us = now_us;
	snprintf(text, sizeof(text), "STATUS=%s", status);
	notify(text);
}
