/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-export.h"
#include "assay-json.h"

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static AssayPrediction *
new_prediction (void)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  g_assert_true (assay_prediction_builder_add (builder, "tulips", 0.0396801233291626, NULL));
  g_assert_true (assay_prediction_builder_add (builder, "roses", 0.9573449492454529, NULL));
  g_assert_true (assay_prediction_builder_add (builder, "a, \"b\"", 2.69435749942204e-05, NULL));
  return assay_prediction_builder_end (builder);
}

static AssayExportRow
new_row (AssayPrediction *prediction)
{
  return (AssayExportRow) {
    .path = "flowers/rose.jpg", .sha256 = HASH, .bytes = 107520, .state = ASSAY_ANSWER_ANSWERED,
    .prediction = prediction, .model = "flowers", .version = "2", .attempts = 1, .seconds = 0.1234564999,
  };
}

static void
test_ndjson (void)
{
  g_autoptr (AssayPrediction) prediction = new_prediction ();
  AssayExportRow row = new_row (prediction);
  g_autofree char *line = assay_export_ndjson (&row);

  g_assert_cmpstr (line, ==,
    "{\"path\":\"flowers/rose.jpg\",\"member\":null,\"sha256\":\"" HASH "\",\"bytes\":107520,\"status\":\"ok\","
    "\"predictions\":[{\"label\":\"roses\",\"score\":0.9573449492454529},"
    "{\"label\":\"tulips\",\"score\":0.0396801233291626},"
    "{\"label\":\"a, \\\"b\\\"\",\"score\":2.69435749942204e-05}],"
    "\"model\":\"flowers\",\"version\":\"2\",\"attempts\":1,\"seconds\":0.123456,\"error\":null}");
}

static void
test_ndjson_of_a_failure (void)
{
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE, "“x” is\nno picture");
  const AssayExportRow row = {
    .path = "caf\xe9/\\x.jpg", .member = "in/\xff", .sha256 = HASH, .sent_sha256 = "00ff", .bytes = G_MAXUINT64,
    .state = ASSAY_ANSWER_REJECTED, .model = "", .version = "", .seconds = NAN, .error = error,
  };
  g_autofree char *line = assay_export_ndjson (&row);

  g_assert_cmpstr (line, ==,
    "{\"path\":\"caf\\\\xE9/\\\\x.jpg\",\"path_b64\":\"Y2Fm6S9ceC5qcGc=\",\"member\":\"in/\\\\xFF\",\"member_b64\":\"aW4v/w==\","
    "\"sha256\":\"" HASH "\",\"sent_sha256\":\"00ff\",\"bytes\":18446744073709551615,\"status\":\"rejected\","
    "\"predictions\":[],\"model\":\"\",\"version\":\"\",\"attempts\":0,\"seconds\":null,"
    "\"error\":{\"code\":\"not-an-image\",\"message\":\"“x” is\\nno picture\"}}");
}

static void
test_top (void)
{
  g_autoptr (AssayPrediction) prediction = new_prediction ();
  static const guint tops[] = { 0, 1, 2, 3, 4, G_MAXUINT };
  static const guint wanted[] = { 3, 1, 2, 3, 3, 3 };

  for (gsize i = 0; i < G_N_ELEMENTS (tops); i++)
    {
      AssayExportRow row = new_row (prediction);
      g_autofree char *line = NULL;
      g_autoptr (JsonNode) root = NULL;

      row.top = tops[i];
      line = assay_export_ndjson (&row);
      root = assay_json_parse (line, strlen (line), NULL);
      g_assert_cmpuint (json_array_get_length (assay_json_get_array (json_node_get_object (root), "predictions")), ==,
                        wanted[i]);
    }
}

static void
test_states (void)
{
  static const char *const names[ASSAY_ANSWER_N_STATES] = {
    "ready", "canceled", "canceled", "ok", "failed", "canceled", "rejected",
  };

  for (guint state = 0; state < ASSAY_ANSWER_N_STATES; state++)
    {
      const AssayExportRow row = { .path = "a", .state = state };
      g_autofree char *line = assay_export_ndjson (&row);
      g_autoptr (JsonNode) root = assay_json_parse (line, strlen (line), NULL);

      g_assert_cmpstr (assay_json_get_string (json_node_get_object (root), "status"), ==, names[state]);
    }
}

