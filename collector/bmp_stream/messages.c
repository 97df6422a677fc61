/* What each message does to the conversation: peers come up and go down. Routes: updates.c. */
#include <stdio.h>

#include "base/hash.h"
#include "collector/bmp_stream/stream_private.h"

/* Several texts are shown in their order (RFC 7854 4.4, RFC 9069 5.2.1). */
static void
add_text(char *to, size_t size, struct cursor text)
{
	size_t n = strlen(to);

	if (cur_left(&text) == 0 || n + 3 > size)
		return;
	if (n > 0)
		n += (size_t)snprintf(to + n, size - n, ", ");
	bmp_text(to + n, size - n, text);
}

void
stream_initiation(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	char name[BMP_TEXT_MAX] = "";
	struct cursor r = m->body;
	struct bmp_tlv tlv;

	while (bmp_tlv_next(&r, m->start, &tlv, f)) {
		if (tlv.type == BMP_INIT_SYS_NAME)
			bmp_text(name, sizeof(name), tlv.value);
		else if (tlv.type == BMP_INIT_SYS_DESCR)
			bmp_text(s->sys_descr, sizeof(s->sys_descr), tlv.value);
	}
	if (name[0] == '\0')
		stream_quirk(s, NULL, QUIRK_SYS_NAME_EMPTY);
	else if (s->sys_name[0] != '\0' && strcmp(name, s->sys_name) != 0)
		stream_quirk(s, NULL, QUIRK_SYS_NAME_CHANGED);
	if (name[0] != '\0') /* a name once said stays */
		memcpy(s->sys_name, name, sizeof(name));
	s->initiated = true;
	if (s->ops->initiation != NULL)
		s->ops->initiation(s->ctx, s);
}

void
stream_termination(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct faults again = { .n = 0 };
	struct cursor r = m->body;
	struct bmp_tlv tlv;

	s->termination_reason = bmp_termination_reason(m, f);
	s->termination_text[0] = '\0';
	while (bmp_tlv_next(&r, m->start, &tlv, &again))
		if (tlv.type == BMP_TERM_STRING)
			add_text(s->termination_text, sizeof(s->termination_text), tlv.value);
	s->terminated = true;
	if (s->ops->termination != NULL)
		s->ops->termination(s->ctx, s, s->termination_reason);
}

/* A hash of what the OPENs say: it shows whether two Peer Ups have the same OPENs. Never 0. */
static uint64_t
hash_opens(const struct bmp_peer_up *up)
{
	uint64_t sent = hash_bytes(hash_seed(), up->sent_pdu.pos, cur_left(&up->sent_pdu));

	return hash_bytes(sent, up->received_pdu.pos, cur_left(&up->received_pdu)) | 1;
}

/* The same of its connection. */
static uint64_t
hash_connection(const struct bmp_peer_up *up)
{
	uint64_t ports = (uint64_t)up->local_port << 16 | up->remote_port;

	return hash_bytes(hash_seed() ^ ports, up->local_address.b, sizeof(up->local_address.b));
}

/* The views that a Peer Up is for, as a bit: some routers send one for each. */
static uint8_t
up_view(const struct bmp_peer_header *h)
{
	return (uint8_t)(1U << ((h->flags & BMP_FLAG_L ? 1 : 0) + (h->flags & BMP_FLAG_O ? 2 : 0)));
}

/*
 * Is it a new session of the peer, which no Peer Down has ended? Several Peer Ups of a Loc-RIB add
 * up (RFC 9069 6.1.1), and there is no session behind them.
 */
static enum bmp_peer_up_kind
peer_up_kind(const struct bmp_peer *p, const struct bmp_peer_header *h, uint64_t opens,
    uint64_t connection, uint64_t at)
{
	const struct stream_peer *known = stream_peer(p);

	if (!p->up || p->implicit || known->opens == 0)
		return PEER_UP_BEGINS;
	if (h->type == BMP_PEER_LOC_RIB)
		return PEER_UP_REPEATED;
	if (known->opens != opens)
		return PEER_UP_ANEW;
	if ((known->up_views & up_view(h)) == 0)
		return PEER_UP_REPEATED;
	if (known->connection != connection)
		return PEER_UP_ANEW;
	return at != 0 && known->up_at == at ? PEER_UP_REPEATED : PEER_UP_PERHAPS_ANEW;
}

