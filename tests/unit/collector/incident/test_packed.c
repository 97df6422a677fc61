/* The packed record of an incident: it comes back as it was, and is small. */
#include "collector/incident/incident_private.h"

#include "tests/unit/support/harness.h"

enum { SEEDS = 20, CASES = 500, SIZE = 3000 };

/* Runs of zeros and of others, some long, some short. */
static void
random_octets(uint64_t *rng, uint8_t *to, size_t n)
{
	for (size_t k = 0; k < n;) {
		size_t run = 1 + rnd(rng) % (rnd(rng) % 8 == 0 ? 400 : 6);
		bool zero = rnd(rng) % 2 == 0;

		for (; run > 0 && k < n; run--)
			to[k++] = zero ? 0 : (uint8_t)rnd(rng);
	}
}

START_TEST(octets_come_back)
{
	static uint8_t in[SIZE], packed[2 * SIZE], out[SIZE];
	uint64_t rng = seed_of(_i);

	for (int c = 0; c < CASES; c++) {
		size_t n = 1 + rnd(&rng) % SIZE, packed_n;

		random_octets(&rng, in, n);
		packed_n = pack_zeros(in, n, packed);
		require(packed_n <= n + 4, "%zu octets are %zu", n, packed_n);
		memset(out, 0xff, sizeof(out));
		unpack_zeros(packed, packed_n, out, n);
		require(memcmp(in, out, n) == 0, "%zu octets", n);
		require(n == SIZE || out[n] == 0xff, "an octet too many of %zu", n);
	}
}
END_TEST

START_TEST(nothing_is_nothing)
{
	uint8_t in[100] = { 0 }, packed[200], out[100];

	ck_assert_uint_eq(pack_zeros(in, sizeof(in), packed), 0);
	memset(out, 1, sizeof(out));
	unpack_zeros(NULL, 0, out, sizeof(out));
	ck_assert_mem_eq(in, out, sizeof(in));
}
END_TEST

/* A usual one: of one router and peer, with a path and three examples. */
START_TEST(record_comes_back_and_is_small)
{
	struct record_incident r = { .occurrence = 2,
		.revision = 5,
		.severity = SEVERITY_MAJOR,
		.flaps = 1,
		.standing = true,
		.scope = "rov|AS64666",
		.summary = "what it was",
		.router = "edge1.example.net",
		.peer = "192.0.2.1",
		.peer_as = 64501,
		.as_path = "64501 64502 64503 64666",
		.examples_n = 3,
		.holders_n = 1,
		.evidence_n = 2,
		.facts = { .benign = BENIGN_ANSWER, .offender_as = 64666 } };
	struct record_incident room;
	struct incidents t = { .record = &room };
	struct incident i = { .rule = RULE_ROV_ASN };
	const struct record_incident *out;

	memset(r.id, 'a', sizeof(r.id) - 1);
	for (unsigned k = 0; k < 3; k++)
		ck_assert(ip_prefix_parse(k == 0   ? "203.0.113.0/24"
					  : k == 1 ? "198.51.100.0/24"
						   : "2001:db8::/32",
		    true, &r.examples[k]));
	strcpy(r.holders[0].router, "edge1.example.net");
	incident_keep_record(&i, &r);
	ck_assert_msg(i.packed_n < 400, "%u octets", i.packed_n);
	ck_assert_uint_eq(i.rec.benign, BENIGN_ANSWER);
	out = incident_record(&t, &i);
	ck_assert_str_eq(out->id, r.id);
	ck_assert_str_eq(out->scope, r.scope);
	ck_assert_str_eq(out->kind, "rov.invalid.asn");
	ck_assert_str_eq(out->as_path, r.as_path);
	ck_assert_str_eq(out->holders[0].router, r.holders[0].router);
	ck_assert_mem_eq(out->examples, r.examples, sizeof(r.examples));
	ck_assert_mem_eq(&out->facts, &r.facts, sizeof(r.facts));
	ck_assert(out->occurrence == 2 && out->revision == 5 && out->flaps == 1 && out->standing &&
		  out->severity == SEVERITY_MAJOR);
	ck_assert_str_eq(out->summary, "what it was");
	ck_assert_uint_eq(out->evidence_n, 0);
	free(i.packed);
}
END_TEST

HARNESS_MAIN("packed")
{
	LOOP(octets_come_back, SEEDS);
	TEST(nothing_is_nothing);
	TEST(record_comes_back_and_is_small);
}
