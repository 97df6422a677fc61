/* accept: which media types a client takes (RFC 9110 12.5.1). */
#pragma once

/* What the field's value says of this type, in thousandths: 0 is not at all. Of what it names the
 * closest counts: the type, then all of its kind, then all. */
unsigned accept_weight(const char *accept, const char *type);
