/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-shapes.h"

#define FLOWERS "daisy", "rose", "tulip"

static const char *const flowers[] = { FLOWERS, NULL };

/* What a prediction says, highest score first: "rose=0.7 tulip=0.2". */
static void
append_prediction (GString *out,
                   const AssayPrediction *prediction)
{
  for (guint rank = 0; rank < assay_prediction_get_n (prediction); rank++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_dtostr (number, sizeof number, assay_prediction_get_score (prediction, rank));
      g_string_append_printf (out, "%s%s=%s", rank > 0 ? " " : "",
                              assay_prediction_get_label (prediction, rank), number);
    }
}

/* All predictions, or what was wrong. */
static char *
read_text (const char *answer,
           guint n_pictures,
           const AssayProfile *profile,
           const char *const *labels)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = assay_json_parse (answer, strlen (answer), &error);
  g_autoptr (GPtrArray) predictions = NULL;
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_no_error (error);
  predictions = assay_shapes_read (root, profile, (char *const *) labels, n_pictures, &error);
  if (predictions == NULL)
    {
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
      return g_strdup (error->message);
    }
  g_assert_no_error (error);
  g_assert_cmpuint (predictions->len, ==, n_pictures);
  for (guint i = 0; i < predictions->len; i++)
    {
      g_string_append (out, i > 0 ? " | " : "");
      append_prediction (out, predictions->pdata[i]);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* The number is that of the shape in protocols.md, C3; answers as the services' own
 * descriptions and captures have them. */
static const struct {
  const char *name;
  const char *answer;
  const char *expected;      /* with the flowers' labels */
} shapes[] = {
  { "1-mlf", "{\"id\": \"1\", \"predictions\": [{\"name\": \"a.jpg\", \"results\": ["
             "{\"label\": \"rose\", \"score\": 0.75}, {\"label\": \"tulip\", \"score\": 0.25}]}],"
             " \"status\": \"DONE\"}", "rose=0.75 tulip=0.25" },
  { "2-hugging-face", "[{\"label\": \"tulip\", \"score\": 0.25}, {\"label\": \"rose, red\", \"score\": 0.75}]",
    "rose, red=0.75 tulip=0.25" },
  { "2-hugging-face-list", "[[{\"label\": \"rose\", \"score\": 5e-1}]]", "rose=0.5" },
  { "2-in-predictions", "{\"predictions\": [[{\"label\": \"rose\", \"score\": 0.5}]]}", "rose=0.5" },
  { "3-torchserve", "{\"tabby\": 0.25, \"tiger_cat\": 0.5, \"lynx\": 0.125}",
    "tiger_cat=0.5 tabby=0.25 lynx=0.125" },
  { "3-torchserve-0.1.1", "[{\"daisy\": 0.25}, {\"rose\": 0.5}]", "rose=0.5 daisy=0.25" },
  { "3-one-object", "[{\"daisy\": 0.25, \"rose\": 0.5}]", "rose=0.5 daisy=0.25" },
  { "3-numbers-of-classes", "{\"2\": 0.75, \"0\": 0.25}", "tulip=0.75 daisy=0.25" },
  { "3-numbers-too-large", "{\"281\": 0.75, \"0\": 0.25}", "281=0.75 0=0.25" },
  { "3-label-called-label", "{\"label\": 0.25, \"score\": 0.5}", "score=0.5 label=0.25" },
  { "4-custom-vision", "{\"id\": \"951098b2\", \"project\": \"64b8\", \"iteration\": \"fe1e\","
                       " \"created\": \"2017-10-31T01:01:00Z\", \"predictions\": ["
                       "{\"probability\": 0.125, \"tagId\": \"35ac\", \"tagName\": \"Tulip\", \"tagType\": \"Regular\"},"
                       "{\"probability\": 0.75, \"tagId\": \"35ad\", \"tagName\": null}]}",
    "35ad=0.75 Tulip=0.125" },
  { "4-custom-vision-1", "{\"Predictions\": [{\"TagId\": \"35ac\", \"Tag\": \"Tulip\", \"Probability\": 0.5}]}",
    "Tulip=0.5" },
  { "5-vertex", "{\"predictions\": [{\"ids\": [\"7\", \"8\"], \"displayNames\": [\"roses\", \"tulips\"],"
                " \"confidences\": [0.25, 0.5]}], \"deployedModelId\": \"9\"}", "tulips=0.5 roses=0.25" },
  { "6-numbers", "{\"predictions\": [[0.125, 0.75, 0.25]]}", "rose=0.75 tulip=0.25 daisy=0.125" },
  { "6-flat", "[0.125, 0.75, 0.25]", "rose=0.75 tulip=0.25 daisy=0.125" },
  { "6-graph", "{\"predictions\": [{\"dense_1\": [0.125, 0.75, 0.25], \"key\": \"0\"}]}",
    "rose=0.75 tulip=0.25 daisy=0.125" },
  { "7-classes", "{\"predictions\": [{\"classes\": [\"rose\", \"tulip\"], \"probabilities\": [0.5, 0.25]}]}",
    "rose=0.5 tulip=0.25" },
  { "7-best-class", "{\"predictions\": [{\"classes\": \"rose\", \"probabilities\": [0.125, 0.75, 0.25], \"key\": \"0\"}]}",
    "rose=0.75 tulip=0.25 daisy=0.125" },
  { "7-numbers-of-classes", "{\"classes\": [2, 0], \"scores\": [0.75, 0.25]}", "tulip=0.75 daisy=0.25" },
  { "7-columns", "{\"outputs\": {\"probabilities\": [[0.125, 0.75, 0.25]], \"classes\": [\"rose\"]}}",
    "rose=0.75 tulip=0.25 daisy=0.125" },
  { "7-single-output", "{\"outputs\": [[0.125, 0.75, 0.25]]}", "rose=0.75 tulip=0.25 daisy=0.125" },
  { "8-classify", "{\"results\": [[[\"label1\", 0.75], [\"\", 0.25]]]}", "label1=0.75 =0.25" },
  { "8-classify-one", "{\"result\": [[[\"label1\", 0.75]]]}", "label1=0.75" },
  { "9-scores", "{\"model_name\": \"flowers\", \"outputs\": [{\"name\": \"scores\", \"shape\": [1, 3],"
                " \"datatype\": \"FP32\", \"data\": [0.125, 0.75, 0.25]}]}", "rose=0.75 tulip=0.25 daisy=0.125" },
  { "9-classification", "{\"outputs\": [{\"name\": \"s\", \"shape\": [1, 3], \"datatype\": \"BYTES\","
                        " \"data\": [\"3.5:1:a:b\", \"2.5:2\", \"-1e-1:0:\"]}]}", "a:b=3.5 tulip=2.5 =-0.10000000000000001" },
  { "9-json", "{\"outputs\": [{\"name\": \"output\", \"shape\": [1, 1], \"datatype\": \"BYTES\","
              " \"data\": [\"[{\\\"label\\\": \\\"cat\\\", \\\"score\\\": 0.75}, {\\\"label\\\": \\\"dog\\\", \\\"score\\\": 0.25}]\"]}]}",
    "cat=0.75 dog=0.25" },
  { "9-json-entries", "{\"outputs\": [{\"name\": \"output\", \"datatype\": \"BYTES\", \"data\": ["
                      "\"{\\\"label\\\": \\\"cat\\\", \\\"score\\\": 0.75}\", \"{\\\"label\\\": \\\"dog\\\", \\\"score\\\": 0.25}\"]}]}",
    "cat=0.75 dog=0.25" },
  { "9-two", "{\"outputs\": [{\"name\": \"l\", \"datatype\": \"BYTES\", \"data\": [[\"cat\", \"dog\"]]},"
             " {\"name\": \"s\", \"datatype\": \"FP32\", \"data\": [[0.25, 0.75]]}]}", "dog=0.75 cat=0.25" },
  { "10-class", "{\"class\": \"n02123045 tabby, tabby cat\", \"probability\": 0.5}",
    "n02123045 tabby, tabby cat=0.5" },
  { "10-number", "{\"predictions\": [{\"class\": 1, \"confidence\": 0.5}]}", "rose=0.5" },
  { "10-rekognition", "{\"CustomLabels\": [{\"Name\": \"rose\", \"Confidence\": 75.0}]}", "rose=75" },
  { "all-beside-the-best", "{\"prediction\": \"rose\", \"confidence\": 0.75, \"probabilities\": {\"rose\": 0.75, \"tulip\": 0.25}}",
    "rose=0.75 tulip=0.25" },
  { "best-beside-all", "{\"predictions\": [\"rose\"], \"probabilities\": [[0.125, 0.75, 0.25]]}",
    "rose=0.75 tulip=0.25 daisy=0.125" },
  { "gradio", "{\"data\": [{\"label\": \"rose\", \"confidences\": [{\"label\": \"rose\", \"confidence\": 0.75},"
              " {\"label\": \"tulip\", \"confidence\": 0.25}]}], \"duration\": 0.5}", "rose=0.75 tulip=0.25" },
  { "inside-each-other", "{\"success\": true, \"result\": {\"predictions\": {\"rose\": 0.75}}}", "rose=0.75" },
  { "equal-labels", "[{\"label\": \"crane\", \"score\": 0.75}, {\"label\": \"crane\", \"score\": 0.125}]",
    "crane=0.75 crane=0.125" },
};

static void
test_shapes (void)
{
  g_autoptr (AssayProfile) profile = assay_profile_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *got = read_text (shapes[i].answer, 1, profile, flowers);

      g_test_message ("%s", shapes[i].name);
      g_assert_cmpstr (got, ==, shapes[i].expected);
    }
}

