/*
 * NLRI fields of every family. First octet: the family; second: path ids, withdrawal, labels; then
 * the field. It is walked, dissected and written; each NLRI is read again alone, and must come out
 * the same.
 */
#include "parsers/bgp/update.h"
#include "parsers/bgp/nlri/nlri.h"
#include "tests/fuzz/fuzz.h"

static const struct bgp_family families[] = { { AFI_IPV4, SAFI_UNICAST },
	{ AFI_IPV6, SAFI_UNICAST }, { AFI_IPV4, SAFI_MULTICAST }, { AFI_IPV4, SAFI_LABELLED },
	{ AFI_IPV6, SAFI_LABELLED }, { AFI_IPV4, SAFI_MCAST_VPN }, { AFI_IPV6, SAFI_MCAST_VPN },
	{ AFI_L2VPN, SAFI_VPLS }, { AFI_IPV4, SAFI_MDT }, { AFI_L2VPN, SAFI_EVPN },
	{ AFI_BGP_LS, SAFI_BGP_LS }, { AFI_BGP_LS, SAFI_BGP_LS_VPN }, { AFI_IPV4, SAFI_SR_POLICY },
	{ AFI_IPV6, SAFI_SR_POLICY }, { AFI_IPV4, SAFI_MUP }, { AFI_IPV6, SAFI_MUP },
	{ AFI_IPV4, SAFI_VPN }, { AFI_IPV6, SAFI_VPN }, { AFI_IPV4, SAFI_VPN_MULTICAST },
	{ AFI_IPV6, SAFI_VPN_MULTICAST }, { AFI_IPV4, SAFI_RTC }, { AFI_IPV4, SAFI_FLOWSPEC },
	{ AFI_IPV6, SAFI_FLOWSPEC }, { AFI_L2VPN, SAFI_FLOWSPEC }, { AFI_IPV4, SAFI_FLOWSPEC_VPN },
	{ AFI_IPV6, SAFI_FLOWSPEC_VPN }, { AFI_L2VPN, SAFI_FLOWSPEC_VPN }, { 99, 99 },
	{ AFI_IPV4, SAFI_CLASSFUL_TRANSPORT }, { AFI_IPV6, SAFI_CLASSFUL_TRANSPORT },
	{ AFI_BGP_LS, SAFI_BGP_LS_SPF }, { AFI_IPV6, SAFI_MULTICAST }, { AFI_IPV6, SAFI_RTC } };

enum { FAMILIES = sizeof(families) / sizeof(families[0]), WITH_PATH_IDS = 1, WITHDRAWN = 2 };

static const uint8_t labels[] = { BGP_LABELS_UNKNOWN, 1, 2, BGP_LABELS_STACK };

static uint64_t
hash_of(struct bgp_family family, const struct bgp_nlri *n)
{
	struct fuzz_sink l = fuzz_sink();
	struct bgp_nlri bare = *n;

	bare.has_path_id = false;
	bgp_nlri_dissect(&l.sink, family, &bare);
	assert(l.depth == 0);
	return l.hash;
}

/* --- what is always true */

enum { TEXT_MAX = 40000 }; /* the longest FlowSpec, in full */

static char first_text[TEXT_MAX], text[TEXT_MAX], again_text[TEXT_MAX];

static void
write_text(struct bgp_family family, const struct bgp_nlri *n, char *out)
{
	struct txt x = txt_of(out, TEXT_MAX);

	bgp_nlri_text(&x, family, n);
	assert(x.at == x.start + strlen(out));
	assert(strlen(out) > 0);
}

static void
check_prefix(const struct bgp_nlri *n)
{
	const struct ip_prefix *p = &n->prefix;

	assert(p->len <= ip_bits(p->family));
	for (unsigned i = p->len; i < 128; i++)
		assert(!(p->b[i / 8] >> (7 - i % 8) & 1));
}

