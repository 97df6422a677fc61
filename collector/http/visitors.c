#include "collector/http/visitors.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* So long nobody gives way who says nothing yet: a request is on its way. */
enum { YOUNG_US = 250000, ADDRESS_OCTETS = 8 };

struct visitor {
	uint8_t address[ADDRESS_OCTETS]; /* IPv4: the address; IPv6: its first half */
	int fd;				 /* -1: the place is free */
	bool answered, shut;
	int64_t since_us; /* it says nothing */
};

struct visitors {
	pthread_mutex_t lock;
	uint32_t most, per_address;
	struct visitors_counts counts;
	struct visitor places[VISITORS_MAX];
};

struct visitors *
visitors_new(void)
{
	struct visitors *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return NULL;
	pthread_mutex_init(&v->lock, NULL);
	for (unsigned i = 0; i < VISITORS_MAX; i++)
		v->places[i].fd = -1;
	return v;
}

void
visitors_free(struct visitors *v)
{
	if (v == NULL)
		return;
	pthread_mutex_destroy(&v->lock);
	free(v);
}

void
visitors_limit(struct visitors *v, uint32_t most, uint32_t per_address)
{
	pthread_mutex_lock(&v->lock);
	v->most = most < VISITORS_MAX ? most : VISITORS_MAX;
	v->per_address = per_address;
	pthread_mutex_unlock(&v->lock);
}

static void
address_of(const struct sockaddr *sa, uint8_t out[ADDRESS_OCTETS])
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	memset(out, 0, ADDRESS_OCTETS);
	if (sa->sa_family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		memcpy(out, &in.sin_addr, sizeof(in.sin_addr));
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		memcpy(out, &in6.sin6_addr, ADDRESS_OCTETS);
	}
}

/* The one that has been silent for the longest time; of this address, unless it is NULL. */
static struct visitor *
least(struct visitors *v, const uint8_t *address)
{
	int64_t before_us = clock_mono_us() - YOUNG_US;
	struct visitor *found = NULL;

	for (struct visitor *p = v->places; p < v->places + VISITORS_MAX; p++) {
		if (p->fd < 0 || p->answered || p->shut || p->since_us > before_us ||
		    (address != NULL && memcmp(p->address, address, ADDRESS_OCTETS) != 0))
			continue;
		if (found == NULL || p->since_us < found->since_us)
			found = p;
	}
	return found;
}

/* One gives way. false: nobody can. */
static bool
make_room(struct visitors *v, const uint8_t *address)
{
	struct visitor *p = least(v, address);

	if (p == NULL)
		return false;
	shutdown(p->fd, SHUT_RDWR); /* its own thread sees it, and closes it */
	p->shut = true;
	v->counts.open--; /* its place is free from now on */
	v->counts.gave_way++;
	return true;
}

bool
visitors_may_come(struct visitors *v, const struct sockaddr *sa)
{
	uint8_t address[ADDRESS_OCTETS];
	uint32_t of_address = 0, open = 0;
	bool may = true;

	address_of(sa, address);
	pthread_mutex_lock(&v->lock);
	for (const struct visitor *p = v->places; p < v->places + VISITORS_MAX; p++) {
		if (p->fd < 0 || p->shut)
			continue;
		open++;
		of_address += memcmp(p->address, address, ADDRESS_OCTETS) == 0;
	}
	if (of_address >= v->per_address && !make_room(v, address)) {
		v->counts.refused_of_address++;
		may = false;
	} else if (open >= v->most && of_address < v->per_address && !make_room(v, NULL)) {
		v->counts.refused++;
		may = false;
	}
	pthread_mutex_unlock(&v->lock);
	return may;
}

struct visitor *
visitors_enter(struct visitors *v, const struct sockaddr *sa, int fd)
{
	struct visitor *p = v->places;

	pthread_mutex_lock(&v->lock);
	while (p < v->places + VISITORS_MAX && p->fd >= 0)
		p++;
	if (p < v->places + VISITORS_MAX) {
		*p = (struct visitor){ .fd = fd, .since_us = clock_mono_us() };
		address_of(sa, p->address);
		v->counts.open++;
		v->counts.accepted++;
	} else {
		p = NULL;
	}
	pthread_mutex_unlock(&v->lock);
	return p;
}

void
visitor_is_answered(struct visitors *v, struct visitor *p, bool answered)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&v->lock);
	p->answered = answered;
	p->since_us = clock_mono_us();
	pthread_mutex_unlock(&v->lock);
}

void
visitors_leave(struct visitors *v, struct visitor *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&v->lock);
	p->fd = -1;
	v->counts.open -= !p->shut;
	pthread_mutex_unlock(&v->lock);
}

void
visitors_count(struct visitors *v, struct visitors_counts *out)
{
	pthread_mutex_lock(&v->lock);
	*out = v->counts;
	pthread_mutex_unlock(&v->lock);
}
