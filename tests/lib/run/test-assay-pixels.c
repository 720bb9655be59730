/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tensors of pictures: exactly what assay-serve would show its own networks. */

#include "config.h"

#include <string.h>

#include "assay-error.h"
#include "assay-pixels.h"

#define SIDE 12

/* ---- pictures ---- */

static GBytes *
encode (GdkPixbuf *picture,
        const char *type)
{
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  gdk_pixbuf_save_to_buffer (picture, &data, &length, type, &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

static GdkPixbuf *
new_noise (guint32 seed,
           int width,
           int height)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  GdkPixbuf *picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  guint8 *pixels = gdk_pixbuf_get_pixels (picture);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width * 3; x++)
      pixels[y * gdk_pixbuf_get_rowstride (picture) + x] = (guint8) g_rand_int (rand);
  return picture;
}

static AssayPayload *
new_payload (GBytes *bytes)
{
  return assay_payload_new_bytes ("a.png", "image/png", bytes);
}

static guint8 *
read_all (AssayPayload *payload,
          gsize *length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = assay_payload_open (payload, NULL, &error);
  gsize promised = assay_payload_get_length (payload);
  guint8 *data = g_malloc (promised + 1);

  g_assert_no_error (error);
  /* One more than is promised, which must not come. */
  g_input_stream_read_all (stream, data, promised + 1, length, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (*length, ==, promised);
  return data;
}

/* ---- tensors ---- */

typedef struct {
  const char *name;
  AssayPixelNeed need;
  const char *text;          /* (nullable): of the connection */
  const char *same;          /* the whole of it in words, as it is understood */
} Case;

static const Case CASES[] = {
  { "channels first, nothing said", { ASSAY_PIXELS_FP32, FALSE, 3, SIDE, SIDE }, NULL, "imagenet" },
  { "channels last, nothing said", { ASSAY_PIXELS_FP32, TRUE, 3, SIDE, SIDE }, NULL,
    "0..1,layout=nhwc" },
  { "levels, nothing said", { ASSAY_PIXELS_UINT8, FALSE, 3, SIDE, SIDE }, NULL, "0..255" },
  { "levels, channels last", { ASSAY_PIXELS_UINT8, TRUE, 3, SIDE, SIDE }, NULL,
    "0..255,layout=nhwc" },
  { "gray", { ASSAY_PIXELS_FP32, FALSE, 1, SIDE, SIDE }, "order=gray", "order=gray" },
  { "gray levels, nothing said", { ASSAY_PIXELS_UINT8, FALSE, 1, SIDE, SIDE }, NULL,
    "0..255,order=gray" },
  { "a preset", { ASSAY_PIXELS_FP32, FALSE, 3, SIDE, SIDE }, "-1..1", "-1..1" },
  { "as the flowers", { ASSAY_PIXELS_FP32, FALSE, 3, SIDE, SIDE },
    "crop=center,filter=area,scale=0.00392156862745098,mean=0,std=1",
    "crop=center,filter=area,scale=0.00392156862745098,mean=0,std=1" },
  { "all of it", { ASSAY_PIXELS_FP32, FALSE, 3, 16, SIDE },
    "crop=fit,filter=lanczos,order=bgr,pad=255:0:7,scale=1,mean=1:2:3,std=4:5:6",
    "crop=fit,filter=lanczos,order=bgr,pad=255:0:7,scale=1,mean=1:2:3,std=4:5:6" },
  /* The tensor's form is the model's to say. */
  { "another layout than the model's", { ASSAY_PIXELS_FP32, FALSE, 3, SIDE, SIDE },
    "0..1,layout=nhwc", "0..1" },
};

static void
fill (const AssayPreprocess *preprocess,
      AssayPixelType type,
      GdkPixbuf *picture,
      guint8 *tensor)
{
  g_autoptr (GdkPixbuf) seen = NULL;

  if (type == ASSAY_PIXELS_FP32)
    {
      assay_preprocess_run (preprocess, picture, (float *) tensor);
      return;
    }
  seen = assay_preprocess_see (preprocess, picture);
  assay_preprocess_fill_bytes (preprocess, seen, tensor);
}

static void
check_tensor (const Case *self,
              GdkPixbuf *picture,
              const guint8 *tensor,
              gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *wanted = NULL;
  AssayPreprocess preprocess;
  gsize size = self->need.type == ASSAY_PIXELS_FP32 ? sizeof (float) : 1;

  assay_preprocess_init_default (&preprocess, self->need.width, self->need.height);
  assay_preprocess_parse (&preprocess, self->same, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, assay_preprocess_get_length (&preprocess) * size);
  wanted = g_malloc0 (length);
  fill (&preprocess, self->need.type, picture, wanted);
  g_assert_cmpmem (tensor, length, wanted, length);
}

static void
test_tensors (void)
{
  g_autoptr (GdkPixbuf) picture = new_noise (7, 40, 30);
  g_autoptr (GBytes) bytes = encode (picture, "png");

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      const Case *self = &CASES[i];
      AssayPixelNeed need = self->need;
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayPayload) payload = new_payload (bytes);
      g_autoptr (AssayPayload) pixels = assay_pixels_payload (payload, &need, self->text, &error);
      g_autofree guint8 *tensor = NULL;
      gsize length;

      g_test_message ("%s", self->name);
      g_assert_no_error (error);
      tensor = read_all (pixels, &length);
      check_tensor (self, picture, tensor, length);
      g_assert_cmpuint (need.width, ==, self->need.width);
      g_assert_cmpuint (need.height, ==, self->need.height);
      g_assert_cmpuint (need.channels, ==, self->need.channels);
    }
}

