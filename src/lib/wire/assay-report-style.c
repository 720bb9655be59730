/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How a report looks.  Text has a contrast of 4.5 at least against what it stands on, bars
 * and lines 3; the shades of the matrix, s1 to s8, are mixed from the card and the bar, and
 * i1 to i8 is the ink on each.  Nothing here may contain "<", "&" or an address: the file is
 * XML too, and loads nothing. */

#include "config.h"

#include "assay-report-private.h"

static const char style[] =
  ":root{color-scheme:light dark;--page:#fafafa;--card:#ffffff;--ink:#2a2a2e;--dim:#5e5c64;"
  "--line:#d8d7d4;--grid:#e6e5e2;--none:#f4f3f2;--bar:#1a5fb4;--pale:#a8c7ee;"
  "--edge:#1a5fb4;--link:#1a5fb4;--bad:#c01c28;--bad-bg:#fbe6e7;--good:#18743c;"
  "--good-bg:#e0f3e7;--neither:#5e5c64;--neither-bg:#efeeec;--s1:#dfe9f4;--i1:#1e1e1e;"
  "--s2:#c3d5ec;--i2:#1e1e1e;--s3:#a8c2e2;--i3:#1e1e1e;--s4:#8cafda;--i4:#1e1e1e;"
  "--s5:#719cd0;--i5:#1e1e1e;--s6:#5689c8;--i6:#1e1e1e;--s7:#3572bd;--i7:#ffffff;"
  "--s8:#1a5fb4;--i8:#ffffff}\n"
  "@media screen and (prefers-color-scheme:dark){:root{--page:#242424;--card:#303030;"
  "--ink:#f2f2f2;--dim:#c0bfbc;--line:#505050;--grid:#464646;--none:#383838;--bar:#78aeed;"
  "--pale:#3d5f8a;--edge:#99c1f1;--link:#99c1f1;--bad:#ff9a9a;--bad-bg:#4a3033;"
  "--good:#7fdca4;--good-bg:#2c4436;--neither:#d0cfcc;--neither-bg:#454545;--s1:#3f444b;"
  "--i1:#ffffff;--s2:#4b5662;--i2:#ffffff;--s3:#586779;--i3:#ffffff;--s4:#647890;"
  "--i4:#ffffff;--s5:#718aa8;--i5:#1a1a1a;--s6:#7e9bbf;--i6:#1a1a1a;--s7:#8cb0da;"
  "--i7:#1a1a1a;--s8:#99c1f1;--i8:#1a1a1a}}\n"
  "*{box-sizing:border-box}\n"
  "html{-webkit-text-size-adjust:100%;text-size-adjust:100%}\n"
  "body{margin:0;background:var(--page);color:var(--ink);font:15px/1.45 Cantarell,"
  "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif;"
  "overflow-wrap:anywhere}\n"
  "header,main,footer{max-width:1160px;margin:0 auto;padding:0 20px}\n"
  "header{padding-top:28px}\n"
  "h1{font-size:1.6rem;line-height:1.25;margin:0 0 6px;font-weight:700}\n"
  "h2{font-size:1.15rem;margin:0 0 4px;font-weight:700}\n"
  "h3{font-size:1rem;margin:18px 0 4px;font-weight:700}\n"
  "p{margin:0 0 6px}\n"
  ".kind,.note,figcaption,caption,.axis,dt,th{color:var(--dim)}\n"
  ".kind,.note,figcaption,caption,footer{font-size:.87rem}\n"
  ".lead{font-size:1.05rem}\n"
  "section,.card{background:var(--card);border:1px solid var(--line);border-radius:12px;"
  "padding:16px 18px;margin:16px 0}\n"
  ".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:12px;"
  "margin:20px 0 0}\n"
  ".cards>div{background:var(--card);border:1px solid var(--line);border-radius:12px;"
  "padding:12px 16px}\n"
  ".cards dt{font-size:.87rem}\n"
  ".cards dd{margin:0;font-size:.8rem;color:var(--dim)}\n"
  ".cards dd.big{font-size:1.6rem;line-height:1.3;font-weight:800;color:var(--ink);"
  "font-variant-numeric:tabular-nums}\n"
  ".pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));"
  "gap:8px 28px}\n"
  ".scroll{overflow-x:auto;max-width:100%;padding:2px}\n"
  "table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
  "caption{text-align:start;padding:0 0 6px;caption-side:top}\n"
  "th{font-weight:400;text-align:start;vertical-align:bottom}\n"
  "td,th{padding:5px 8px}\n"
  ".figures{width:100%;font-size:.93rem}\n"
  ".figures td,.figures thead th:not(:first-child){text-align:end;white-space:nowrap}\n"
  ".figures tbody th{color:var(--ink);vertical-align:top}\n"
  ".figures tr{border-bottom:1px solid var(--line)}\n"
  ".figures tfoot th,.figures tfoot td{font-weight:700;color:var(--ink)}\n"
  ".figures small{display:block;color:var(--dim);font-size:.8rem;font-weight:400;"
  "white-space:normal}\n"
  ".matrix{border-collapse:separate;border-spacing:3px;font-size:.87rem}\n"
  ".matrix thead th{text-align:center;max-width:7em;vertical-align:bottom}\n"
  ".matrix tbody th{text-align:end;max-width:11em}\n"
  ".matrix td{min-width:2.8em;height:2.8em;text-align:center;border-radius:6px;padding:2px;"
  "background:var(--none);color:var(--dim)}\n"
  ".matrix.many{font-size:.73rem;border-spacing:1px}\n"
  ".matrix.many td{min-width:1.9em;height:1.9em;border-radius:3px}\n"
  ".matrix.many thead th span{writing-mode:vertical-rl;transform:rotate(180deg);"
  "max-height:11em;overflow:hidden;display:inline-block;text-align:start}\n"
  ".matrix td.right{outline:2px solid var(--ink);outline-offset:-2px}\n"
  ".matrix td.s1{background:var(--s1);color:var(--i1)}.matrix td.s2{background:var(--s2);"
  "color:var(--i2)}.matrix td.s3{background:var(--s3);color:var(--i3)}"
  ".matrix td.s4{background:var(--s4);color:var(--i4)}.matrix td.s5{background:var(--s5);"
  "color:var(--i5)}.matrix td.s6{background:var(--s6);color:var(--i6)}"
  ".matrix td.s7{background:var(--s7);color:var(--i7)}.matrix td.s8{background:var(--s8);"
  "color:var(--i8)}\n"
  "figure{margin:8px 0 0;max-width:520px}\n"
  "svg.chart{display:block;width:100%;height:auto;direction:ltr}\n"
  "svg text{fill:var(--dim);font-size:11px}\n"
  ".grid{stroke:var(--grid);stroke-width:1}\n"
  ".zero{stroke:var(--dim);stroke-width:1}\n"
  ".ideal,.limit{stroke:var(--dim);stroke-width:1.2;stroke-dasharray:4 3;fill:none}\n"
  ".full{fill:var(--bar)}\n"
  ".hollow{fill:var(--none);stroke:var(--edge);stroke-width:1}\n"
  ".line{fill:none;stroke:var(--bar);stroke-width:2.2}\n"
  ".line.second{stroke:var(--good);stroke-dasharray:7 3}\n"
  "svg text.of1{fill:var(--link);font-weight:700}\n"
  "svg text.of2{fill:var(--good);font-weight:700}\n"
  "ul.rows{list-style:none;margin:10px 0 0;padding:0}\n"
  ".flip{display:grid;grid-template-columns:96px minmax(150px,1fr) minmax(260px,1.5fr);"
  "gap:6px 16px;padding:12px 0;border-top:1px solid var(--line);align-items:start}\n"
  ".thumb{width:96px;height:96px;object-fit:contain;border-radius:8px;"
  "background:var(--none);display:block}\n"
  ".flip p{margin:0 0 2px}\n"
  ".name{color:var(--dim);font-size:.87rem}\n"
  ".said{font-weight:700}\n"
  ".badge{display:inline-block;font-size:.8rem;font-weight:700;border-radius:99px;"
  "padding:1px 10px}\n"
  ".regressed{color:var(--bad);background:var(--bad-bg)}\n"
  ".fixed{color:var(--good);background:var(--good-bg)}\n"
  ".changed{color:var(--neither);background:var(--neither-bg)}\n"
  ".scores{width:100%;font-size:.83rem;table-layout:fixed}\n"
  ".scores td,.scores th{padding:2px 4px;vertical-align:middle}\n"
  ".scores th[scope=row]{color:var(--ink)}\n"
  ".scores col.label{width:27%}\n"
  ".scores col.number{width:5.1em}\n"
  ".scores td.number,.scores th.number{text-align:end;white-space:nowrap}\n"
  ".scores td.number,.scores th.number{overflow-wrap:normal}\n"
  ".scores .true{font-weight:700}\n"
  "svg.bars{display:block;width:100%;height:21px}\n"
  ".bar-a{fill:var(--pale);stroke:var(--edge);stroke-width:1;"
  "vector-effect:non-scaling-stroke}\n"
  ".bar-b{fill:var(--bar)}\n"
  ".bars .limit,.bars .zero{vector-effect:non-scaling-stroke}\n"
  "[dir=rtl] svg.bars{transform:scaleX(-1)}\n"
  ".key{display:inline-block;width:12px;height:12px;border-radius:3px;"
  "border:1px solid var(--edge);background:var(--bar);vertical-align:-1px;"
  "margin-inline-end:5px}\n"
  ".key.a{background:var(--pale)}\n"
  ".keys span.of{margin-inline-end:18px;white-space:nowrap}\n"
  ".gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));"
  "gap:12px 16px}\n"
  ".mistake{display:grid;grid-template-columns:96px 1fr;gap:12px;align-items:center}\n"
  ".mistake p{margin:0}\n"
  ".wrong{color:var(--bad)}\n"
  ".made{display:grid;grid-template-columns:minmax(110px,max-content) 1fr;gap:4px 20px;"
  "margin:8px 0 0}\n"
  ".made dd{margin:0}\n"
  "details{margin-top:12px}\n"
  "summary{cursor:pointer;color:var(--link)}\n"
  "code{font:.8rem/1.4 ui-monospace,\"Source Code Pro\",monospace}\n"
  ".hashes td{padding:2px 16px 2px 0;vertical-align:top}\n"
  "footer{color:var(--dim);padding-bottom:28px}\n"
  ".unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);"
  "white-space:nowrap}\n"
  ":focus-visible{outline:2px solid var(--link);outline-offset:2px}\n"
  "@media (max-width:720px){\n"
  "header,main,footer{padding-inline:12px}\n"
  "section{padding:14px 12px}\n"
  "h1{font-size:1.3rem}\n"
  ".cards{grid-template-columns:repeat(auto-fit,minmax(130px,1fr))}\n"
  ".cards dd.big{font-size:1.35rem}\n"
  ".flip{grid-template-columns:96px minmax(0,1fr)}\n"
  ".flip .scores{grid-column:1/-1}\n"
  ".made{grid-template-columns:1fr;gap:0}\n"
  ".made dd{margin-bottom:8px}\n"
  ".gallery{grid-template-columns:1fr}\n"
  "}\n"
  "@page{margin:14mm 12mm}\n"
  "@media print{\n"
  ":root{color-scheme:light;--page:#ffffff}\n"
  "*{-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
  "body{font-size:10pt}\n"
  "header,main,footer{padding:0;max-width:none}\n"
  "header{padding-top:0}\n"
  "section{border:0;border-top:1px solid var(--line);border-radius:0;padding:10px 0;"
  "margin:8px 0 0}\n"
  ".scroll{overflow:visible}\n"
  ".cards{grid-template-columns:repeat(auto-fit,minmax(32mm,1fr));gap:6px}\n"
  ".cards>div{padding:6px 10px}\n"
  ".cards dd.big{font-size:15pt}\n"
  ".matrix.many{font-size:6.5pt}\n"
  ".matrix.many td{min-width:5.5mm;height:5.5mm;padding:0}\n"
  ".pair{grid-template-columns:1fr 1fr}\n"
  ".flip{grid-template-columns:22mm 1fr 1.6fr}\n"
  ".thumb{width:20mm;height:20mm}\n"
  ".gallery{grid-template-columns:repeat(3,1fr)}\n"
  ".mistake{grid-template-columns:20mm 1fr}\n"
  "h1,h2,h3,caption,summary,.keys{break-after:avoid}\n"
  "tr,figure,.flip,.mistake,.cards,.cards>div,.matrix,.made>*{break-inside:avoid}\n"
  "thead{display:table-header-group}\n"
  "tfoot{display:table-row-group}\n"
  "p,li{orphans:3;widows:3}\n"
  "summary{color:var(--dim)}\n"
  "}\n";

/**
 * assay_report_get_style:
 *
 * Returns: (transfer none): what stands within the style element, to the byte
 */
const char *
assay_report_get_style (void)
{
  return style;
}

/**
 * assay_report_dup_policy:
 *
 * The Content-Security-Policy of a report: this style by its hash, pictures within the file,
 * and nothing else (Content Security Policy Level 3, W3C).
 *
 * Returns: (transfer full): the policy
 */
char *
assay_report_dup_policy (void)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *hash = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) style, sizeof style - 1);
  g_checksum_get_digest (checksum, digest, &length);
  hash = g_base64_encode (digest, length);
  return g_strdup_printf ("default-src 'none'; img-src data:; style-src 'sha256-%s'; "
                          "base-uri 'none'; form-action 'none'",
                          hash);
}