/* Of two pictures. */
static const struct {
  const char *answer;
  const char *expected;
} several[] = {
  { "{\"predictions\": [[0.5, 0.25, 0.125], [0.125, 0.5, 0.25]]}",
    "daisy=0.5 rose=0.25 tulip=0.125 | rose=0.5 tulip=0.25 daisy=0.125" },
  { "[[{\"label\": \"a\", \"score\": 1}], [{\"label\": \"b\", \"score\": 0}]]", "a=1 | b=0" },
  { "{\"results\": [[[\"a\", 0.75], [\"b\", 0.25]], [[\"b\", 0.5]]]}", "a=0.75 b=0.25 | b=0.5" },
  { "{\"outputs\": {\"classes\": [[\"a\", \"b\"], [\"b\", \"a\"]], \"scores\": [[0.5, 0.25], [0.75, 0.25]]}}",
    "a=0.5 b=0.25 | b=0.75 a=0.25" },
  { "{\"outputs\": {\"classes\": [\"a\", \"b\"], \"probabilities\": [[0.5, 0.25, 0.125], [0.125, 0.5, 0.25]]}}",
    "daisy=0.5 rose=0.25 tulip=0.125 | rose=0.5 tulip=0.25 daisy=0.125" },
  { "{\"outputs\": [{\"name\": \"s\", \"datatype\": \"FP32\", \"data\": [0.5, 0.25, 0.125, 0.125, 0.5, 0.25]}]}",
    "daisy=0.5 rose=0.25 tulip=0.125 | rose=0.5 tulip=0.25 daisy=0.125" },
  { "{\"predictions\": [{\"displayNames\": [\"a\"], \"confidences\": [0.5]},"
    " {\"displayNames\": [\"b\", \"c\"], \"confidences\": [0.5, 0.25]}]}", "a=0.5 | b=0.5 c=0.25" },
};

