#include "collector/recordings/packets/fragments.h"

#include <stdlib.h>
#include <string.h>

static const int64_t wait_us = (int64_t)60 * 1000000;

enum { UNIT = 8, UNITS = (FRAGMENTS_OCTETS_MAX + UNIT) / UNIT, PROTO_UDP = 17 };

/* One packet. */
struct packet {
	bool used;
	bool bad; /* its fragments do not fit together: those that follow are dropped with it */
	struct ip_fragment key; /* the first that came */
	uint64_t since;		/* number of that fragment */
	int64_t since_us;	/* its time, 0 not known */
	unsigned fragments;
	size_t total; /* octets; 0 while its end has not come */
	size_t units; /* that are there */
	uint8_t *data;
	uint8_t there[UNITS / 8 + 1]; /* a bit for each unit */
};

struct fragments {
	uint64_t n;
	struct fragments_lost lost; /* given up */
	struct packet packets[FRAGMENTS_PACKETS_MAX];
};

struct fragments *
fragments_new(void)
{
	return calloc(1, sizeof(struct fragments));
}

void
fragments_free(struct fragments *f)
{
	for (int i = 0; f != NULL && i < FRAGMENTS_PACKETS_MAX; i++)
		free(f->packets[i].data);
	free(f);
}

static void
count_lost(struct fragments_lost *lost, const struct packet *p)
{
	if (!p->used || p->key.proto == PROTO_UDP)
		return;
	lost->packets++;
	lost->fragments += p->fragments;
}

struct fragments_lost
fragments_lost(const struct fragments *f)
{
	struct fragments_lost lost = f->lost;

	for (int i = 0; i < FRAGMENTS_PACKETS_MAX; i++)
		count_lost(&lost, &f->packets[i]);
	return lost;
}

/* IPv6 distinguishes packets by addresses and number, IPv4 by the protocol, too. */
static bool
belongs_to(const struct packet *p, const struct ip_fragment *s)
{
	return p->used && p->key.id == s->id && p->key.v6 == s->v6 &&
	       (s->v6 || p->key.proto == s->proto) &&
	       memcmp(p->key.from, s->from, sizeof(s->from)) == 0 &&
	       memcmp(p->key.to, s->to, sizeof(s->to)) == 0;
}

static bool
is_old(const struct packet *p, int64_t time_us)
{
	return p->since_us != 0 && time_us > p->since_us + wait_us;
}

/* The packet that the fragment belongs to. A new packet takes the place of one that has waited too
 * long under the same number, else a free place, else that of the oldest. NULL: no memory. */
static struct packet *
find_packet(struct fragments *f, const struct ip_fragment *s, int64_t time_us)
{
	struct packet *place = &f->packets[0];

	for (int i = 0; i < FRAGMENTS_PACKETS_MAX; i++) {
		struct packet *p = &f->packets[i];

		if (belongs_to(p, s) && !is_old(p, time_us))
			return p;
		if (belongs_to(p, s)) {
			place = p;
			break;
		}
		if (place->used && (!p->used || p->since < place->since))
			place = p;
	}
	count_lost(&f->lost, place);
	place->used = false;
	if (place->data == NULL && (place->data = malloc(FRAGMENTS_OCTETS_MAX)) == NULL)
		return NULL;
	place->used = true;
	place->bad = false;
	place->key = *s;
	place->since = f->n;
	place->since_us = time_us;
	place->fragments = 0;
	place->total = place->units = 0;
	memset(place->there, 0, sizeof(place->there));
	return place;
}

static bool
is_there(const struct packet *p, size_t unit)
{
	return p->there[unit / 8] >> unit % 8 & 1;
}

/* Copy the octets to their place. false: they contradict what is there. */
static bool
add_octets(struct packet *p, const struct ip_fragment *s)
{
	size_t n = cur_left(&s->payload), first = s->offset / UNIT, units = (n + UNIT - 1) / UNIT,
	       known = 0;

	if (n == 0 || s->offset + n > FRAGMENTS_OCTETS_MAX || (s->more && n % UNIT != 0))
		return false;
	if (p->total != 0 && (s->more ? s->offset + n > p->total : s->offset + n != p->total))
		return false;
	for (size_t i = first; i < first + units; i++)
		known += is_there(p, i);
	if (known > 0) /* the same again, or an overlap */
		return known == units && (s->more || p->total != 0) &&
		       memcmp(p->data + s->offset, s->payload.pos, n) == 0;
	if (!s->more)
		p->total = s->offset + n;
	memcpy(p->data + s->offset, s->payload.pos, n);
	for (size_t i = first; i < first + units; i++)
		p->there[i / 8] = (uint8_t)(p->there[i / 8] | 1U << i % 8);
	p->units += units;
	return true;
}

bool
fragments_add(
    struct fragments *f, const struct ip_fragment *s, int64_t time_us, struct cursor *payload)
{
	struct packet *p = find_packet(f, s, time_us);

	f->n++;
	if (p == NULL)
		return false;
	p->fragments++;
	if (s->missing > 0 || !add_octets(p, s))
		p->bad = true;
	if (p->bad || p->total == 0 || p->units < (p->total + UNIT - 1) / UNIT)
		return false;
	if (p->units > (p->total + UNIT - 1) / UNIT) { /* something lies behind its end */
		p->bad = true;
		return false;
	}
	p->used = false;
	*payload = cur_of(p->data, p->total);
	return true;
}
