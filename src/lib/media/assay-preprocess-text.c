/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How preprocessing is written in one line: words with commas between them, first a
 * preset if one is wished for, then what differs from it.
 *
 *   imagenet
 *   imagenet,size=299x299
 *   0..1,crop=stretch,filter=bicubic,order=bgr,layout=nhwc
 *   0..255,size=640x640,crop=fit,pad=114:114:114
 *
 * Numbers of several channels have colons between them, because neither a comma
 * nor a semicolon would pass both this and a shell. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-preprocess.h"

#define IMAGENET 0
#define MAX_WORD_CHARS 60   /* of a word that is not understood, shown */

const char *const assay_filter_names[] = {
  "area", "box", "bilinear", "bicubic", "lanczos", "nearest", NULL
};
const char *const assay_crop_names[] = { "center", "fit", "stretch", NULL };
const char *const assay_layout_names[] = { "nchw", "nhwc", NULL };
const char *const assay_order_names[] = { "rgb", "bgr", "gray", NULL };
const char *const assay_preset_names[] = { "imagenet", "0..1", "-1..1", "0..255", NULL };

/* What a preset says of the numbers, in the order of assay_preset_names.  Those of
 * ImageNet: torchvision, “Models and pre-trained weights”, IMAGENET1K_V1. */
static const struct {
  float scale;
  float mean[3];
  float deviation[3];
} presets[] = {
  { 1.0f / 255, { 0.485f, 0.456f, 0.406f }, { 0.229f, 0.224f, 0.225f } },
  { 1.0f / 255, { 0, 0, 0 }, { 1, 1, 1 } },
  { 1.0f / 127.5f, { 1, 1, 1 }, { 1, 1, 1 } },
  { 1, { 0, 0, 0 }, { 1, 1, 1 } },
};

/* One “name=value”. */
typedef struct {
  const char *name;
  const char *forms;   /* what can be said, for a person who said something else */
  gboolean (*read) (AssayPreprocess *self, const char *value);
  void (*write) (const AssayPreprocess *self, GString *text);
} Word;

static gboolean
find_name (const char *const *names,
           const char *value,
           guint *index)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (names[i], value) == 0)
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_float (const char *text,
            float *number)
{
  char *end;
  double value = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (value) || fabs (value) > G_MAXFLOAT)
    return FALSE;
  *number = (float) value;
  return TRUE;
}

/* As few digits as give the same float again. */
static void
write_float (float number,
             GString *text)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 1; digits <= 9; digits++)
    {
      char format[] = { '%', '.', '0' + digits, 'g', '\0' };

      g_ascii_formatd (buffer, sizeof buffer, format, number);
      if ((float) g_ascii_strtod (buffer, NULL) == number)
        break;
    }
  g_string_append (text, buffer);
}

static gboolean
read_pixels (const char *text,
             guint *pixels)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, ASSAY_LIMIT_MODEL_SIDE, &value, NULL))
    return FALSE;
  *pixels = (guint) value;
  return TRUE;
}

/* WIDTHxHEIGHT, or one number for both. */
static gboolean
read_size (AssayPreprocess *self,
           const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, "x", 2);
  guint width, height;

  if (parts[0] == NULL || !read_pixels (parts[0], &width) ||
      !read_pixels (parts[1] != NULL ? parts[1] : parts[0], &height))
    return FALSE;
  self->width = width;
  self->height = height;
  return TRUE;
}

static void
write_size (const AssayPreprocess *self,
            GString *text)
{
  g_string_append_printf (text, "%ux%u", self->width, self->height);
}

static gboolean
read_resize (AssayPreprocess *self,
             const char *value)
{
  if (strcmp (value, "none") != 0)
    return read_pixels (value, &self->resize);
  self->resize = 0;
  return TRUE;
}

static void
write_resize (const AssayPreprocess *self,
              GString *text)
{
  if (self->resize > 0)
    g_string_append_printf (text, "%u", self->resize);
  else
    g_string_append (text, "none");
}

static gboolean
read_crop (AssayPreprocess *self,
           const char *value)
{
  guint crop = self->crop;
  gboolean known = find_name (assay_crop_names, value, &crop);

  self->crop = crop;
  return known;
}

static void
write_crop (const AssayPreprocess *self,
            GString *text)
{
  g_string_append (text, assay_crop_names[self->crop]);
}

