/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A body of the Open Inference Protocol: the first line says where its JSON ends,
 * the rest is the body.  As a request and as a response it is tensors that keep
 * their promises, or a reason; what was read is written and read back the same.
 * The same bytes as metadata and as a listing. */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-oip.h"
#include "fuzz.h"

static void
check_tensor (const AssayOipTensor *tensor)
{
  guint64 n = 1;

  g_assert_cmpuint (tensor->n_dims, <=, ASSAY_LIMIT_TENSOR_DIMS);
  for (guint i = 0; i < tensor->n_dims; i++)
    n *= tensor->shape[i];
  g_assert_cmpuint (n, ==, tensor->n_values);
  g_assert_cmpuint (n, <=, ASSAY_LIMIT_TENSOR_VALUES);
  if (tensor->type == ASSAY_OIP_BYTES)
    {
      g_autoptr (GPtrArray) elements = assay_oip_tensor_dup_elements (tensor);
      gsize size = 0;

      g_assert_cmpuint (elements->len, ==, n);
      for (guint i = 0; i < elements->len; i++)
        size += 4 + g_bytes_get_size (elements->pdata[i]);
      g_assert_cmpuint (size, ==, g_bytes_get_size (tensor->data));
    }
  else
    {
      g_autofree double *doubles = assay_oip_tensor_dup_doubles (tensor);

      g_assert_cmpuint (g_bytes_get_size (tensor->data), ==,
                        n * assay_oip_type_get_size (tensor->type));
      g_assert_true ((doubles != NULL) == (n > 0));
    }
}

/* All NaN are one in JSON, but not all bits of them; and it has no infinity. */
static void
check_same_tensor (const AssayOipTensor *a,
                   const AssayOipTensor *b)
{
  g_autofree double *one = NULL;
  g_autofree double *other = NULL;

  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpint (a->type, ==, b->type);
  g_assert_cmpuint (a->n_values, ==, b->n_values);
  if (a->type == ASSAY_OIP_BYTES || a->binary)
    {
      g_assert_true (g_bytes_equal (a->data, b->data));
      return;
    }
  one = assay_oip_tensor_dup_doubles (a);
  other = assay_oip_tensor_dup_doubles (b);
  for (gsize i = 0; i < a->n_values; i++)
    g_assert_true (one[i] == other[i] || isnan (one[i]));
}

static void
check_message (const AssayOipMessage *message)
{
  g_assert_cmpuint (message->tensors->len, <=, ASSAY_LIMIT_TENSORS);
  g_assert_cmpuint (message->outputs->len, <=, ASSAY_LIMIT_TENSORS);
  for (guint i = 0; i < message->tensors->len; i++)
    {
      AssayOipTensor *tensor = message->tensors->pdata[i];

      check_tensor (tensor);
      g_assert_true (assay_oip_message_find (message, tensor->name) == tensor);
    }
}

static void
check_again (const AssayOipMessage *message,
             gboolean answer)
{
  g_autoptr (AssayOipMessage) again = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  body = answer ? assay_oip_write_response (message, &length)
                : assay_oip_write_request (message, &length);
  text = length > 0 ? g_strdup_printf ("%" G_GSIZE_FORMAT, length) : NULL;
  if ((text != NULL ? length : g_bytes_get_size (body)) > ASSAY_LIMIT_ANSWER_BYTES)
    return;
  again = answer ? assay_oip_read_response (body, text, &error)
                 : assay_oip_read_request (body, text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->id, ==, message->id);
  g_assert_cmpuint (again->tensors->len, ==, message->tensors->len);
  for (guint i = 0; i < again->tensors->len; i++)
    check_same_tensor (message->tensors->pdata[i], again->tensors->pdata[i]);
}

static void
check_both (GBytes *body,
            const char *length)
{
  g_autoptr (GError) bad_request = NULL;
  g_autoptr (GError) bad_response = NULL;
  g_autoptr (AssayOipMessage) request = assay_oip_read_request (body, length, &bad_request);
  g_autoptr (AssayOipMessage) response = assay_oip_read_response (body, length, &bad_response);

  if (request != NULL)
    {
      check_message (request);
      check_again (request, FALSE);
    }
  else
    g_assert_true (bad_request->domain == ASSAY_ERROR && *bad_request->message != '\0');
  if (response != NULL)
    {
      check_message (response);
      check_again (response, TRUE);
    }
  else
    fuzz_check_error (bad_response);
}

static void
check_metadata (GBytes *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOipModel) model = assay_oip_read_model (body, &error);
  g_autoptr (GPtrArray) entries = assay_oip_read_index (body, NULL);
  g_autoptr (AssayOipServer) server = assay_oip_read_server (body, NULL);

  if (model == NULL)
    fuzz_check_error (error);
  else
    {
      g_autofree char *json = assay_oip_write_model (model);
      g_autoptr (GBytes) again = g_bytes_new (json, strlen (json));
      g_autoptr (AssayOipModel) same = assay_oip_read_model (again, NULL);

      g_assert_nonnull (same);
      g_assert_cmpstr (same->name, ==, model->name);
      g_assert_cmpuint (same->inputs->len, ==, model->inputs->len);
    }
  if (entries != NULL)
    g_free (assay_oip_write_index (entries));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  const uint8_t *end = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *length = NULL;
  g_autoptr (GBytes) body = NULL;

  if (end == NULL)
    return 0;
  length = g_strndup ((const char *) data, end - data);
  body = g_bytes_new (end + 1, size - (end + 1 - data));
  check_both (body, *length != '\0' ? length : NULL);
  check_metadata (body);
  return 0;
}
