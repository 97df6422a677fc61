#include "collector/daemon/contact_keeper.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/contacts.h"
#include "collector/daemon/whole_file.h"

enum {
	LOOK_MS = 2000,
	PATH_OCTETS = 4096,
	ERROR_MAX = 192,
	/* whoever writes a file in place is not done yet */
	BROKEN_LOOKS = 2,
};
static const size_t octets_max = (size_t)512 << 20; /* unpacked */
static const char kind[] = "collector.contacts";

/* Of the configuration. */
struct named {
	bool has_address;
	struct ip_addr address;
	uint32_t asn;
	char name[RECORD_NAME_MAX], contact[RECORD_NAME_MAX];
};

/* Of one look, in the pool. */
struct contact_look {
	char path[PATH_OCTETS];
	struct file_mark mark;
	bool there, same, ok;
	struct contacts contacts;
	char error[ERROR_MAX];
};

struct contact_keeper {
	uv_timer_t timer;
	uv_work_t work;
	bool busy, stopping;
	_Atomic bool give_up;
	struct alarms *alarms;
	struct named *named;
	size_t named_n;
	char path[PATH_OCTETS]; /* "" none */
	struct file_mark mark;	/* of what was read last, whatever came of it */
	unsigned wrong_looks;
	char error[ERROR_MAX];
	struct contacts contacts;
	struct contact_look next;
};

/* --- in the pool */

static void
look(uv_work_t *work)
{
	struct contact_keeper *k = work->data;
	struct contact_look *l = &k->next;
	struct sbuf text = sbuf_of(octets_max);
	int fd = whole_file_open(l->path);
	struct file_mark mark;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		snprintf(l->error, sizeof(l->error), "%s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		snprintf(l->error, sizeof(l->error), "not a regular file");
	} else {
		l->there = true;
		mark = file_mark_of(&st);
		l->same = file_mark_same(&mark, &l->mark);
		l->mark = mark;
		l->ok =
		    !l->same &&
		    whole_file_read(fd, l->path, &k->give_up, &text, l->error, sizeof(l->error)) &&
		    contacts_parse(sbuf_text(&text), text.len, &k->give_up, &l->contacts, l->error,
			sizeof(l->error));
	}
	if (fd >= 0)
		close(fd);
	sbuf_free(&text);
}

/* --- on the loop */

static void
tell(struct contact_keeper *k)
{
	if (k->alarms == NULL)
		return;
	if (k->path[0] != '\0' && k->wrong_looks >= BROKEN_LOOKS)
		alarm_on(k->alarms, kind, "neighbors_file", SEVERITY_NOTICE,
		    "neighbors_file %.100s cannot be used: %.100s; names and contacts of before "
		    "stay",
		    k->path, k->error);
	else if (k->path[0] == '\0' || k->wrong_looks == 0)
		alarm_off(k->alarms, kind, "neighbors_file",
		    k->path[0] != '\0' ? "neighbors_file is in use"
				       : "neighbors_file is no longer configured");
}

static void
take(struct contact_keeper *k)
{
	struct contact_look *l = &k->next;

	if (l->there && l->same) {
		k->wrong_looks += k->wrong_looks > 0;
		return;
	}
	k->mark = l->there ? l->mark : (struct file_mark){ 0 };
	if (!l->ok) {
		k->wrong_looks++;
		snprintf(k->error, sizeof(k->error), "%s", l->error);
		return;
	}
	contacts_free(&k->contacts);
	k->contacts = l->contacts;
	l->contacts = (struct contacts){ .n = 0 };
	k->wrong_looks = 0;
	log_info(
	    "coordinator", "file=%s names and contacts of %zu networks", k->path, k->contacts.n);
}

static void
on_looked(uv_work_t *work, int status)
{
	struct contact_keeper *k = work->data;

	k->busy = false;
	if (!k->stopping && status == 0 && strcmp(k->path, k->next.path) == 0) {
		take(k);
		tell(k);
	}
	contacts_free(&k->next.contacts);
}

