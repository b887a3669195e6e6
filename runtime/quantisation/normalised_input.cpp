#include "runtime/quantisation/normalised_input.hpp"

namespace gensynth::quantisation {

Prepared with_normalisation(const Architecture& network, const Weights& weights, const std::vector<float>& factor,
                            const std::vector<float>& shift) {
  const int channels = network.shape(0).channels;
  bool taken = false;
  for (int v = 0; v < network.size(); ++v) taken = taken || network[v].id == kNormalisation;
  const std::string id = std::string(kNormalisation) + (taken ? "_of_images" : "");

  ArchitectureBuilder builder(network.name(), network.shape(0), network[0].placement, network[0].id);
  std::vector<int> built(static_cast<std::size_t>(network.size()), 0);
  built[0] = builder.add(Convolution{.out_channels = channels, .groups = channels, .bias = true}, 0, {}, id);
  for (int v = 1; v < network.size(); ++v) {
    std::vector<int> inputs;
    for (const int u : network.inputs(v)) inputs.push_back(built[static_cast<std::size_t>(u)]);
    built[static_cast<std::size_t>(v)] = builder.add(network.op(v), inputs, network[v].placement, network[v].id);
  }
  Prepared prepared{builder.build(built[static_cast<std::size_t>(network.output())]), weights};
  prepared.weights[id + ".weight"] = {{channels, 1, 1, 1}, factor};
  prepared.weights[id + ".bias"] = {{channels}, shift};
  return prepared;
}

}  // namespace gensynth::quantisation