static void
test_foreign_error (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone");
  const AssayExportRow row = { .path = "a", .state = ASSAY_ANSWER_FAILED, .error = error };
  g_autofree char *line = assay_export_ndjson (&row);

  g_assert_nonnull (strstr (line, "\"error\":{\"code\":\"failed\",\"message\":\"gone\"}"));
}

static void
test_csv (void)
{
  g_autoptr (AssayPrediction) prediction = new_prediction ();
  AssayExportRow row = new_row (prediction);
  g_autofree char *header = assay_export_csv_header ();
  g_autofree char *line = NULL;

  row.top = 1;
  line = assay_export_csv (&row);
  g_assert_cmpstr (header, ==, "path,member,sha256,sent_sha256,bytes,status,label,score,predictions,model,version,"
                               "attempts,seconds,error_code,error_message");
  g_assert_cmpstr (line, ==, "flowers/rose.jpg,," HASH ",,107520,ok,roses,0.9573449492454529,"
                             "\"[{\"\"label\"\":\"\"roses\"\",\"\"score\"\":0.9573449492454529}]\",flowers,2,1,0.123456,,");
}

typedef struct {
  const char *path;
  const char *cell;
} Cell;

static const Cell cells[] = {
  { "plain.jpg", "plain.jpg" },
  { "a,b", "\"a,b\"" },
  { "say \"hi\"", "\"say \"\"hi\"\"\"" },
  { "two\r\nlines", "\"two\r\nlines\"" },
  { " space", "\" space\"" },
  { "space ", "\"space \"" },
  { "=1+1", "'=1+1" },
  { "+1", "'+1" },
  { "-1", "'-1" },
  { "@SUM(A1)", "'@SUM(A1)" },
  { "\t=1", "\"'\t=1\"" },
  { "\r=1", "\"'\r=1\"" },
  { "=HYPERLINK(\"http://evil.example\",\"x\")", "\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\"" },
  { "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0" },
  { "\uff1d1\uff0b1", "'\uff1d1\uff0b1" },
  { "\uff201", "'\uff201" },
  { "\u200b=1", "\\u200B=1" },
  { "\033]52;c;aGk=\a", "\"\\u001B]52;c;aGk=\\u0007\"" },
  { "\xC2\x9B" "31m", "\\u009B31m" },
  { "gpj.\u202egnp", "gpj.\\u202Egnp" },
  { "a;=1", "\"a;=1\"" },
  { "a=1", "a=1" },
  { "'quoted", "'quoted" },
  { "caf\xe9", "caf\\xE9" },
};

static void
test_csv_cells (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      const AssayExportRow row = { .path = cells[i].path, .state = ASSAY_ANSWER_CANCELED };
      g_autofree char *line = assay_export_csv (&row);
      g_autofree char *wanted = g_strconcat (cells[i].cell, ",,,,0,canceled,,,,,,0,0.0,,", NULL);

      g_assert_cmpstr (line, ==, wanted);
    }
}

/* A score below nothing is a number, not a formula. */
static void
test_csv_numbers_unguarded (void)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;
  AssayExportRow row;
  g_autofree char *line = NULL;

  g_assert_true (assay_prediction_builder_add (builder, "-label", -0.25, NULL));
  prediction = assay_prediction_builder_end (builder);
  row = new_row (prediction);
  line = assay_export_csv (&row);
  g_assert_nonnull (strstr (line, ",ok,'-label,-0.25,"));
}

static AssayPrediction *
new_other (void)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  g_assert_true (assay_prediction_builder_add (builder, "tulips", 0.75, NULL));
  g_assert_true (assay_prediction_builder_add (builder, "roses", 0.25, NULL));
  g_assert_true (assay_prediction_builder_add (builder, "a, \"b\"", 0, NULL));
  return assay_prediction_builder_end (builder);
}

