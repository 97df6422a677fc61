/* Files that are part of the program: what the assembler puts here as it is. */
#include "collector/http/api.h"

#define FILE_AS(name, path)                                                                        \
	__asm__(".pushsection .rodata\n"                                                           \
		".global " name "\n" name ":\n"                                                    \
		".incbin \"" path "\"\n"                                                           \
		".global " name "_end\n" name "_end:\n"                                            \
		".byte 0\n"                                                                        \
		".popsection\n")

FILE_AS("api_document", "collector/http/files/openapi.json");
FILE_AS("page_html", "collector/http/files/page.html");
FILE_AS("page_css", "collector/http/files/page.css");
FILE_AS("page_js", "collector/http/files/page.js");
