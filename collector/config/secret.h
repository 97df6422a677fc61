/*
 * secret: a value that is not in the configuration itself but in a file of its own, written as
 * ${file:PATH}. A path that does not begin with "/" is looked for in $CREDENTIALS_DIRECTORY, which
 * is where systemd puts what LoadCredential= names, else in the folder of the configuration. Only a
 * whole value is replaced: a password may have a "$" in it. It is read with the configuration, so a
 * reload reads it anew; what is shown of the configuration is ${file:PATH}, never what is in it.
 */
#pragma once

#include "collector/config/yaml.h"

enum { SECRET_FILE_MAX = 64 * 1024 };

/*
 * The text of a value, owned by the loader's memory, at most `most` octets where it stands in the
 * configuration. *written: the value as it is written when it is from a file (without the newline
 * at its end), else NULL. what: names it in an error, then NULL.
 */
const char *secret_text(
    struct loader *, const yaml_node_t *, const char *what, size_t most, const char **written);
