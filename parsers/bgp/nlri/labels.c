/*
 * Prefixes with labels and route distinguishers: RFC 8277, RFC 4364, RFC 4659, RFC 6514.
 *
 * The length octet counts labels, RD and prefix together. How many labels there are is negotiated:
 * one, whatever its bottom-of-stack bit says, or with the Multiple Labels capability (8) a stack
 * (RFC 8277 2.1); of a withdrawn route one always (2.4). Speakers do otherwise: they send stacks
 * that were not agreed on, repeat the stack in the withdrawal, or leave the bottom bit out. A label
 * with the bit is the last one. Where the first has none, what is left behind the labels shows how
 * many there are: an RD of a known type, a prefix that can be.
 */
#include "parsers/bgp/nlri/kind.h"

enum { LABEL_BITS = 24 };

/* Labels down to the bottom of the stack; 0 when fewer than `bits_min` bits would be left behind
 * it. */
static unsigned
stack_depth(struct cursor body, unsigned bits, unsigned bits_min)
{
	for (unsigned depth = 1; bits >= bits_min + LABEL_BITS; depth++) {
		uint32_t label = nlri_cur_label(&body);

		bits -= LABEL_BITS;
		if (label & 1 || label == NLRI_LABEL_WITHDRAWN)
			return depth;
	}
	return 0;
}

/* Is a known type of RD (RFC 4364 4.2) after so many octets? */
static bool
rd_plausible(struct cursor body, unsigned skip)
{
	cur_take(&body, skip);
	return cur_u16(&body) <= 2;
}

/* bits: of labels, RD and prefix together; width: the longest prefix of the family. */
struct measure {
	unsigned bits, rd_bits, width;
};

/* Would so many label fields leave an RD, and a prefix that is not too long? */
static bool
leaves_prefix(const struct measure *m, unsigned labels)
{
	unsigned rest = m->bits - labels * LABEL_BITS;

	return m->bits >= labels * LABEL_BITS + m->rd_bits && rest <= m->rd_bits + m->width;
}

/* The smallest number of labels without which the prefix would be too long. */
static unsigned
fewest_labels(const struct measure *m)
{
	unsigned labels = 1;

	while (m->bits - labels * LABEL_BITS > m->rd_bits + m->width)
		labels++;
	return labels;
}

/* Counts labels down to the bottom of the stack, whether or not that leaves a prefix. Without a
 * bottom the length has to decide. */
static unsigned
labels_stacked(struct cursor body, const struct measure *m)
{
	unsigned depth = stack_depth(body, m->bits, m->rd_bits);

	return depth > 0 ? depth : fewest_labels(m);
}

/*
 * Guesses how many labels there are, where no OPEN says so. A label with the bottom-of-stack bit is
 * the last one. A label without it may be the first of a stack. It may also be the only one: then
 * the bit is to be ignored (RFC 8277 2.2), as in SRv6 VPNs, where the label is part of a SID (RFC
 * 9252 4). The RD after it distinguishes the two. A stack without a bottom has as many labels as
 * leave a prefix that is not too long.
 */
static unsigned
labels_guessed(struct cursor body, const struct measure *m)
{
	unsigned depth = stack_depth(body, m->bits, m->rd_bits), fewest = fewest_labels(m);

	if (depth == 1 || (depth > 1 && !leaves_prefix(m, depth)))
		return depth;
	if (fewest == 1 && m->rd_bits > 0 && rd_plausible(body, LABEL_BITS / 8))
		return 1;
	/* the labels would leave no octet for the prefix: rather believe in fewer labels */
	if (m->rd_bits == 0 && m->bits == depth * LABEL_BITS)
		return fewest;
	return depth > 0 ? depth : fewest;
}

/* Is it an address that routes are for? Of IPv6 these are few, and no label looks like one that is
 * below 131072. */
static bool
prefix_plausible(const uint8_t *at, unsigned bits, bool v6)
{
	if (bits % 8 != 0 && (at[bits / 8] & 0xff >> bits % 8) != 0)
		return false;
	if (!v6)
		return at[0] != 0 && at[0] != 127 && at[0] < 224;
	return at[0] >> 5 == 1 || at[0] >> 1 == 0x7e || /* global, unique local */
	       (bits >= 10 && at[0] == 0xfe && at[1] >> 6 == 2) ||
	       (bits >= 32 && be32(at) == 0x0064ff9b); /* RFC 6052 2.1 */
}

enum plausibility { CANNOT_BE, MAY_BE, LIKELY };

/* What is left behind so many labels: an RD and a prefix that can be? Behind a stack hardly a route
 * is very wide, and none is the default. */
static enum plausibility
rate(struct cursor body, const struct measure *m, unsigned labels)
{
	unsigned bits;
	const uint8_t *at;

	if (labels == 0 || !leaves_prefix(m, labels))
		return CANNOT_BE;
	bits = m->bits - labels * LABEL_BITS - m->rd_bits;
	cur_take(&body, (size_t)labels * (LABEL_BITS / 8));
	if (m->rd_bits > 0 && (!rd_plausible(body, 0) || cur_take(&body, 8) == NULL))
		return CANNOT_BE;
	at = cur_take(&body, (bits + 7) / 8);
	if (at == NULL || (bits > 0 && !prefix_plausible(at, bits, m->width > 32)))
		return CANNOT_BE;
	return labels > 1 && bits <= m->width / 8 + 4 ? MAY_BE : LIKELY;
}

/* As many labels as leave what is likely, none of which is the bottom. */
static unsigned
stack_without_bottom(struct cursor body, const struct measure *m)
{
	unsigned labels = 2;

	while (labels <= BGP_LABELS_MAX && rate(body, m, labels) != LIKELY)
		labels++;
	return labels <= BGP_LABELS_MAX ? labels : 0;
}