/* As often as it is sent, and the same each time. */
static void
test_again (void)
{
  g_autoptr (GdkPixbuf) picture = new_noise (7, 40, 30);
  g_autoptr (GBytes) bytes = encode (picture, "jpeg");
  AssayPixelNeed need = CASES[0].need;
  g_autoptr (AssayPayload) payload = new_payload (bytes);
  g_autoptr (AssayPayload) pixels = assay_pixels_payload (payload, &need, NULL, NULL);
  gsize first_length;
  gsize second_length;
  g_autofree guint8 *first = read_all (pixels, &first_length);
  g_autofree guint8 *second = read_all (pixels, &second_length);

  g_assert_cmpmem (first, first_length, second, second_length);
}

typedef struct {
  AssayPixelNeed need;
  const char *text;
  guint width;
  guint height;
  guint channels;
} Open;

/* What the model leaves open is said by the connection, or usual. */
static const Open OPEN[] = {
  { { ASSAY_PIXELS_FP32, FALSE, 3, 0, 0 }, NULL, 224, 224, 3 },
  { { ASSAY_PIXELS_FP32, FALSE, 3, 0, 0 }, "size=40x30", 40, 30, 3 },
  { { ASSAY_PIXELS_UINT8, TRUE, 3, 0, 8 }, NULL, 224, 8, 3 },
  { { ASSAY_PIXELS_FP32, FALSE, 0, 8, 8 }, NULL, 8, 8, 3 },
  { { ASSAY_PIXELS_FP32, FALSE, 0, 8, 8 }, "order=gray", 8, 8, 1 },
};

static void
test_open (void)
{
  g_autoptr (GdkPixbuf) picture = new_noise (7, 40, 30);
  g_autoptr (GBytes) bytes = encode (picture, "png");

  for (guint i = 0; i < G_N_ELEMENTS (OPEN); i++)
    {
      const Open *self = &OPEN[i];
      AssayPixelNeed need = self->need;
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayPayload) payload = new_payload (bytes);
      g_autoptr (AssayPayload) pixels = assay_pixels_payload (payload, &need, self->text, &error);
      g_autofree guint8 *tensor = NULL;
      gsize length;

      g_assert_no_error (error);
      g_assert_cmpuint (need.width, ==, self->width);
      g_assert_cmpuint (need.height, ==, self->height);
      g_assert_cmpuint (need.channels, ==, self->channels);
      tensor = read_all (pixels, &length);
      g_assert_cmpuint (length, ==, (gsize) self->width * self->height * self->channels
                                      * (need.type == ASSAY_PIXELS_FP32 ? sizeof (float) : 1));
    }
}

