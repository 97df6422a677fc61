/*
 * Sending recorded BMP over TCP: a thread per file, a connection per stream in it. Streams of one
 * file keep the time between them when the file has times; those of several files begin together.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct replay_target {
	struct sockaddr_storage address;
	socklen_t len;
	/* 0: as fast as TCP goes; 1: as fast as it was recorded, or as the times of the messages
	 * say */
	double speed;
};

/* "127.0.0.1:11019", "[::1]:11019", "host:port", the port a number or a service's name. false with
 * the reason in error. */
bool replay_address(const char *text, struct replay_target *, char *error, size_t size);

/*
 * Send the files, all at once, and return when all are sent or have failed; a line a stream goes to
 * stderr. Connections stay open for hold_s after the last one, but for those that the recording
 * saw closed. The exit code: that of the files (cli/recording.h), and CLI_NOTHING when a stream
 * could not be sent.
 */
int replay_files(char **paths, size_t n, const struct replay_target *, double hold_s);
