/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <algorithm>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>

#include "assay-error.h"
#include "assay-model.h"
#include "assay-onnx.h"

/* OpenCV throws, and an exception must not cross into C: every function here
 * that is called from outside catches everything and makes an error of it. */

struct _AssayModel
{
  cv::dnn::Net net;
  std::vector<std::string> outputs;
};

static int
keep_quiet_cb (int, const char *, const char *, const char *, int, void *)
{
  return 0;
}

/* One thread per network: the workers are the parallelism, and they would only
 * fight each other for the processors.  Errors reach us as exceptions; OpenCV
 * would print them too, with paths of the machine that built it. */
static void
prepare_library ()
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  try
    {
      cv::setNumThreads (1);
      cv::redirectError (keep_quiet_cb);
      cv::utils::logging::setLogLevel (cv::utils::logging::LOG_LEVEL_SILENT);
    }
  catch (...)
    {
      g_debug ("OpenCV keeps its own settings");
    }
  g_once_init_leave (&done, 1);
}

/* OpenCV quotes errors in errors, a line each with “> ” before it, and names
 * places in its own source: the first line's words are what can be understood. */
static std::string
clean (const char *what)
{
  std::string text = what != nullptr ? what : "";

  text.erase (0, text.find_first_not_of ("> \n"));
  text.erase (std::min (text.find ('\n'), text.size ()));

  const std::size_t place = text.find ("OpenCV(");
  const std::size_t code = text.find (" error: (", place);
  const std::size_t words = text.find (") ", code);
  if (place != std::string::npos && code != std::string::npos && words != std::string::npos)
    text.erase (place, words + 2 - place);
  for (char &c : text)
    if (g_ascii_iscntrl (c))
      c = ' ';
  return text;
}

static void
set_error (GError **error, const char *what)
{
  g_autofree char *valid = g_utf8_make_valid (clean (what).c_str (), -1);

  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                       valid[0] != '\0' ? valid : "OpenCV cannot use it");
}

static void
set_cv_error (GError **error, const cv::Exception &exception)
{
  set_error (error, exception.err.empty () ? exception.what () : exception.err.c_str ());
}

static cv::dnn::Net
read_network (GBytes *onnx)
{
  gsize length = 0;
  g_autoptr (GBytes) mended = assay_onnx_mend (onnx);
  const char *data = static_cast<const char *> (g_bytes_get_data (mended, &length));
  cv::dnn::Net net = cv::dnn::readNetFromONNX (data, length);

  net.setPreferableBackend (cv::dnn::DNN_BACKEND_OPENCV);
  net.setPreferableTarget (cv::dnn::DNN_TARGET_CPU);
  return net;
}

/**
 * assay_model_new:
 * @onnx: the bytes of an ONNX file, in any state
 * @error: %ASSAY_ERROR_FAILED with OpenCV's reason
 *
 * Reads a network.  Takes milliseconds to seconds; any thread.
 *
 * Returns: (transfer full) (nullable): the network
 */
AssayModel *
assay_model_new (GBytes *onnx, GError **error)
{
  g_return_val_if_fail (onnx != nullptr, nullptr);

  prepare_library ();
  try
    {
      cv::dnn::Net net = read_network (onnx);
      std::vector<std::string> outputs = net.getUnconnectedOutLayersNames ();

      if (net.empty () || outputs.empty ())
        {
          set_error (error, "the network has no layers");
          return nullptr;
        }
      return new AssayModel{ std::move (net), std::move (outputs) };
    }
  catch (const cv::Exception &exception)
    {
      set_cv_error (error, exception);
    }
  catch (const std::exception &exception)
    {
      set_error (error, exception.what ());
    }
  catch (...)
    {
      set_error (error, "OpenCV cannot read it");
    }
  return nullptr;
}

void
assay_model_free (AssayModel *self)
{
  delete self;
}

/* A network with one output needs no name for it. */
static std::string
find_output (const AssayModel *self, const char *wanted)
{
  const std::vector<std::string> &outputs = self->outputs;

  if (wanted != nullptr && std::find (outputs.begin (), outputs.end (), wanted) != outputs.end ())
    return wanted;
  if (outputs.size () == 1)
    return outputs.front ();
  throw std::runtime_error ("the network has several outputs, and model.json names none of them");
}

static float *
copy_scores (const cv::Mat &output, gsize *n_scores)
{
  cv::Mat flat;

  output.convertTo (flat, CV_32F);
  if (!flat.isContinuous ())
    flat = flat.clone ();
  *n_scores = flat.total ();
  return static_cast<float *> (g_memdup2 (flat.ptr<float> (), flat.total () * sizeof (float)));
}

/**
 * assay_model_run:
 * @self: a network that no other thread is using
 * @input: (nullable): name of the input; %NULL for the only one
 * @output: (nullable): name of the output; %NULL for the only one
 * @shape: the four sizes of @tensor, batch first
 * @tensor: (array): the values, row by row; not changed
 * @n_scores: (out): how many values came out
 * @error: %ASSAY_ERROR_FAILED with OpenCV's reason
 *
 * One forward pass on the calling thread.
 *
 * Returns: (transfer full) (array length=n_scores) (nullable): what came out
 */
float *
assay_model_run (AssayModel *self,
                 const char *input,
                 const char *output,
                 const int shape[4],
                 float *tensor,
                 gsize *n_scores,
                 GError **error)
{
  g_return_val_if_fail (self != nullptr, nullptr);
  g_return_val_if_fail (tensor != nullptr, nullptr);
  g_return_val_if_fail (n_scores != nullptr, nullptr);

  try
    {
      self->net.setInput (cv::Mat (4, shape, CV_32F, tensor), input != nullptr ? input : "");
      return copy_scores (self->net.forward (find_output (self, output)), n_scores);
    }
  catch (const cv::Exception &exception)
    {
      set_cv_error (error, exception);
    }
  catch (const std::exception &exception)
    {
      set_error (error, exception.what ());
    }
  catch (...)
    {
      set_error (error, "OpenCV cannot run it");
    }
  return nullptr;
}
