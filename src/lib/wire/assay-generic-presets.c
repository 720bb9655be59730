/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers that are spoken to with one plain request for each picture (protocols.md, B3 to B7). */

#include "config.h"

#include <string.h>

#include "assay-endpoint.h"
#include "assay-generic-presets.h"
#include "assay-util.h"

#define VERTEX_SUFFIX ":predict"

enum { TORCHSERVE, HUGGING_FACE, CUSTOM_VISION, VERTEX };

static const AssayGenericPreset presets[] = {
  [TORCHSERVE] = {
    .id = "torchserve",
    .title = "TorchServe",
    .url = "http://localhost:8080",
    .models_url = "http://localhost:8081",
    .template = "/predictions/{model}{/version}",
    .body = "raw",
  },
  [HUGGING_FACE] = {
    .id = "hugging-face",
    .title = "Hugging Face",
    .url = "https://example.endpoints.huggingface.cloud",
    .body = "raw",
  },
  [CUSTOM_VISION] = {
    .id = "custom-vision",
    .title = "Azure Custom Vision",
    .url = "https://example.cognitiveservices.azure.com",
    .template = "/customvision/v3.1/prediction/{project}/classify/iterations/{model}/image",
    .body = "raw:application/octet-stream",
    .api_key_header = "Prediction-Key",
  },
  [VERTEX] = {
    .id = "vertex",
    .title = "Google Vertex AI",
    .url = "https://europe-west4-aiplatform.googleapis.com/v1/projects/example/locations/"
           "europe-west4/endpoints/1",
    .template = VERTEX_SUFFIX,
    .body = "json:{\"instances\": [{\"content\": \"{image}\", \"mimeType\": \"{type}\"}]}",
  },
  {
    .id = "multipart",
    .title = "multipart/form-data",
    .url = "http://localhost:5000/classify",
    .body = "multipart:file",
  },
  {
    .id = "json",
    .title = "JSON",
    .url = "http://localhost:5000/classify",
    .body = "json:/image",
  },
};

/**
 * assay_generic_preset_find:
 * @id: (nullable): such as "torchserve"
 *
 * Returns: (transfer none) (nullable): the preset of that name
 */
const AssayGenericPreset *
assay_generic_preset_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    if (g_strcmp0 (presets[i].id, id) == 0)
      return &presets[i];
  return NULL;
}

/**
 * assay_generic_preset_get_all:
 * @n_presets: (out): their number
 *
 * Returns: (transfer none) (array length=n_presets): every preset, in the order in which
 *   they are offered
 */
const AssayGenericPreset *
assay_generic_preset_get_all (guint *n_presets)
{
  g_return_val_if_fail (n_presets != NULL, NULL);

  *n_presets = G_N_ELEMENTS (presets);
  return presets;
}

/**
 * assay_generic_preset_apply:
 * @profile: that nobody else has yet; keeps its addresses and labels
 */
void
assay_generic_preset_apply (const AssayGenericPreset *self,
                            AssayProfile *profile)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (profile != NULL);

  assay_set_string (&profile->template, self->template);
  assay_set_string (&profile->body, self->body);
  profile->percent = self->percent;
}

/* …/classify/iterations/{model}/image, as the portal gives it; or …/url, which takes no
 * picture. */
static AssayProfile *
read_custom_vision (const char *address,
                    char **model)
{
  g_autoptr (GRegex) regex = g_regex_new ("^(https?://[^/?]+(?:/[^?]*)?)"
                                          "(/customvision/[^?]*/classify/iterations/)([^/?]+)"
                                          "/(?:image|url)(/nostore)?$",
                                          G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *url = NULL;
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autofree char *end = NULL;
  AssayProfile *profile;

  if (!g_regex_match (regex, address, 0, &match))
    return NULL;
  url = g_match_info_fetch (match, 1);
  path = g_match_info_fetch (match, 2);
  name = g_match_info_fetch (match, 3);
  end = g_match_info_fetch (match, 4);
  profile = assay_profile_new (url, NULL);
  assay_generic_preset_apply (&presets[CUSTOM_VISION], profile);
  g_free (profile->template);
  profile->template = g_strconcat (path, "{model}/image", end, NULL);
  *model = g_uri_unescape_string (name, NULL);
  return profile;
}

static AssayProfile *
read_vertex (const char *address,
             const char *host)
{
  g_autofree char *url = NULL;
  AssayProfile *profile;

  if (!g_str_has_suffix (host, "aiplatform.googleapis.com"))
    return NULL;
  url = g_strdup (address);
  if (g_str_has_suffix (url, VERTEX_SUFFIX))
    url[strlen (url) - strlen (VERTEX_SUFFIX)] = '\0';
  profile = assay_profile_new (url, NULL);
  assay_generic_preset_apply (&presets[VERTEX], profile);
  return profile;
}

static AssayProfile *
read_hugging_face (const char *address,
                   const char *host)
{
  AssayProfile *profile;

  if (!g_str_has_suffix (host, ".endpoints.huggingface.cloud")
      && strcmp (host, "router.huggingface.co") != 0
      && strcmp (host, "api-inference.huggingface.co") != 0)
    return NULL;
  profile = assay_profile_new (address, NULL);
  assay_generic_preset_apply (&presets[HUGGING_FACE], profile);
  return profile;
}

/**
 * assay_generic_recognize:
 * @address: what somebody pasted
 * @profile: (out) (transfer full): how it is spoken to
 * @model: (out) (nullable) (transfer full): when the address names one
 *
 * Some services are known by their addresses alone; nothing is asked.
 *
 * Returns: (transfer none) (nullable): which it is
 */
const AssayGenericPreset *
assay_generic_recognize (const char *address,
                         AssayProfile **profile,
                         char **model)
{
  g_autofree char *normal = assay_endpoint_normalize (address, NULL);
  g_autofree char *host = normal != NULL ? assay_endpoint_dup_host (normal) : NULL;

  g_return_val_if_fail (profile != NULL, NULL);
  g_return_val_if_fail (model != NULL, NULL);

  *profile = NULL;
  *model = NULL;
  if (normal == NULL)
    return NULL;
  if ((*profile = read_custom_vision (normal, model)) != NULL)
    return &presets[CUSTOM_VISION];
  if ((*profile = read_vertex (normal, host)) != NULL)
    return &presets[VERTEX];
  if ((*profile = read_hugging_face (normal, host)) != NULL)
    return &presets[HUGGING_FACE];
  return NULL;
}