static gboolean
read_filter (AssayPreprocess *self,
             const char *value)
{
  guint filter = self->filter;
  gboolean known = find_name (assay_filter_names, value, &filter);

  self->filter = filter;
  return known;
}

static void
write_filter (const AssayPreprocess *self,
              GString *text)
{
  g_string_append (text, assay_filter_names[self->filter]);
}

static gboolean
read_layout (AssayPreprocess *self,
             const char *value)
{
  guint layout = self->layout;
  gboolean known = find_name (assay_layout_names, value, &layout);

  self->layout = layout;
  return known;
}

static void
write_layout (const AssayPreprocess *self,
              GString *text)
{
  g_string_append (text, assay_layout_names[self->layout]);
}

static gboolean
read_order (AssayPreprocess *self,
            const char *value)
{
  guint order = self->order;
  gboolean known = find_name (assay_order_names, value, &order);

  self->order = order;
  return known;
}

static void
write_order (const AssayPreprocess *self,
             GString *text)
{
  g_string_append (text, assay_order_names[self->order]);
}

/* Three numbers, or one for all channels. */
static gboolean
read_channels (const char *value,
               float numbers[3])
{
  g_auto (GStrv) parts = g_strsplit (value, ":", 4);
  guint n = g_strv_length (parts);

  if (n != 1 && n != 3)
    return FALSE;
  for (guint c = 0; c < 3; c++)
    if (!read_float (parts[n == 1 ? 0 : c], &numbers[c]))
      return FALSE;
  return TRUE;
}

static void
write_channels (const float numbers[3],
                GString *text)
{
  gboolean equal = numbers[0] == numbers[1] && numbers[1] == numbers[2];

  for (guint c = 0; c < (equal ? 1 : 3); c++)
    {
      if (c > 0)
        g_string_append_c (text, ':');
      write_float (numbers[c], text);
    }
}

static gboolean
read_pad (AssayPreprocess *self,
          const char *value)
{
  float levels[3];

  if (!read_channels (value, levels))
    return FALSE;
  for (guint c = 0; c < 3; c++)
    if (levels[c] < 0 || levels[c] > 255 || levels[c] != floorf (levels[c]))
      return FALSE;
  for (guint c = 0; c < 3; c++)
    self->pad[c] = (guint8) levels[c];
  return TRUE;
}

static void
write_pad (const AssayPreprocess *self,
           GString *text)
{
  const float levels[3] = { self->pad[0], self->pad[1], self->pad[2] };

  write_channels (levels, text);
}

/* A number, or 1/NUMBER. */
static gboolean
read_scale (AssayPreprocess *self,
            const char *value)
{
  float scale;

  if (!g_str_has_prefix (value, "1/"))
    return read_float (value, &self->scale);
  if (!read_float (value + 2, &scale) || !isfinite (1 / scale))
    return FALSE;
  self->scale = 1 / scale;
  return TRUE;
}

/* 1/255 says more than 0.00392156863. */
static void
write_scale (const AssayPreprocess *self,
             GString *text)
{
  float divisor = roundf (2 / self->scale) / 2;

  if (divisor > 1 && divisor < 100000 && 1 / divisor == self->scale)
    {
      g_string_append (text, "1/");
      write_float (divisor, text);
    }
  else
    write_float (self->scale, text);
}

static gboolean
read_mean (AssayPreprocess *self,
           const char *value)
{
  return read_channels (value, self->mean);
}

static void
write_mean (const AssayPreprocess *self,
            GString *text)
{
  write_channels (self->mean, text);
}

static gboolean
read_deviation (AssayPreprocess *self,
                const char *value)
{
  return read_channels (value, self->deviation) && self->deviation[0] != 0 &&
         self->deviation[1] != 0 && self->deviation[2] != 0;
}

static void
write_deviation (const AssayPreprocess *self,
                 GString *text)
{
  write_channels (self->deviation, text);
}

