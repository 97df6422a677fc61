#include "collector/config/caches.h"

#include <string.h>

#include "base/pure/ip.h"
#include "collector/config/config.h"

enum { RTR_TLS_PORT = 324 }; /* RFC 8210 section 13 */

const char cache_tls_lacking[] =
    "\"ca\" is missing; right would be {ca: /etc/bellman/rpki-ca.pem}, a file of the CAs that may "
    "have signed the certificate of the cache";

static bool
is_address(const char *text)
{
	struct ip_addr a;

	return ip_addr_parse(text, &a);
}

/* Whom the certificate of the cache is to be for: the name it is reached by, or another. */
static void
finish_name(struct loader *l, const yaml_node_t *tls, struct rtr_cache *c)
{
	const yaml_node_t *name = loader_value(l, tls, "name"),
			  *verify = loader_value(l, tls, "verify");
	bool given = c->tls.name[0] != '\0';

	if (!given)
		c->tls.name = c->host;
	if (c->tls.verify == TLS_BY_ADDRESS && !is_address(c->tls.name))
		loader_error(l, given ? name : verify,
		    "rpki.caches.tls: \"%s\" is no address, and verify: address looks for one in "
		    "the certificate; right would be verify: name, or name: 192.0.2.1",
		    c->tls.name);
	else if (c->tls.verify == TLS_BY_NAME && is_address(c->tls.name))
		loader_error(l, given ? name : tls,
		    "rpki.caches.tls: \"%s\" is an address, and certificates are for names; right "
		    "would be name: rpki.example.net, or verify: address where the certificate has "
		    "this address",
		    c->tls.name);
}

void
cache_finish(struct loader *l, yaml_node_t *node, void *filled)
{
	struct rtr_cache *c = filled;
	const yaml_node_t *tls = loader_value(l, node, "tls");

	if (c->name[0] == '\0')
		c->name = c->host;
	if (!c->has_tls || l->failed)
		return;
	if (loader_value(l, node, "port") == NULL)
		c->port = RTR_TLS_PORT;
	if ((c->tls.certificate[0] != '\0') != (c->tls.key[0] != '\0'))
		loader_error(l, tls,
		    "rpki.caches.tls: \"%s\" is there without \"%s\"; right would be both, or "
		    "neither",
		    c->tls.key[0] != '\0' ? "key" : "certificate",
		    c->tls.key[0] != '\0' ? "certificate" : "key");
	finish_name(l, tls, c);
}