/* As expected: a number that is known, one, or as many as the bits say. */
static unsigned
labels_expected(struct cursor body, uint8_t expected, bool withdrawn, const struct measure *m)
{
	bool one = expected == BGP_LABELS_ONE || (withdrawn && expected == BGP_LABELS_UNKNOWN);

	if (one && leaves_prefix(m, 1))
		return 1;
	/* where one would leave a prefix that is too long, there must be a stack */
	return withdrawn || expected == BGP_LABELS_UNKNOWN ? labels_guessed(body, m)
							   : labels_stacked(body, m);
}

/* Is this first label the only one, whatever was agreed on? */
static bool
is_last(struct cursor body, bool withdrawn)
{
	uint32_t label = nlri_cur_label(&body);

	return label & 1 || (withdrawn && (label == NLRI_LABEL_WITHDRAWN || label == 0));
}

/* *doubtful: another number would do as well. */
static unsigned
labels_in(
    struct cursor body, struct bgp_nlri_encoding encoding, const struct measure *m, bool *doubtful)
{
	unsigned labels = encoding.labels, other;
	enum plausibility rated, other_rated;

	if (labels > 0 && labels <= BGP_LABELS_MAX && leaves_prefix(m, labels))
		return labels;
	labels = labels_expected(body, encoding.labels, encoding.withdrawn, m);
	if (is_last(body, encoding.withdrawn))
		return leaves_prefix(m, 1) ? 1 : labels;
	rated = rate(body, m, labels);
	other = labels == 1 ? stack_depth(body, m->bits, m->rd_bits) : 1;
	other_rated = rate(body, m, other);
	if (rated == CANNOT_BE && other == 0)
		other_rated = rate(body, m, other = stack_without_bottom(body, m));
	*doubtful = rated == other_rated;
	return other_rated > rated ? other : labels;
}

/* Labels, RD and prefix of the body. rd_bits: 64, or 0 without RD. */
static enum nlri_verdict
read_labelled(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    unsigned rd_bits, struct nlri_key *key)
{
	struct measure m = { nlri_bits(n), rd_bits, ip_bits(bgp_ip_family(f.afi)) };
	struct cursor body = n->body;
	unsigned labels, bits;

	if (m.bits < LABEL_BITS + rd_bits)
		return NLRI_LENGTH;
	labels = labels_in(body, encoding, &m, &n->labels_doubtful);
	bits = m.bits - labels * LABEL_BITS;
	if (bits > rd_bits + m.width)
		return NLRI_LENGTH;
	while (n->labels_n < labels)
		n->labels[n->labels_n++] = nlri_cur_label(&body);
	if (rd_bits > 0)
		nlri_parse_rd(&body, key);
	if (!nlri_parse_prefix(&body, bgp_ip_family(f.afi), bits - rd_bits, n))
		return NLRI_LENGTH;
	nlri_key_put_prefix(key);
	return NLRI_READ;
}

static enum nlri_verdict
read_safi_4(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	return read_labelled(n, f, encoding, 0, key);
}

static enum nlri_verdict
read_safi_128(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	return read_labelled(n, f, encoding, 64, key);
}

/* RD and prefix (RFC 6514 11); some senders put a label before them, as in SAFI 128. */
static enum nlri_verdict
read_safi_129(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	unsigned bits = nlri_bits(n), width = ip_bits(bgp_ip_family(f.afi));
	struct cursor body = n->body;

	if (bits >= LABEL_BITS + 64 && rd_plausible(body, LABEL_BITS / 8) &&
	    (bits > 64 + width || !rd_plausible(body, 0)))
		return read_labelled(n, f, encoding, 64, key);
	if (bits < 64)
		return NLRI_LENGTH;
	nlri_parse_rd(&body, key);
	if (!nlri_parse_prefix(&body, bgp_ip_family(f.afi), bits - 64, n))
		return NLRI_LENGTH;
	nlri_key_put_prefix(key);
	return NLRI_READ;
}

static enum nlri_verdict
read_unicast(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	struct cursor body = n->body;

	(void)encoding;
	if (!nlri_parse_prefix(&body, bgp_ip_family(f.afi), nlri_bits(n), n))
		return NLRI_LENGTH;
	nlri_key_put_prefix(key);
	return NLRI_READ;
}

static void
dissect_prefix(struct field_sink *to, struct bgp_family f, const struct bgp_nlri *n)
{
	(void)f;
	if (n->labels_n > 0) {
		field_list(to, "labels");
		for (unsigned i = 0; i < n->labels_n; i++)
			nlri_dissect_label(to, NULL, n, i);
		field_list_end(to);
	}
	nlri_dissect_rd(to, n);
	nlri_dissect_prefix(to, n);
}

static void
text_prefix(struct txt *x, struct bgp_family f, const struct bgp_nlri *n)
{
	(void)f;
	nlri_text_rd(x, n);
	txt_ip_prefix(x, &n->prefix);
}

const struct nlri_kind nlri_unicast = {
	.frame = NLRI_BITS, .read = read_unicast, .dissect = dissect_prefix, .text = text_prefix
};
const struct nlri_kind nlri_labelled = {
	.frame = NLRI_BITS, .read = read_safi_4, .dissect = dissect_prefix, .text = text_prefix
};
const struct nlri_kind nlri_vpn = {
	.frame = NLRI_BITS, .read = read_safi_128, .dissect = dissect_prefix, .text = text_prefix
};
const struct nlri_kind nlri_vpn_multicast = {
	.frame = NLRI_BITS, .read = read_safi_129, .dissect = dissect_prefix, .text = text_prefix
};
