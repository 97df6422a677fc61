/* page: the files of the page. */
#pragma once

extern const char page_html[], page_html_end[], page_css[], page_css_end[], page_js[],
    page_js_end[];
