/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person, or a file that somebody gave, says of a service over plain HTTP: path,
 * model, version and body, each up to a NUL.  A request goes nowhere but to the origin of the
 * address, on one line, and JSON is JSON; or there is a reason. */

#include <string.h>

#include "assay-endpoint.h"
#include "assay-json.h"
#include "assay-protocol-generic.h"
#include "fuzz.h"

#define ORIGIN "https://h.example"

static void
check_json (const AssayBody *body)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (out);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < assay_body_get_n_parts (body); i++)
    {
      g_autoptr (GInputStream) part = assay_body_open_part (body, i, NULL, &error);

      g_assert_no_error (error);
      g_output_stream_splice (out, part, G_OUTPUT_STREAM_SPLICE_NONE, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (g_memory_output_stream_get_data_size (memory), ==, assay_body_get_length (body));
  root = assay_json_parse (g_memory_output_stream_get_data (memory),
                           g_memory_output_stream_get_data_size (memory), &error);
  g_assert_no_error (error);
  g_assert_nonnull (root);
}

static void
check_request (const AssayRequest *request)
{
  g_autofree char *origin = assay_endpoint_dup_origin (request->url);
  const char *type = assay_body_get_media_type (request->body);

  g_assert_cmpstr (origin, ==, ORIGIN);
  g_assert_null (strpbrk (request->url, " \r\n\t#"));
  g_assert_null (strpbrk (type, "\r\n"));
  if (strcmp (type, "application/json") == 0)
    check_json (request->body);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *template = fuzz_take_string (&data, &size);
  g_autofree char *model = fuzz_take_string (&data, &size);
  g_autofree char *version = fuzz_take_string (&data, &size);
  g_autofree char *body = fuzz_take_string (&data, &size);
  g_autoptr (AssayProfile) profile = assay_profile_new (ORIGIN "/a?b=c", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("picture", 7);
  g_autoptr (AssayPayload) payload = assay_payload_new_bytes ("a.jpg", "image/jpeg", bytes);
  AssayPayload *payloads[] = { payload };
  const AssayQuery query = { .profile = profile, .model = model, .version = version,
                             .payloads = payloads, .n_payloads = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRequest) request = NULL;

  profile->template = g_steal_pointer (&template);
  profile->body = *body != '\0' ? g_steal_pointer (&body) : NULL;
  request = assay_protocol_generic.classify (&query, &error);
  if (request != NULL)
    check_request (request);
  else
    fuzz_check_error (error);
  return 0;
}