static void
test_several (void)
{
  g_autoptr (AssayProfile) profile = assay_profile_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (several); i++)
    {
      g_autofree char *got = read_text (several[i].answer, 2, profile, flowers);

      g_test_message ("%u", i);
      g_assert_cmpstr (got, ==, several[i].expected);
    }
}

/* What is found where, and what was expected. */
static const struct {
  guint n_pictures;
  const char *answer;
  const char *expected;
} faults[] = {
  { 1, "[]", "answer is empty" },
  { 1, "{}", "answer is empty" },
  { 1, "\"rose\"", "answer is a text, where labels with scores were expected" },
  { 1, "true", "answer is a value, where labels with scores were expected" },
  { 1, "{\"predictions\": [2]}", "predictions[0] is the number of a class alone, without scores" },
  { 1, "{\"predictions\": [\"rose\"]}", "labels with scores were expected in answer, and it has “predictions”" },
  { 1, "{\"a\": 1, \"b\": \"x\", \"c\": 1, \"d\": 1, \"e\": 1}",
    "labels with scores were expected in answer, and it has “a”, “b”, “c”, “d”, …" },
  { 1, "[{\"label\": \"a\", \"score\": null}]", "answer[0].score is not a finite number" },
  { 1, "[{\"label\": \"a\", \"score\": 1e999}]", "answer[0].score is not a finite number" },
  { 1, "[0.5, null, 0.25]", "answer[1] is not a finite number" },
  { 1, "[null, 0.5, 0.25]", "answer[0] is not a finite number" },
  { 1, "{\"a\": 0.5, \"b\": null}", "answer.b is not a finite number" },
  { 1, "[[\"a\", 0.5], [\"b\"]]", "answer[1] is not a label with its score" },
  { 1, "[{\"label\": \"a\", \"score\": 0.5}, {\"label\": \"b\"}]", "answer[1] is not a label with its score" },
  { 1, "[0.5, 0.5]", "The service gives 2 scores for 3 labels" },
  { 1, "{\"labels\": [\"a\"], \"scores\": [0.5, 0.5]}", "answer.scores has 2 scores for 1 labels" },
  { 1, "{\"predictions\": [{\"class\": 3, \"score\": 0.5}]}", "predictions[0].score is class 3, and there are 3 labels" },
  { 1, "{\"predictions\": [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3]]}", "predictions holds 2 answers, where one was expected" },
  { 1, "{\"predictions\": [{\"results\": []}, {\"results\": []}]}", "predictions holds 2 answers, where one was expected" },
  { 2, "{\"predictions\": [[0.1, 0.2, 0.3]]}", "predictions holds 1 answers, and 2 pictures were sent" },
  { 2, "{\"a\": 0.5}", "answer is of one picture, and 2 were sent" },
  { 2, "[0.5, 0.25]", "answer[0] is a value, where labels with scores were expected" },
  { 2, "{\"outputs\": [{\"name\": \"s\", \"datatype\": \"FP32\", \"data\": [0.5, 0.25, 0.125]}]}",
    "outputs[0].data holds 3 values, and 2 pictures were sent" },
  { 1, "{\"outputs\": [{\"name\": \"s\", \"datatype\": \"FP32\", \"data\": []}]}", "outputs[0].data is empty" },
  { 1, "{\"outputs\": [{\"name\": \"s\", \"datatype\": \"FP32\", \"data\": [0.5, null, 1]}]}",
    "outputs[0].data[1] is not a finite number" },
  { 1, "{\"outputs\": [{\"name\": \"s\", \"datatype\": \"BYTES\", \"data\": [\"nan:1:x\"]}]}", "not a number" },
  { 1, "{\"outputs\": [{\"name\": \"s\", \"datatype\": \"BYTES\", \"data\": [\"rose\"]}]}",
    "outputs[0].data[0] is not a score, the number of a class and a label" },
  { 1, "{\"outputs\": [{\"name\": \"s\", \"datatype\": \"BYTES\", \"data\": [\"{\"]}]}", "outputs[0].data[0]: " },
  { 1, "{\"outputs\": [{\"name\": \"s\", \"datatype\": \"BYTES\", \"data\": [1]}]}", "outputs[0].data[0] is not a text" },
  { 1, "{\"outputs\": [{\"name\": \"a\", \"datatype\": \"FP32\", \"data\": [1, 2, 3]},"
       " {\"name\": \"b\", \"datatype\": \"FP32\", \"data\": [1, 2, 3]}]}", "outputs holds 2 outputs, and which" },
};

