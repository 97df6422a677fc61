/*
 * Prefixes with labels and route distinguishers: RFC 8277, RFC 4364, RFC 4659, RFC 6514.
 *
 * The length octet counts labels, RD and prefix together. How many labels there are is negotiated:
 * one, whatever its bottom-of-stack bit says, or with the Multiple Labels capability (8) a stack
 * (RFC 8277 2.1). Where that is not known, the stack is believed if it leaves a prefix that the
 * family can have.
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

/* Where the number is known, the bits in the labels do not count. Only where that number would
 * leave a prefix that is too long, there must be a stack that was not agreed on. */
static unsigned
labels_in(struct cursor body, struct bgp_nlri_encoding encoding, const struct measure *m)
{
	unsigned expected = encoding.withdrawn ? 1 : encoding.labels;

	if (expected > 0 && expected <= BGP_LABELS_MAX && leaves_prefix(m, expected))
		return expected;
	return encoding.withdrawn || expected == BGP_LABELS_UNKNOWN ? labels_guessed(body, m)
								    : labels_stacked(body, m);
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
	labels = labels_in(body, encoding, &m);
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
