/* The rows of a day: text, so that whoever opens the database can read them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/norms/ledger_private.h"

enum { VALUE_MAX = 24 * LEDGER_NUMBERS_MAX };

/* --- writing */

static void
put_numbers(struct txt *t, const uint64_t *v, unsigned n)
{
	for (unsigned k = 0; k < n; k++)
		txt_putf(t, " %" PRIu64, v[k]);
}

static void
key_of(const struct ledger_item *i, char key[LEDGER_KEY_MAX])
{
	const struct ledger_name *n = &i->name;

	if (n->kind == ITEM_SESSION || n->kind == ITEM_USE)
		snprintf(key, LEDGER_KEY_MAX, "%c %" PRIu32 " %c %s", n->kind, n->asn,
		    n->ipv6 ? '6' : '4', n->text);
	else
		snprintf(key, LEDGER_KEY_MAX, "%c %" PRIu32 " %c %s%s%s", n->kind, n->asn,
		    n->ipv6 ? '6' : '4', rule_info[n->rule].name, n->kind == ITEM_WAY ? " " : "",
		    n->text);
}

static void
value_of(const struct ledger_item *i, struct txt *t)
{
	txt_puts(t, "1");
	if (i->name.kind == ITEM_SESSION) {
		txt_putf(t, " %u %" PRIu32 " %" PRIu64 " %" PRIu64, i->relation, i->limit,
		    i->known_s, i->down_s);
		for (unsigned k = 0; k < LEDGER_COUNTS; k++)
			txt_putf(t, " %" PRIu64 " %" PRIu64 " %" PRIu32, i->count_s[k], i->sum[k],
			    i->most[k]);
	} else if (i->name.kind == ITEM_USE) {
		txt_putf(t, " %" PRIu64, i->known_s);
		for (unsigned k = 0; k < LEDGER_USES; k++)
			txt_putf(t, " %" PRIu64 " %" PRIu64 " %" PRIu32, i->count_s[k], i->sum[k],
			    i->most[k]);
	} else if (i->name.kind == ITEM_WRONG) {
		put_numbers(t, i->fate_s, FATES);
		for (unsigned k = 0; k < FATES; k++)
			txt_putf(t, " %" PRIu32, i->fate_most[k]);
	} else {
		put_numbers(t, i->reach_s, REACHES);
		txt_putf(t, " %" PRIu32, i->more);
		for (unsigned k = 0; k < i->spans_n; k++)
			txt_putf(t, " %" PRId64 " %" PRId64, i->spans[k].from_s, i->spans[k].to_s);
	}
}

static void
put_all(struct ledger *l, const char *day, bool changed_only, ledger_row put, void *ctx)
{
	char key[LEDGER_KEY_MAX], value[VALUE_MAX];

	if (l->dirty || !changed_only) {
		struct txt t = txt_of(value, sizeof(value));

		txt_putf(&t, "1 %" PRIu64 " %" PRIu64, l->watched_s, l->left_out);
		put(ctx, day, "c", value, strlen(value));
	}
	for (struct ledger_item *i = l->items; i != NULL; i = i->next) {
		struct txt t = txt_of(value, sizeof(value));

		if (changed_only && !i->dirty)
			continue;
		key_of(i, key);
		value_of(i, &t);
		put(ctx, day, key, value, strlen(value));
		i->dirty = i->dirty && !changed_only;
	}
	l->dirty = l->dirty && !changed_only;
}

void
ledger_put_day(struct ledger *l, int64_t at_s)
{
	char day[NORM_DAY_MAX];

	put_all(l, norm_day_text(at_s, day), true, l->put, l->ctx);
}

void
ledger_put(struct ledger *l)
{
	if (l->now_s != 0)
		ledger_put_day(l, l->now_s);
}

const char *
ledger_today(struct ledger *l, ledger_row each, void *ctx)
{
	if (l->now_s == 0)
		return "";
	norm_day_text(l->now_s, l->today);
	put_all(l, l->today, false, each, ctx);
	return l->today;
}

/* --- reading */

/* The next word; false when there is none. */
static bool
word(const char **at, char *out, size_t size)
{
	size_t n = strcspn(*at, " ");

	if (n == 0 || n >= size)
		return false;
	memcpy(out, *at, n);
	out[n] = '\0';
	*at += n + ((*at)[n] == ' ');
	return true;
}

static bool
number(const char **at, uint64_t *out)
{
	char text[24], *end;

	if (!word(at, text, sizeof(text)) || text[0] < '0' || text[0] > '9')
		return false;
	*out = strtoull(text, &end, 10);
	return *end == '\0';
}

static bool
rule_named(const char *name, uint8_t *out)
{
	for (unsigned r = 0; r < RULES; r++)
		if (strcmp(rule_info[r].name, name) == 0) {
			*out = (uint8_t)r;
			return true;
		}
	return false;
}

