/* What the configuration says of RTR caches beyond name, host and port, and of all RPKI data. */
#include "tests/unit/support/config_text.h"

static const struct {
	const char *text, *dump;
} good[] = {
	{ "rpki:\n  files: [/a, b/c.json]\n  caches:\n    - {host: 127.0.0.1}\n"
	  "    - {name: r, host: r.example, port: 3323, version: 0}\n",
	    "\nrpki:\n  files:\n    - \"/a\"\n    - \"b/c.json\"\n  caches:\n"
	    "    - {name: \"127.0.0.1\", host: \"127.0.0.1\", port: 323, version: auto}\n"
	    "    - {name: \"r\", host: \"r.example\", port: 3323, version: 0}\n  settle_s: 0\n" },
	{ "rpki: {files: [x], caches: []}\n", "\nrpki:\n  files:\n    - \"x\"\n  settle_s: 0\n" },
	{ "rpki: {caches: [{host: r.example, tls: {ca: /ca.pem}}]}\n",
	    "    - {name: \"r.example\", host: \"r.example\", port: 324, version: auto, tls: {ca: "
	    "\"/ca.pem\", verify: name, name: \"r.example\", certificate: \"\", key: \"\"}}\n" },
	{ "rpki: {caches: [{host: 192.0.2.1, port: 1, tls: {name: r.example, ca: a, certificate: "
	  "c, key: k}}]}\n",
	    "    - {name: \"192.0.2.1\", host: \"192.0.2.1\", port: 1, version: auto, tls: {ca: "
	    "\"a\", verify: name, name: \"r.example\", certificate: \"c\", key: \"k\"}}\n" },
	{ "rpki: {caches: [{host: 2001:db8::1, tls: {ca: a, verify: address}}]}\n",
	    "    - {name: \"2001:db8::1\", host: \"2001:db8::1\", port: 324, version: auto, tls: "
	    "{ca: \"a\", verify: address, name: \"2001:db8::1\", certificate: \"\", key: "
	    "\"\"}}\n" },
	{ "rpki: {caches: [{host: r.example, tls: {ca: a, name: 192.0.2.1, verify: address}}]}\n",
	    "verify: address, name: \"192.0.2.1\"" },
	{ "rpki: {switch_s: 0, caches: [{host: a}, {host: b, preference: 255}]}\n",
	    "    - {name: \"a\", host: \"a\", port: 323, version: auto}\n"
	    "    - {name: \"b\", host: \"b\", port: 323, version: auto, preference: 255}\n"
	    "  settle_s: 0\n  switch_s: 0\n" },
	{ "rpki: {slurm: [s], settle_s: 1, max_age_s: 0, max_loss_percent: 100, max_loss: 1, "
	  "max_invalid: 0, hold_s: 0}\n",
	    "\nrpki:\n  slurm:\n    - \"s\"\n  settle_s: 1\n  switch_s: 30\n  max_age_s: 0\n  "
	    "max_loss_percent: 100\n  max_loss: 1\n  max_invalid: 0\n  hold_s: 0\nrelations:" },
};

START_TEST(good_is_dumped)
{
	require_dumped(good[_i].text, good[_i].dump);
}
END_TEST

static const struct {
	const char *text, *messages;
} bad[] = {
	{ "rpki: {caches: [{name: a}]}\n", "f:1:17: rpki.caches: \"host\" is missing; right would "
					   "be {host: 127.0.0.1, port: 3323}\n" },
	{ "rpki: {caches: [{host: a, version: 3, port: 65536}]}\n",
	    "f:1:36: rpki.caches.version: \"3\" is none of 0, 1, 2, auto\n"
	    "f:1:45: rpki.caches.port: \"65536\" is not a whole number from 1 to 65535\n" },
	{ "rpki: {caches: [{host: a, tls: {}}]}\n",
	    "f:1:32: rpki.caches.tls: \"ca\" is missing; right would be {ca: "
	    "/etc/bellman/rpki-ca.pem}, a file of the CAs that may have signed the certificate of "
	    "the cache\n" },
	{ "rpki: {caches: [{host: a, preference: 256}]}\n",
	    "f:1:39: rpki.caches.preference: \"256\" is not a whole number from 0 to 255\n" },
	{ "rpki: {caches: [{host: a, tls: true}]}\n",
	    "f:1:32: rpki.caches.tls should be a map (key: value)\n" },
	{ "rpki: {caches: [{host: a, tls: {ca: c, keys: k}}]}\n",
	    "f:1:40: unknown key \"keys\" in rpki.caches.tls; did you mean \"key\"?\n" },
	{ "rpki: {caches: [{host: a, tls: {ca: c, verify: no}}]}\n",
	    "f:1:48: rpki.caches.tls.verify: \"no\" is none of name, address\n" },
	{ "rpki: {caches: [{host: a, tls: {ca: c, key: k}}]}\n",
	    "f:1:32: rpki.caches.tls: \"key\" is there without \"certificate\"; right would be "
	    "both, or neither\n" },
	{ "rpki: {caches: [{host: a, tls: {ca: c, certificate: k, key: ''}}]}\n",
	    "f:1:32: rpki.caches.tls: \"certificate\" is there without \"key\"; right would be "
	    "both, or neither\n" },
	{ "rpki: {caches: [{host: 192.0.2.1, tls: {ca: c}}]}\n",
	    "f:1:40: rpki.caches.tls: \"192.0.2.1\" is an address, and certificates are for "
	    "names; right would be name: rpki.example.net, or verify: address where the "
	    "certificate has this address\n" },
	{ "rpki: {caches: [{host: a, tls: {ca: c, name: '::1'}}]}\n",
	    "f:1:46: rpki.caches.tls: \"::1\" is an address, and certificates are for names; "
	    "right would be name: rpki.example.net, or verify: address where the certificate has "
	    "this address\n" },
	{ "rpki: {caches: [{host: a, tls: {ca: c, verify: address}}]}\n",
	    "f:1:48: rpki.caches.tls: \"a\" is no address, and verify: address looks for one in "
	    "the certificate; right would be verify: name, or name: 192.0.2.1\n" },
};

START_TEST(bad_is_refused)
{
	require_refused(bad[_i].text, bad[_i].messages);
}
END_TEST

HARNESS_MAIN("caches")
{
	ROWS(good_is_dumped, good);
	ROWS(bad_is_refused, bad);
}
