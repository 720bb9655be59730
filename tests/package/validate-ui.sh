#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Validates the user interface files with GTK's own tool.  It knows GTK's types and
# no handlers: files with widgets of Assay's own, or with a template whose parent is
# libadwaita's, are left to the tests that open them; of the others it gets a copy
# without handlers.
# usage: validate-ui.sh FOLDER
set -u

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
number=0
failed=0

for file in "$1"/*.ui "$1"/gtk/*.ui; do
  number=$((number + 1))
  name=${file#"$1"/}
  if grep -Eq '"(Assay|Adw)[A-Za-z]*"' "$file" &&
    grep -Ev '<template class="Assay[A-Za-z]*" parent="Gtk' "$file" | grep -Eq '"(Assay|Adw)[A-Za-z]*"'; then
    echo "ok $number $name # SKIP has types that the tool does not know"
    continue
  fi
  sed '/<signal /d' "$file" >"$copy/file.ui"
  if said=$(gtk4-builder-tool validate "$copy/file.ui" 2>&1); then
    echo "ok $number $name"
  else
    echo "$said" | sed 's/^/# /'
    echo "not ok $number $name"
    failed=1
  fi
done
echo "1..$number"

# The tool must not take just anything.
echo '<interface><object class="GtkLabel"><property name="labal">x</property></object></interface>' \
  >"$copy/file.ui"
if gtk4-builder-tool validate "$copy/file.ui" >/dev/null 2>&1; then
  echo "Bail out! gtk4-builder-tool accepts a property that does not exist"
  failed=1
fi
exit $failed