static bool
parse_key(const char *at, struct ledger_row_read *out)
{
	char text[64];
	uint64_t v;

	if (!word(&at, text, sizeof(text)) || text[1] != '\0')
		return false;
	out->kind = text[0];
	if (out->kind == ITEM_COLLECTOR)
		return true;
	if (!number(&at, &v) || v > UINT32_MAX || !word(&at, text, sizeof(text)))
		return false;
	out->asn = (uint32_t)v;
	out->ipv6 = text[0] == '6';
	if (out->kind == ITEM_SESSION || out->kind == ITEM_USE) {
		text_copy(out->text, sizeof(out->text), at);
		return *at != '\0';
	}
	if (!word(&at, text, sizeof(text)) || !rule_named(text, &out->rule))
		return false;
	if (out->kind == ITEM_WRONG)
		return true;
	if (out->kind != ITEM_WAY || !word(&at, text, sizeof(text)) || strlen(text) != 2)
		return false;
	out->ours = text[0] == 'o';
	out->doubtful = text[1] == 'd';
	if (!word(&at, out->text, sizeof(out->text)) || !number(&at, &v) || v > UINT32_MAX)
		return false;
	out->occurrence = (uint32_t)v;
	return true;
}

/* How many numbers a row has at least. */
static unsigned
least(char kind)
{
	return kind == ITEM_COLLECTOR ? 2
	       : kind == ITEM_SESSION ? 4 + 3 * LEDGER_COUNTS
	       : kind == ITEM_USE     ? 1 + 3 * LEDGER_USES
	       : kind == ITEM_WRONG   ? 2 * FATES
				      : REACHES + 1;
}

bool
ledger_row_parse(const char *key, const char *value, size_t len, struct ledger_row_read *out)
{
	char text[VALUE_MAX];
	const char *at = text;
	uint64_t version;

	memset(out, 0, sizeof(*out));
	if (len >= sizeof(text) || !parse_key(key, out))
		return false;
	memcpy(text, value, len);
	text[len] = '\0';
	if (!number(&at, &version) || version != 1)
		return false;
	while (*at != '\0' && out->n < LEDGER_NUMBERS_MAX)
		if (!number(&at, &out->v[out->n++]))
			return false;
	return out->n >= least(out->kind) &&
	       (out->kind != ITEM_WAY || (out->n - REACHES - 1) % 2 == 0);
}

static void
take_session(struct ledger_item *i, const uint64_t *v)
{
	i->relation = (uint8_t)v[0];
	i->limit = (uint32_t)v[1];
	i->known_s = v[2];
	i->down_s = v[3];
	for (unsigned k = 0; k < LEDGER_COUNTS; k++) {
		i->count_s[k] = v[4 + 3 * k];
		i->sum[k] = v[5 + 3 * k];
		i->most[k] = (uint32_t)v[6 + 3 * k];
	}
}

static void
take_use(struct ledger_item *i, const uint64_t *v)
{
	i->known_s = v[0];
	for (unsigned k = 0; k < LEDGER_USES; k++) {
		i->count_s[k] = v[1 + 3 * k];
		i->sum[k] = v[2 + 3 * k];
		i->most[k] = (uint32_t)v[3 + 3 * k];
	}
}

static void
take_way(struct ledger_item *i, const struct ledger_row_read *r)
{
	memcpy(i->reach_s, r->v, sizeof(i->reach_s));
	i->more = (uint32_t)r->v[REACHES];
	for (unsigned at = REACHES + 1; at + 1 < r->n && i->spans_n < LEDGER_SPANS_MAX; at += 2)
		i->spans[i->spans_n++] =
		    (struct norm_span){ (int64_t)r->v[at], (int64_t)r->v[at + 1] };
	i->blind = true;
}

void
ledger_restore(struct ledger *l, int64_t now_s, const char *key, const char *value, size_t len)
{
	struct ledger_row_read r;
	struct ledger_name name;
	struct ledger_item *i;
	char text[LEDGER_NAME_MAX];

	l->now_s = now_s;
	if (!ledger_row_parse(key, value, len, &r))
		return;
	if (r.kind == ITEM_COLLECTOR) {
		l->watched_s = r.v[0];
		l->left_out = r.v[1];
		return;
	}
	text_copy(text, sizeof(text), r.text);
	if (r.kind == ITEM_WAY)
		snprintf(text, sizeof(text), "%c%c %.*s %" PRIu32, r.ours ? 'o' : '-',
		    r.doubtful ? 'd' : '-', LEDGER_ID_MAX, r.text, r.occurrence);
	name = ledger_name(r.kind, r.asn, r.ipv6, r.rule, text);
	i = ledger_item(l, &name);
	if (i == NULL)
		return;
	if (r.kind == ITEM_SESSION)
		take_session(i, r.v);
	else if (r.kind == ITEM_USE)
		take_use(i, r.v);
	else if (r.kind == ITEM_WAY)
		take_way(i, &r);
	else {
		memcpy(i->fate_s, r.v, sizeof(i->fate_s));
		for (unsigned k = 0; k < FATES; k++)
			i->fate_most[k] = (uint32_t)r.v[FATES + k];
	}
}
