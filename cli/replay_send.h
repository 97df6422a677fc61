/* Sending recorded BMP streams over TCP: what `bellman replay`, the demo and the benches share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct replay {
	const char *name;    /* for words */
	const uint8_t *data; /* whole messages */
	size_t len, at;	     /* at: sent so far */
	int fd;		     /* -1: not connected */
	double speed;	     /* 0: as fast as TCP takes it; 1: by the messages' own times */
	int64_t start_us;    /* of sending, monotonic */
	int64_t first_us;    /* of the first timed message, router's clock; 0 not seen */
	uint64_t messages;
	size_t due; /* octets that may be sent now */
	bool failed;
	char error[128];
};

/* "127.0.0.1:11019", "[::1]:11019", "host:port". false with words in error. */
bool replay_address(
    const char *text, struct sockaddr_storage *, socklen_t *, char *error, size_t size);
/* Connect every stream, send them in parallel, return when all are sent or have failed. Does not
 * close. false: one failed. */
bool replay_all(struct replay *, size_t n, const struct sockaddr_storage *, socklen_t);