static void
check_one(const struct bgp_nlri *n, const uint8_t *field, const uint8_t *end)
{
	assert(n->octets.pos >= field && n->octets.end <= end && n->octets.pos < n->octets.end);
	assert(n->body.pos >= n->octets.pos && n->body.end == n->octets.end);
	assert(n->key_len > 0 && n->key_len <= BGP_KEY_MAX);
	assert(n->labels_n <= BGP_LABELS_MAX);
	if (n->prefix.family != IP_NONE)
		check_prefix(n);
	for (unsigned i = 0; i < n->labels_n; i++)
		assert(n->labels[i] <= 0xffffff);
	if (!n->known || n->malformed)
		assert(!n->has_rd && n->prefix.family == IP_NONE && n->labels_n == 0);
}

static bool
same_key(const struct bgp_nlri *a, const struct bgp_nlri *b)
{
	return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

/* Alone it is what it is among others. */
static void
check_alone(struct bgp_family family, struct bgp_nlri_encoding encoding, const struct bgp_nlri *n)
{
	struct cursor r = n->octets;
	struct faults f = { .n = 0 };
	struct bgp_nlri again;

	encoding.path_ids = false;
	assert(bgp_nlri_next(&r, family, encoding, r.pos, &again, &f));
	assert(cur_left(&r) == 0);
	assert(again.known == n->known && again.malformed == n->malformed);
	assert(same_key(&again, n));
	assert(hash_of(family, &again) == hash_of(family, n));
	write_text(family, &again, again_text);
	assert(strcmp(text, again_text) == 0);
}

static void
walk(struct bgp_family family, struct bgp_nlri_encoding encoding, const uint8_t *field, size_t size)
{
	struct cursor r = cur_of(field, size);
	bool good = true;
	struct bgp_nlri n, first;
	struct faults f = { .n = 0 };
	size_t count = 0, well = 0;

	while (bgp_nlri_next(&r, family, encoding, field, &n, &f)) {
		check_one(&n, field, field + size);
		assert(n.octets.end == r.pos);
		write_text(family, &n, text);
		check_alone(family, encoding, &n);
		if (count++ == 0) {
			first = n;
			memcpy(first_text, text, strlen(text) + 1);
		} else if (n.known && !n.malformed && first.known && !first.malformed &&
			   same_key(&first, &n)) {
			assert(strcmp(first_text, text) == 0);
		}
		good = good && n.known && !n.malformed;
		well += !n.malformed;
	}
	assert(cur_left(&r) == 0);
	assert(!r.failed || f.n > 0);
	if (bgp_family_row(family) == NULL)
		well = 0;
	assert(bgp_nlri_count(cur_of(field, size), family, encoding, field, NULL) == well);
	if (bgp_family_row(family) == NULL)
		return;
	assert(bgp_nlri_fits(cur_of(field, size), family, encoding) == (good && !r.failed));
}

static bool
is_listed(struct bgp_family f)
{
	for (unsigned i = 0; i < FAMILIES; i++)
		if (bgp_family_equal(families[i], f))
			return true;
	return false;
}

/* No family that has a row is left out here. */
static void
check_families(void)
{
	for (unsigned afi = 0; afi <= UINT16_MAX; afi++)
		for (unsigned safi = 0; safi <= UINT8_MAX; safi++) {
			struct bgp_family f = { (uint16_t)afi, (uint8_t)safi };

			assert(bgp_family_row(f) == NULL || is_listed(f));
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool checked;
	uint8_t *exact;

	if (!checked)
		check_families();
	checked = true;
	if (size < 2)
		return 0;
	exact = fuzz_exact(data + 2, size - 2);
	walk(families[data[0] % FAMILIES],
	    (struct bgp_nlri_encoding){
		data[1] & WITH_PATH_IDS, data[1] & WITHDRAWN, labels[data[1] >> 2 & 3] },
	    exact, size - 2);
	fuzz_exact_free(exact);
	return 0;
}
