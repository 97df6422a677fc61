/*
 * service: what the process tells its service manager, by the protocol of sd_notify(3): datagrams
 * of "KEY=value" lines to the socket in $NOTIFY_SOCKET. Without that variable nothing is told, and
 * everything here does nothing. By hand: it is one sendto(), and a library for it would come into
 * every build.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Read the environment, once, before there are threads. */
void service_begin(void);
/* It runs, for the first time or again after service_reloading. From any thread, as the next. */
void service_ready(void);
/* A reload begins; it ends with service_ready, whether it was refused or not. */
void service_reloading(void);
void service_stopping(void);
/*
 * Call it several times a second. alive: work is being done; while it is not, the manager's
 * watchdog is left without its sign of life, and ends the process when it has been so for too long.
 * status: how things are, a line for `systemctl status`, told every 10 s.
 */
void service_tick(int64_t now_us, bool alive, const char *status);
