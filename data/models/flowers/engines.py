# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two ways to run a model.onnx: OpenCV's DNN module, as Assay does, and torch as its check."""

import numpy as np


def opencv(path):
    """A function from a batch (n, 3, height, width) to probabilities (n, labels), by OpenCV."""
    import cv2
    net = cv2.dnn.readNetFromONNX(str(path))

    def run(batch):
        net.setInput(np.ascontiguousarray(batch, np.float32))
        return net.forward().copy()
    return run


def _attributes(node):
    import onnx
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def _apply(node, given, functional):
    """One node of the graph on torch tensors; knows the operators that train.py exports."""
    import torch
    how = _attributes(node)
    x = given[0]
    if node.op_type == "Constant":
        return torch.from_numpy(_array(how["value"]))
    if node.op_type == "BatchNormalization":
        return functional.batch_norm(x, given[3], given[4], given[1], given[2], False, 0.0,
                                     how["epsilon"])
    if node.op_type == "Conv":
        return functional.conv2d(x, given[1], given[2], how["strides"], how["pads"][:2])
    if node.op_type == "MaxPool":
        return functional.max_pool2d(x, how["kernel_shape"], how["strides"])
    if node.op_type == "Gemm":
        return functional.linear(x, given[1], given[2])
    if node.op_type == "Add":
        return x + given[1]
    if node.op_type == "Relu":
        return functional.relu(x)
    if node.op_type == "ReduceMean":
        return x.mean(dim=how["axes"], keepdim=bool(how.get("keepdims", 1)))
    if node.op_type == "Softmax":
        return torch.softmax(x, dim=how["axis"])
    raise ValueError(f"operator {node.op_type} is not known here")


def _array(tensor):
    from onnx import numpy_helper
    return numpy_helper.to_array(tensor).copy()


def torch(path):
    """The same function, node by node with torch; shares no code with OpenCV."""
    import onnx
    import torch as engine
    from torch.nn import functional
    graph = onnx.load(str(path)).graph
    weights = {t.name: engine.from_numpy(_array(t)) for t in graph.initializer}

    def run(batch):
        values = dict(weights)
        values[graph.input[0].name] = engine.from_numpy(np.ascontiguousarray(batch, np.float32))
        with engine.no_grad():
            for node in graph.node:
                given = [values[name] for name in node.input] or [None]
                values[node.output[0]] = _apply(node, given, functional)
        return values[graph.output[0].name].numpy()
    return run