static void
test_faults (void)
{
  g_autoptr (AssayProfile) profile = assay_profile_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *got = read_text (faults[i].answer, faults[i].n_pictures, profile, flowers);

      g_test_message ("%s: %s", faults[i].answer, got);
      g_assert_nonnull (strstr (got, faults[i].expected));
    }
}

/* What the connection says of labels and scores. */
static void
test_profile (void)
{
  g_autoptr (AssayProfile) plain = assay_profile_new (NULL, NULL);
  g_autoptr (AssayProfile) percent = assay_profile_new (NULL, NULL);
  g_autoptr (AssayProfile) named = assay_profile_new (NULL, NULL);
  g_autoptr (AssayProfile) softmax = assay_profile_new (NULL, NULL);
  const struct {
    const AssayProfile *profile;
    const char *answer;
    const char *expected;
  } cases[] = {
    { plain, "[0.25, 0.5]", "class 1=0.5 class 0=0.25" },
    { plain, "{\"class\": 7, \"score\": 0.5}", "class 7=0.5" },
    { plain, "{\"1\": 0.5}", "1=0.5" },
    { percent, "{\"CustomLabels\": [{\"Name\": \"rose\", \"Confidence\": 75.0}]}", "rose=0.75" },
    { percent, "[25, 50]", "class 1=0.5 class 0=0.25" },
    { percent, "{\"rose\": 50}", "rose=0.5" },
    { named, "[0.25, 0.5]", "zwei=0.5 eins=0.25" },
    { named, "[{\"label\": \"rose\", \"score\": 0.5}]", "rose=0.5" },
    { named, "{\"1\": 0.5}", "zwei=0.5" },
    { softmax, "[3, 3]", "class 0=0.5 class 1=0.5" },
    { softmax, "[{\"label\": \"rose\", \"score\": 3}]", "rose=3" },
  };

  percent->percent = TRUE;
  named->labels = g_strsplit ("eins zwei", " ", -1);
  softmax->softmax = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = read_text (cases[i].answer, 1, cases[i].profile, NULL);

      g_assert_cmpstr (got, ==, cases[i].expected);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/shapes/one-picture", test_shapes);
  g_test_add_func ("/assay/shapes/several-pictures", test_several);
  g_test_add_func ("/assay/shapes/faults-are-named", test_faults);
  g_test_add_func ("/assay/shapes/what-the-connection-says", test_profile);
  return g_test_run ();
}