/* In the order in which they are written. */
static const Word words[] = {
  { "size", "224, 224x160", read_size, write_size },
  { "resize", "256, none", read_resize, write_resize },
  { "crop", "center, fit, stretch", read_crop, write_crop },
  { "pad", "0, 124:116:104", read_pad, write_pad },
  { "filter", "area, box, bilinear, bicubic, lanczos, nearest", read_filter, write_filter },
  { "order", "rgb, bgr, gray", read_order, write_order },
  { "layout", "nchw, nhwc", read_layout, write_layout },
  { "scale", "1, 1/255, 0.00392", read_scale, write_scale },
  { "mean", "0, 0.485:0.456:0.406", read_mean, write_mean },
  { "std", "1, 0.229:0.224:0.225", read_deviation, write_deviation },
};

/* torchvision cuts 224 of 256 pixels; other sizes keep to that, as its own 299 of
 * 342 do. */
static void
follow_size (AssayPreprocess *self)
{
  self->resize = (MIN (self->width, self->height) * 256 + 112) / 224;
}

static void
apply (AssayPreprocess *self,
       guint preset)
{
  self->crop = ASSAY_CROP_CENTER;
  self->filter = ASSAY_FILTER_BILINEAR;
  self->resize = 0;
  self->scale = presets[preset].scale;
  memcpy (self->mean, presets[preset].mean, sizeof self->mean);
  memcpy (self->deviation, presets[preset].deviation, sizeof self->deviation);
  if (preset != IMAGENET)
    return;
  if (self->order == ASSAY_ORDER_BGR)
    {
      self->mean[0] = presets[preset].mean[2];
      self->mean[2] = presets[preset].mean[0];
      self->deviation[0] = presets[preset].deviation[2];
      self->deviation[2] = presets[preset].deviation[0];
    }
  if (self->width == 0 || self->height == 0)
    self->width = self->height = 224;
  follow_size (self);
}

/**
 * assay_preprocess_apply_preset:
 * @self: what is wished for
 * @name: of assay_preset_names
 *
 * Sets crop, filter, resize, scale, mean and deviation.  Size, order and layout stay,
 * because they are the model's; of a size that isn't known “imagenet” makes 224 × 224.
 * It cuts the middle 7⁄8 of the shorter side; its mean and deviation follow the order.
 *
 * Returns: whether there is such a preset
 */
gboolean
assay_preprocess_apply_preset (AssayPreprocess *self,
                               const char *name)
{
  guint preset;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!find_name (assay_preset_names, name, &preset))
    return FALSE;
  apply (self, preset);
  return TRUE;
}

static gboolean
has_numbers_of (const AssayPreprocess *self,
                const char *preset)
{
  AssayPreprocess other = *self;
  guint n = assay_preprocess_get_channels (self);

  assay_preprocess_apply_preset (&other, preset);
  for (guint i = 0; i < n; i++)
    if (other.mean[i] != self->mean[i] || other.deviation[i] != self->deviation[i])
      return FALSE;
  return other.scale == self->scale;
}

/**
 * assay_preprocess_find_preset:
 * @self: what is wished for
 *
 * Returns: the index in assay_preset_names of the one that has its numbers (scale, mean and
 *   deviation), whatever else is said; that of the %NULL behind them if none has
 */
guint
assay_preprocess_find_preset (const AssayPreprocess *self)
{
  guint i = 0;

  g_return_val_if_fail (self != NULL, 0);

  while (assay_preset_names[i] != NULL && !has_numbers_of (self, assay_preset_names[i]))
    i++;
  return i;
}

static gboolean
read_word (AssayPreprocess *self,
           const char *text,
           GError **error)
{
  const char *value = strchr (text, '=');
  gsize length = value != NULL ? (gsize) (value - text) : 0;
  g_autofree char *shown = NULL;

  for (guint i = 0; value != NULL && i < G_N_ELEMENTS (words); i++)
    {
      if (strlen (words[i].name) != length || strncmp (words[i].name, text, length) != 0)
        continue;
      if (words[i].read (self, value + 1))
        return TRUE;
      shown = assay_display_text (text, -1, MAX_WORD_CHARS);
      /* Translators: “filter=cubic” cannot be used: filter= can be area, box, bilinear */
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("“%s” cannot be used: %s= can be %s"),
                   shown, words[i].name, words[i].forms);
      return FALSE;
    }
  shown = assay_display_text (text, -1, MAX_WORD_CHARS);
  /* Translators: of the text that says how pictures are prepared for a model */
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("“%s” is not a way to prepare pictures. There are %s at the beginning, and "
                 "%s after that, with commas between them"), shown,
               "imagenet, 0..1, -1..1, 0..255",
               "size=, resize=, crop=, pad=, filter=, order=, layout=, scale=, mean=, std=");
  return FALSE;
}

