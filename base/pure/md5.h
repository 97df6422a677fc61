/* md5 (RFC 1321), for formats that ask for it. It secures nothing. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { MD5_LEN = 16 };

/* The digest of n octets at data. */
void md5(const void *data, size_t n, uint8_t digest[MD5_LEN]);
