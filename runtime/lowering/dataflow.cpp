#include "runtime/lowering/dataflow.hpp"

namespace gensynth::lowering {

bool reads_values(const Operator& op, int port) {
  if (std::holds_alternative<Zero>(op)) return false;
  return port == 0 || !(std::holds_alternative<Resize>(op) || std::holds_alternative<FromTokens>(op));
}

std::vector<bool> needed_vertices(const Architecture& net) {
  std::vector<bool> needed(static_cast<std::size_t>(net.size()), false);
  needed[static_cast<std::size_t>(net.output())] = true;
  for (int v = net.size() - 1; v >= 0; --v) {
    if (!needed[static_cast<std::size_t>(v)]) continue;
    for (int port = 0; port < net.in_degree(v); ++port) {
      if (reads_values(net.op(v), port)) needed[static_cast<std::size_t>(net.input(v, port))] = true;
    }
  }
  return needed;
}

}  // namespace gensynth::lowering