static gboolean
read_words (AssayPreprocess *self,
            char **texts,
            GError **error)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (!read_word (self, texts[i], error))
      return FALSE;
  return TRUE;
}

/**
 * assay_preprocess_parse:
 * @self: (inout): what is wished for without the text; unchanged after an error
 * @text: words with commas between them: a preset, then what differs from it:
 *   size=WIDTHxHEIGHT, resize=PIXELS, crop=, pad=RED:GREEN:BLUE, filter=, order=,
 *   layout=, scale=, mean=, std=
 * @error: %ASSAY_ERROR_USAGE, naming the word that isn't understood and what can be
 *   said instead; safe to show
 *
 * Reads what a person has said of preprocessing.  What isn't said stays; where the
 * model says its size, order and layout, they stand in @self before.  A preset is
 * applied to the size and order that the text ends with, wherever they stand.
 *
 * Returns: whether the text is understood
 */
gboolean
assay_preprocess_parse (AssayPreprocess *self,
                        const char *text,
                        GError **error)
{
  g_auto (GStrv) texts = NULL;
  AssayPreprocess wish;
  guint preset = 0;
  gboolean has_preset;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  wish = *self;
  /* Nothing is one empty word, which is refused as any other that says nothing. */
  texts = g_strsplit (*text != '\0' ? text : " ", ",", -1);
  for (guint i = 0; texts[i] != NULL; i++)
    g_strstrip (texts[i]);
  has_preset = find_name (assay_preset_names, texts[0], &preset);
  if (!read_words (&wish, texts + (has_preset ? 1 : 0), error))
    return FALSE;
  if (has_preset)
    {
      apply (&wish, preset);
      read_words (&wish, texts + 1, NULL);
    }
  *self = wish;
  return TRUE;
}

/* @self as it differs from @preset, in so many words. */
static char *
format_by (const AssayPreprocess *self,
           guint preset,
           guint *n_words)
{
  GString *text = g_string_new (assay_preset_names[preset]);
  AssayPreprocess plain;

  assay_preprocess_init_default (&plain, self->width, self->height);
  plain.order = self->order;
  apply (&plain, preset);
  plain.width = plain.height = 0;
  plain.order = ASSAY_ORDER_RGB;
  *n_words = 0;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GString) value = g_string_new (NULL);
      g_autoptr (GString) usual = g_string_new (NULL);

      words[i].write (self, value);
      words[i].write (&plain, usual);
      if (g_string_equal (value, usual))
        continue;
      g_string_append_printf (text, ",%s=%s", words[i].name, value->str);
      ++*n_words;
    }
  return g_string_free (text, FALSE);
}

/**
 * assay_preprocess_format:
 * @self: what is wished for
 *
 * The text of the fewest words of which assay_preprocess_parse() makes the same out of
 * assay_preprocess_init_default() with a size of 0 × 0.
 *
 * Returns: (transfer full): a preset, and what differs from it
 */
char *
assay_preprocess_format (const AssayPreprocess *self)
{
  char *best = NULL;
  guint fewest = G_MAXUINT;

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; assay_preset_names[i] != NULL; i++)
    {
      g_autofree char *text = NULL;
      guint n_words;

      /* It would make up a size. */
      if (i == IMAGENET && self->width == 0)
        continue;
      text = format_by (self, i, &n_words);
      if (n_words < fewest)
        {
          fewest = n_words;
          g_free (best);
          best = g_steal_pointer (&text);
        }
    }
  return best;
}

/**
 * assay_preprocess_equal:
 * @a: what is wished for
 * @b: the same or another
 *
 * Returns: whether every member is the same
 */
gboolean
assay_preprocess_equal (const AssayPreprocess *a,
                        const AssayPreprocess *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  for (guint c = 0; c < 3; c++)
    if (a->pad[c] != b->pad[c] || a->mean[c] != b->mean[c] || a->deviation[c] != b->deviation[c])
      return FALSE;
  return a->width == b->width && a->height == b->height && a->resize == b->resize &&
         a->filter == b->filter && a->crop == b->crop && a->layout == b->layout &&
         a->order == b->order && a->scale == b->scale;
}
