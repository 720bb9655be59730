# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn flowers: brushes, blooms, settings and the scenes made of them."""