/* What this Peer Up is, and what it says of the session. */
static void
apply_session(struct bmp_peer *p, const struct bmp_peer_header *h, const struct bmp_peer_up *up)
{
	struct stream_peer *known = stream_peer(p);
	uint64_t opens = hash_opens(up), connection = hash_connection(up);
	uint64_t at = (uint64_t)h->sec << 32 | h->usec;

	p->last_up = peer_up_kind(p, h, opens, connection, at);
	if (p->last_up == PEER_UP_ANEW)
		peer_forget_session(p);
	if (p->last_up != PEER_UP_REPEATED) {
		known->up_views = 0;
		known->up_at = at;
		known->connection = connection;
	}
	known->up_views |= up_view(h);
	if (known->opens == 0) { /* mirrored OPENs may be those of an earlier attempt */
		memset(&p->sent, 0, sizeof(p->sent));
		memset(&p->received, 0, sizeof(p->received));
		p->sent.role = p->received.role = BGP_ROLE_NONE;
	}
	known->opens = opens;
}

static void
apply_opens(struct bmp_peer *p, const struct bmp_peer_header *h, const struct bmp_peer_up *up)
{
	peer_merge_open(&p->sent, &up->sent);
	peer_merge_open(&p->received, &up->received);
	p->local_as = p->sent.as;
	if (p->as == 0 && h->type == BMP_PEER_LOC_RIB)
		p->as = p->sent.as;
	p->sent_role = p->sent.role;
	p->received_role = p->received.role;
	p->role_conflict = p->sent.role_conflict || p->received.role_conflict;
	p->local_address = up->local_address;
}

/* The names of the peer's table, in their order (RFC 9069 5.2.1). Junos puts the name of a Loc-RIB
 * into a String. */
static void
apply_table_name(struct bmp_peer *p, const struct bmp_msg *m, struct cursor tlvs, struct faults *f)
{
	struct cursor string = cur_of(NULL, 0);
	char name[BMP_TABLE_NAME_MAX] = "";
	struct bmp_tlv tlv;

	while (bmp_tlv_next(&tlvs, m->start, &tlv, f)) {
		if (tlv.type == BMP_PEER_STRING && p->key.type == BMP_PEER_LOC_RIB)
			string = tlv.value;
		else if (tlv.type == BMP_PEER_TABLE_NAME)
			add_text(name, sizeof(name), tlv.value);
	}
	if (name[0] == '\0')
		add_text(name, sizeof(name), string);
	if (name[0] != '\0')
		memcpy(p->table_name, name, sizeof(name));
}

void
stream_peer_up(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, true);
	struct bmp_peer_up up;
	int64_t router_us;

	if (p == NULL || !bmp_peer_up_parse(m, &up, f))
		return;
	if (p->up && !p->implicit)
		stream_quirk(s, p, QUIRK_PEER_UP_REPEATED);
	router_us = stream_time(s, p, &m->peer);
	apply_session(p, &m->peer, &up);
	p->up = p->was_up = true;
	p->implicit = false;
	peer_refresh(p, &m->peer);
	apply_opens(p, &m->peer, &up);
	apply_table_name(p, m, up.tlvs, f);
	quirks_of_peer_up(s, p, &m->peer, &up);
	if (s->ops->peer_up != NULL)
		s->ops->peer_up(s->ctx, s, p, router_us);
}

void
stream_peer_down(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, false);
	struct bmp_peer_down down;
	int64_t router_us;

	if (p == NULL || !bmp_peer_down_parse(m, &down, f))
		return;
	if (!p->up)
		stream_quirk(s, p, p->was_up ? QUIRK_PEER_DOWN_REPEATED : QUIRK_PEER_DOWN_UNKNOWN);
	if (down.notification_missing)
		stream_quirk(s, p, QUIRK_NOTIFICATION_MISSING);
	router_us = stream_time(s, p, &m->peer);
	p->up = false;
	peer_refresh(p, &m->peer);
	if (s->ops->peer_down != NULL)
		s->ops->peer_down(s->ctx, s, p, &down, router_us);
	peer_forget_session(p); /* also when routes come without a Peer Up now */
}

void
stream_statistics(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, false);

	if (p == NULL)
		return;
	quirks_of_statistics(s, p, m, f);
	if (s->ops->statistics != NULL)
		s->ops->statistics(s->ctx, s, p, m);
}
