/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * assay_test_proxy_init:
 *
 * Has this process ask us, instead of the desktop, which proxy to take.  To be called
 * before anything uses the network.
 */
void assay_test_proxy_init (void);

/**
 * assay_test_proxy_set:
 * @url: (nullable): a proxy for everything, this computer not excepted; %NULL for none
 */
void assay_test_proxy_set  (const char *url);

G_END_DECLS
