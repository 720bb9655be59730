# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes flowers.pt and index_to_name.json in the folder it runs in: a small network with
weights that are always the same, as TorchServe's image_classifier wants it."""
import json

import torch

LABELS = ["daisy", "dandelion", "roses", "sunflowers", "tulips", "lotus, pink", "aster"]

torch.manual_seed(1809)
network = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(4), torch.nn.Flatten(),
                              torch.nn.Linear(48, len(LABELS)))
torch.jit.script(network.eval()).save("flowers.pt")
with open("index_to_name.json", "w", encoding="utf-8") as file:
    json.dump(dict(enumerate(LABELS)), file)
