"""The graph that a backward pass goes through."""

from __future__ import annotations

from torch import Tensor, nn
from torch.autograd.graph import Node


def nodes_behind(tensor: Tensor) -> set[Node]:
    """All nodes that the gradient of a tensor passes, without those that add it to a leaf. They are alive with the set,
    so a node that is in two sets is one."""
    return {node for node in _behind([tensor.grad_fn]) if not hasattr(node, "variable")}


def parameters_behind(nodes: set[Node], module: nn.Module) -> list[str]:
    """Names of the module's parameters that the gradient reaches through these nodes."""
    leaves = {id(node.variable) for node in _behind([*nodes]) if hasattr(node, "variable")}
    return [f"self.{name}" for name, parameter in module.named_parameters() if id(parameter) in leaves]


def _behind(waiting: list[Node | None]) -> set[Node]:
    found: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node is not None and node not in found:
            found.add(node)
            waiting.extend(following for following, _ in node.next_functions)
    return found
