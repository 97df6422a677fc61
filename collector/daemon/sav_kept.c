#include "collector/daemon/sav_kept.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sbuf.h"

static const char room[] = "sav";
enum { PART = 4096, KEY_MAX = 40, HEAD_MAX = 128, TEXT_MAX = 2 * SAV_KEPT_MAX * 48 };

void
sav_kept_free(struct sav_kept *k)
{
	free(k->list.v);
	free(k->before.v);
	*k = (struct sav_kept){ .shrunk_us = 0 };
}

bool
sav_list_copy(struct sav_list *to, const struct ip_prefix *v, size_t n)
{
	struct ip_prefix *copy = malloc((n + 1) * sizeof(*copy));

	if (copy == NULL)
		return false;
	if (n > 0)
		memcpy(copy, v, n * sizeof(*copy));
	free(to->v);
	*to = (struct sav_list){ copy, n, true };
	return true;
}

/* --- as text */

/* FNV-1a: it is to tell what was half written, and nobody else. */
static uint64_t
digest_of(const char *data, size_t n)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)data[i]) * 0x100000001b3U;
	return h;
}

static void
put_lines(struct sbuf *text, const struct sav_list *l)
{
	char line[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < l->n; i++)
		sbuf_printf(text, "%s\n", ip_prefix_format(&l->v[i], line));
}

/* The next n lines; false when they are none. */
static bool
take_lines(char **at, size_t n, struct sav_list *out)
{
	struct ip_prefix *v = malloc((n + 1) * sizeof(*v));

	for (size_t i = 0; v != NULL && i < n; i++) {
		char *end = *at != NULL ? strchr(*at, '\n') : NULL;

		if (end != NULL)
			*end = '\0';
		if (end == NULL || !ip_prefix_parse(*at, true, &v[i])) {
			free(v);
			return false;
		}
		*at = end + 1;
	}
	*out = (struct sav_list){ v, n, true };
	return v != NULL;
}

/* --- writing */

static void
key_of(char key[KEY_MAX], uint32_t asn, unsigned part)
{
	if (part == 0)
		snprintf(key, KEY_MAX, "AS%" PRIu32, asn);
	else
		snprintf(key, KEY_MAX, "AS%" PRIu32 " %05u", asn, part);
}

static void
put(struct records *records, uint32_t asn, unsigned part, const char *value, size_t len)
{
	char key[KEY_MAX];

	key_of(key, asn, part);
	records_state_put(records, room, key, value, len);
}

void
sav_kept_put(struct records *records, uint32_t asn, uint8_t method, struct sav_kept *k)
{
	struct sbuf text = sbuf_of(TEXT_MAX);
	char head[HEAD_MAX];
	unsigned parts = 0, had = k->parts;
	int n;

	if (k->list.n + k->before.n <= SAV_KEPT_MAX) {
		put_lines(&text, &k->list);
		put_lines(&text, &k->before);
	}
	if (!k->list.any || k->list.n + k->before.n > SAV_KEPT_MAX || text.failed) {
		put(records, asn, 0, NULL, 0);
		sbuf_clear(&text);
	} else {
		n = snprintf(head, sizeof(head), "1 %s %zu %d %zu %" PRId64 " %zu %" PRIu64,
		    sav_method_name(method), k->list.n, k->before.any, k->before.n, k->shrunk_us,
		    text.len, digest_of(text.data, text.len));
		put(records, asn, 0, head, (size_t)n);
	}
	for (size_t at = 0; at < text.len; at += PART)
		put(records, asn, ++parts, text.data + at,
		    text.len - at < PART ? text.len - at : PART);
	k->parts = parts;
	for (; parts < had; parts++)
		put(records, asn, parts + 1, NULL, 0);
	sbuf_free(&text);
}

/* --- reading */

static bool
read_text(struct journal *j, uint32_t asn, size_t len, struct sbuf *text, unsigned *parts)
{
	char key[KEY_MAX];

	while (text->len < len) {
		key_of(key, asn, ++*parts);
		if (!journal_state_get(j, room, key, text))
			return false;
	}
	sbuf_putc(text, '\0'); /* lines are looked for */
	return text->len == len + 1 && !text->failed;
}

bool
sav_kept_get(struct records *records, uint32_t asn, uint8_t method, struct sav_kept *out)
{
	struct journal *j = records_history(records);
	struct sbuf head = sbuf_of(HEAD_MAX), text = sbuf_of(TEXT_MAX + 1);
	char key[KEY_MAX], name[16], *at;
	size_t list_n, before_n, len;
	uint64_t digest;
	int any;
	bool good;

	key_of(key, asn, 0);
	good = journal_state_get(j, room, key, &head) && !head.failed &&
	       sscanf(sbuf_text(&head), "1 %15s %zu %d %zu %" SCNd64 " %zu %" SCNu64, name, &list_n,
		   &any, &before_n, &out->shrunk_us, &len, &digest) == 7 &&
	       strcmp(name, sav_method_name(method)) == 0 && list_n + before_n <= SAV_KEPT_MAX &&
	       read_text(j, asn, len, &text, &out->parts) && digest_of(text.data, len) == digest;
	at = text.data;
	good = good && take_lines(&at, list_n, &out->list) &&
	       (!any || take_lines(&at, before_n, &out->before));
	sbuf_free(&head);
	sbuf_free(&text);
	if (!good)
		sav_kept_free(out);
	return good;
}

/* --- of others */

struct keeping {
	struct records *records;
	const uint32_t *asns;
	size_t n;
};

static bool
drop_other(void *ctx, const char *key, const void *value, size_t len)
{
	const struct keeping *k = ctx;
	unsigned long asn = strncmp(key, "AS", 2) == 0 ? strtoul(key + 2, NULL, 10) : 0;

	(void)value;
	(void)len;
	for (size_t i = 0; i < k->n; i++)
		if (k->asns[i] == asn)
			return true;
	records_state_put(k->records, room, key, NULL, 0);
	return true;
}

void
sav_kept_only(struct records *records, const uint32_t *asns, size_t n)
{
	struct keeping k = { records, asns, n };

	journal_state_each(records_history(records), room, drop_other, &k);
}
