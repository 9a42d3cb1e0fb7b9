"""Forests written as an ONNX model: one input row, one column of log-odds for each.

Source: onnx.proto3 (IR version 8) and ``TreeEnsembleRegressor`` of ``ai.onnx.ml`` 3,
https://onnx.ai/onnx/operators
"""

from collections.abc import Sequence

from registry import protobuf as wire
from registry.forest import LEAF, Forest

ROWS = "rows"
_IR_VERSION, _OPSET, _TREE_OPSET = 8, 18, 3
_TREES = "ai.onnx.ml"
_FLOAT_TENSOR = 1
_FLOATS, _WHOLES, _STRING, _STRINGS, _WHOLE = 6, 7, 3, 8, 2


def output(place: int) -> str:
    """Name of the output that holds the log-odds of a forest."""
    return f"log_odds_{place}"


def model(forests: Sequence[Forest], width: int) -> bytes:
    """The bytes of an ONNX model.

    Args:
        forests: Trees whose features count the columns of the row.
        width: Columns of the row, which is ``(n, width)`` of 32-bit numbers.
    """
    nodes = [wire.part(1, _trees(f, output(i))) for i, f in enumerate(forests)]
    graph = b"".join(
        [
            *nodes,
            wire.text(2, "forests"),
            wire.part(11, _tensor(ROWS, width)),
            *(wire.part(12, _tensor(output(i), 1)) for i in range(len(forests))),
        ]
    )
    return b"".join(
        [
            wire.whole(1, _IR_VERSION),
            wire.text(2, "dexter"),
            wire.part(7, graph),
            wire.part(8, wire.text(1, "") + wire.whole(2, _OPSET)),
            wire.part(8, wire.text(1, _TREES) + wire.whole(2, _TREE_OPSET)),
        ]
    )


def _tensor(name: str, width: int) -> bytes:
    rows = wire.part(1, wire.text(2, "n"))
    columns = wire.part(1, wire.whole(1, width))
    tensor = wire.whole(1, _FLOAT_TENSOR) + wire.part(2, rows + columns)
    return wire.text(1, name) + wire.part(2, wire.part(1, tensor))


def _trees(forest: Forest, name: str) -> bytes:
    nodes = forest.nodes
    leaves = [node for node in nodes if node.mode == LEAF]
    attributes = [
        _wholes("nodes_treeids", [n.tree for n in nodes]),
        _wholes("nodes_nodeids", [n.place for n in nodes]),
        _wholes("nodes_featureids", [n.feature for n in nodes]),
        _strings("nodes_modes", [n.mode for n in nodes]),
        _floats("nodes_values", [n.threshold for n in nodes]),
        _wholes("nodes_truenodeids", [n.true for n in nodes]),
        _wholes("nodes_falsenodeids", [n.false for n in nodes]),
        _wholes(
            "nodes_missing_value_tracks_true", [int(n.missing_true) for n in nodes]
        ),
        _wholes("target_treeids", [n.tree for n in leaves]),
        _wholes("target_nodeids", [n.place for n in leaves]),
        _wholes("target_ids", [0] * len(leaves)),
        _floats("target_weights", [n.value for n in leaves]),
        _floats("base_values", [forest.base]),
        _attribute("n_targets", _WHOLE, wire.whole(3, 1)),
        _attribute("post_transform", _STRING, wire.text(4, "NONE")),
    ]
    return b"".join(
        [
            wire.text(1, ROWS),
            wire.text(2, name),
            wire.text(4, "TreeEnsembleRegressor"),
            *(wire.part(5, attribute) for attribute in attributes),
            wire.text(7, _TREES),
        ]
    )


def _attribute(name: str, kind: int, content: bytes) -> bytes:
    return wire.text(1, name) + content + wire.whole(20, kind)


def _floats(name: str, values: Sequence[float]) -> bytes:
    return _attribute(name, _FLOATS, wire.singles(7, values))


def _wholes(name: str, values: Sequence[int]) -> bytes:
    return _attribute(name, _WHOLES, wire.wholes(8, values))


def _strings(name: str, values: Sequence[str]) -> bytes:
    return _attribute(name, _STRINGS, wire.texts(9, values))