static void
test_compared (void)
{
  g_autoptr (AssayPrediction) a = new_other ();
  g_autoptr (AssayPrediction) b = new_prediction ();
  const AssayExportJudged row = {
    .path = "flowers/rose.jpg", .sha256 = HASH, .truth = "tulips", .a = a, .b = b,
    .model_a = "flowers", .version_a = "1", .model_b = "=flowers", .version_b = "2",
  };
  g_autofree char *header = assay_export_judged_csv_header (TRUE);
  g_autofree char *line = assay_export_judged_ndjson (&row);
  g_autofree char *record = assay_export_judged_csv (&row);

  g_assert_cmpstr (line, ==,
    "{\"path\":\"flowers/rose.jpg\",\"member\":null,\"sha256\":\"" HASH "\",\"truth\":\"tulips\","
    "\"change\":\"regressed\",\"a\":\"tulips\",\"score_a\":0.75,\"b\":\"roses\",\"score_b\":0.9573449492454529,"
    "\"shift\":-0.7103198766708374,\"model_a\":\"flowers\",\"version_a\":\"1\",\"model_b\":\"=flowers\","
    "\"version_b\":\"2\"}");
  g_assert_cmpstr (header, ==, "path,member,sha256,truth,change,a,score_a,b,score_b,shift,model_a,version_a,"
                               "model_b,version_b");
  g_assert_cmpstr (record, ==, "flowers/rose.jpg,," HASH ",tulips,regressed,tulips,0.75,roses,0.9573449492454529,"
                               "-0.7103198766708374,flowers,1,'=flowers,2");
}

static void
test_evaluated (void)
{
  g_autoptr (AssayPrediction) prediction = new_prediction ();
  const AssayExportJudged row = {
    .path = "caf\xe9.jpg", .truth = "roses", .b = prediction, .model_b = "flowers", .version_b = "2",
  };
  g_autofree char *header = assay_export_judged_csv_header (FALSE);
  g_autofree char *line = assay_export_judged_ndjson (&row);
  g_autofree char *record = assay_export_judged_csv (&row);

  g_assert_cmpstr (line, ==,
    "{\"path\":\"caf\\\\xE9.jpg\",\"path_b64\":\"Y2Fm6S5qcGc=\",\"member\":null,\"sha256\":null,"
    "\"truth\":\"roses\",\"answer\":\"roses\",\"score\":0.9573449492454529,\"right\":true,"
    "\"model\":\"flowers\",\"version\":\"2\"}");
  g_assert_cmpstr (header, ==, "path,member,sha256,truth,answer,score,right,model,version");
  g_assert_cmpstr (record, ==, "caf\\xE9.jpg,,,roses,roses,0.9573449492454529,true,flowers,2");
}

/* Answers may have gone while a long list is written. */
static void
test_judged_without_answers (void)
{
  AssayExportJudged row = { .path = "a", .truth = "roses", .model_a = "m", .version_a = "1", .model_b = "m", .version_b = "2" };
  g_autofree char *compared = assay_export_judged_ndjson (&row);
  g_autofree char *compared_record = assay_export_judged_csv (&row);
  g_autofree char *evaluated = NULL;
  g_autofree char *evaluated_record = NULL;

  row.model_a = row.version_a = NULL;
  evaluated = assay_export_judged_ndjson (&row);
  evaluated_record = assay_export_judged_csv (&row);
  g_assert_nonnull (strstr (compared, "\"change\":null,\"a\":null,\"score_a\":null,\"b\":null,\"score_b\":null,"
                                      "\"shift\":null,"));
  g_assert_cmpstr (compared_record, ==, "a,,,roses,,,,,,,m,1,m,2");
  g_assert_nonnull (strstr (evaluated, "\"answer\":null,\"score\":null,\"right\":null,"));
  g_assert_cmpstr (evaluated_record, ==, "a,,,roses,,,,m,2");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/export/ndjson", test_ndjson);
  g_test_add_func ("/assay/export/ndjson-of-a-failure", test_ndjson_of_a_failure);
  g_test_add_func ("/assay/export/top", test_top);
  g_test_add_func ("/assay/export/states", test_states);
  g_test_add_func ("/assay/export/foreign-error", test_foreign_error);
  g_test_add_func ("/assay/export/csv", test_csv);
  g_test_add_func ("/assay/export/csv-cells", test_csv_cells);
  g_test_add_func ("/assay/export/csv-numbers-unguarded", test_csv_numbers_unguarded);
  g_test_add_func ("/assay/export/compared", test_compared);
  g_test_add_func ("/assay/export/evaluated", test_evaluated);
  g_test_add_func ("/assay/export/judged-without-answers", test_judged_without_answers);
  return g_test_run ();
}
