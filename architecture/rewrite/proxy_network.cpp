#include "architecture/rewrite/proxy_network.hpp"

#include <variant>

#include "architecture/base/error.hpp"

namespace gensynth {

Architecture proxy_network(const Architecture& architecture, int px, int classes) {
  const int output = architecture.output();
  const auto* head = std::get_if<Linear>(&architecture.op(output));
  if (head == nullptr) {
    throw Error("architecture '" + architecture.name() + "': proxy training needs a network that ends in a linear " +
                "layer, but vertex '" + architecture[output].id + "' is " + operator_name(architecture.op(output)));
  }
  const Shape input = architecture.shape(architecture.input());
  if (head->out_features == classes && input.height == px && input.width == px) return architecture;

  ArchitectureBuilder builder(architecture.name(), Shape{Layout::map, input.channels, px, px});
  for (int v = 1; v < architecture.size(); ++v) {
    Operator op = architecture.op(v);
    if (v == output) std::get<Linear>(op).out_features = classes;
    const auto inputs = architecture.inputs(v);
    builder.add(std::move(op), std::vector<int>(inputs.begin(), inputs.end()), architecture[v].placement,
                architecture[v].id);
  }
  return builder.build(output);
}

}  // namespace gensynth