static void
on_timer(uv_timer_t *t)
{
	struct contact_keeper *k = t->data;
	struct contact_look *l = &k->next;

	if (k->busy)
		return;
	if (k->path[0] == '\0') {
		tell(k);
		return;
	}
	memset(l, 0, sizeof(*l));
	memcpy(l->path, k->path, sizeof(l->path));
	l->mark = k->mark;
	k->work.data = k;
	k->busy = uv_queue_work(t->loop, &k->work, look, on_looked) == 0;
}

struct contact_keeper *
contact_keeper_new(uv_loop_t *loop)
{
	struct contact_keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	uv_timer_init(loop, &k->timer);
	k->timer.data = k;
	uv_timer_start(&k->timer, on_timer, 0, LOOK_MS);
	return k;
}

void
contact_keeper_tells(struct contact_keeper *k, struct alarms *alarms)
{
	k->alarms = alarms;
}

bool
contact_keeper_set(
    struct contact_keeper *k, const struct detect_neighbor *neighbors, size_t n, const char *path)
{
	struct named *v = calloc(n + 1, sizeof(*v));
	size_t used = 0;

	if (v == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct detect_neighbor *c = &neighbors[i];

		if (c->name[0] == '\0' && c->contact[0] == '\0')
			continue;
		v[used] = (struct named){
			.has_address = c->has_address, .address = c->address, .asn = c->asn
		};
		text_copy(v[used].name, sizeof(v[used].name), c->name);
		text_copy(v[used].contact, sizeof(v[used].contact), c->contact);
		used++;
	}
	free(k->named);
	k->named = v;
	k->named_n = used;
	if (strcmp(k->path, path) != 0) {
		text_copy(k->path, sizeof(k->path), path);
		k->mark = (struct file_mark){ 0 };
		k->wrong_looks = 0;
		contacts_free(&k->contacts);
		uv_timer_start(&k->timer, on_timer, 0, LOOK_MS);
	}
	return true;
}

/* What the configuration says of it, by address or by AS number, where nothing is said yet. */
static void
fill_in(
    const struct contact_keeper *k, const struct ip_addr *address, uint32_t asn, struct contact *c)
{
	for (const struct named *n = k->named; n < k->named + k->named_n; n++) {
		if (address != NULL ? !n->has_address || !ip_addr_equal(&n->address, address)
				    : n->has_address || n->asn != asn)
			continue;
		if (c->name[0] == '\0')
			memcpy(c->name, n->name, sizeof(c->name));
		if (c->contact[0] == '\0')
			memcpy(c->contact, n->contact, sizeof(c->contact));
	}
}

void
contact_keeper_apply(const struct contact_keeper *k, struct record *r)
{
	struct record_incident *i = &r->incident;
	const struct contact *c;
	struct contact known = { .asn = i->peer_as };
	struct ip_addr address;

	if (r->kind != RECORD_INCIDENT || (i->peer_as == 0 && i->peer[0] == '\0'))
		return;
	if (ip_addr_parse(i->peer, &address))
		fill_in(k, &address, 0, &known);
	if (i->peer_as != 0)
		fill_in(k, NULL, i->peer_as, &known);
	c = i->peer_as != 0 ? contacts_find(&k->contacts, i->peer_as) : NULL;
	if (c != NULL && known.name[0] == '\0')
		memcpy(known.name, c->name, sizeof(known.name));
	if (c != NULL && known.contact[0] == '\0')
		memcpy(known.contact, c->contact, sizeof(known.contact));
	if (known.name[0] != '\0')
		memcpy(i->neighbor_name, known.name, sizeof(known.name));
	if (known.contact[0] != '\0')
		memcpy(i->neighbor_contact, known.contact, sizeof(known.contact));
}

void
contact_keeper_stop(struct contact_keeper *k)
{
	k->stopping = true;
	atomic_store(&k->give_up, true);
	if (!uv_is_closing((uv_handle_t *)&k->timer))
		uv_close((uv_handle_t *)&k->timer, NULL);
}

void
contact_keeper_free(struct contact_keeper *k)
{
	if (k == NULL)
		return;
	contacts_free(&k->contacts);
	contacts_free(&k->next.contacts);
	free(k->named);
	free(k);
}
