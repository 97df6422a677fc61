/*
 * visitors: who is connected. There are so many places, in all and for one address (one /64 of
 * IPv6). When all are taken, whoever has said least for the sake of it gives way to a newcomer: one
 * that has begun no request, or not completed one. Nobody who is being answered does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { VISITORS_MAX = 1000 };

struct visitors;

struct visitors_counts {
	uint64_t open, accepted;
	/* for want of a place: in all, of one address; closed so that another one has a place */
	uint64_t refused, refused_of_address, gave_way;
};

/* NULL when out of memory. */
struct visitors *visitors_new(void);
void visitors_free(struct visitors *);
/* From any thread, as all that follows. */
void visitors_limit(struct visitors *, uint32_t most, uint32_t per_address);
/* Somebody wants in. false: there is no place, which is counted. May shut down the connection of
 * another one, which then leaves by itself. */
bool visitors_may_come(struct visitors *, const struct sockaddr *);
/* It is in, with this socket. NULL when out of places after all. */
struct visitor *visitors_enter(struct visitors *, const struct sockaddr *, int fd);
/* It is being answered, or is to say what it wants next. */
void visitor_is_answered(struct visitors *, struct visitor *, bool answered);
/* Before its socket is closed. NULL is fine. */
void visitors_leave(struct visitors *, struct visitor *);
void visitors_count(struct visitors *, struct visitors_counts *);