typedef struct {
  AssayPixelNeed need;
  const char *text;
  const char *part;          /* of what is said */
} Misfit;

static const Misfit MISFITS[] = {
  { { ASSAY_PIXELS_FP32, FALSE, 3, 8, 8 }, "size=16x8", "8 × 8 pixels" },
  { { ASSAY_PIXELS_FP32, FALSE, 3, 8, 8 }, "order=gray", "3 channels" },
  { { ASSAY_PIXELS_FP32, FALSE, 1, 8, 8 }, "order=bgr", "1 channel" },
  { { ASSAY_PIXELS_FP32, FALSE, 3, 8, 8 }, "crop=sideways", "sideways" },
};

static void
test_misfits (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("not looked at here", 18);

  for (guint i = 0; i < G_N_ELEMENTS (MISFITS); i++)
    {
      AssayPixelNeed need = MISFITS[i].need;
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayPayload) payload = new_payload (bytes);
      g_autoptr (AssayPayload) pixels = assay_pixels_payload (payload, &need, MISFITS[i].text,
                                                              &error);

      g_assert_null (pixels);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, MISFITS[i].part));
    }
}

static GInputStream *
open_gone (gpointer data,
           GCancellable *cancellable,
           GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "It is gone");
  return NULL;
}

/* Told when it is opened, and not before: making a payload reads nothing. */
static void
test_no_picture (void)
{
  g_autoptr (GdkPixbuf) picture = new_noise (7, 40, 30);
  g_autoptr (GBytes) whole = encode (picture, "png");
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 2);
  g_autoptr (GBytes) words = g_bytes_new_static ("no picture at all", 17);
  g_autoptr (AssayPayload) first = new_payload (half);
  g_autoptr (AssayPayload) second = new_payload (words);
  g_autoptr (AssayPayload) third = assay_payload_new ("a", "image/png", 9, open_gone, NULL, NULL);
  AssayPayload *const payloads[] = { first, second, third };

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      AssayPixelNeed need = CASES[0].need;
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayPayload) pixels = assay_pixels_payload (payloads[i], &need, NULL, &error);
      g_autoptr (GInputStream) stream = NULL;

      g_assert_no_error (error);
      stream = assay_payload_open (pixels, NULL, &error);
      g_assert_null (stream);
      g_assert_cmpuint (error->domain, ==, ASSAY_ERROR);
      g_test_message ("%s", error->message);
    }
}

/* Decoding takes long, and nobody waits for it. */
static void
test_canceled (void)
{
  AssayPixelNeed need = CASES[0].need;
  g_autoptr (GdkPixbuf) picture = new_noise (7, 40, 30);
  g_autoptr (GBytes) bytes = encode (picture, "png");
  g_autoptr (AssayPayload) payload = new_payload (bytes);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPayload) pixels = assay_pixels_payload (payload, &need, NULL, &error);
  g_autoptr (GInputStream) stream = NULL;

  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  stream = assay_payload_open (pixels, cancellable, &error);
  g_assert_null (stream);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pixels/tensors", test_tensors);
  g_test_add_func ("/pixels/again", test_again);
  g_test_add_func ("/pixels/open", test_open);
  g_test_add_func ("/pixels/misfits", test_misfits);
  g_test_add_func ("/pixels/no-picture", test_no_picture);
  g_test_add_func ("/pixels/canceled", test_canceled);
  return g_test_run ();
}
