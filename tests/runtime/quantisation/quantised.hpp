#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "architecture/base/file.hpp"
#include "architecture/rewrite/fold.hpp"
#include "runtime/quantisation/quantised_network.hpp"
#include "runtime/torch/run_rounded.hpp"
#include "tests/architecture/operator_networks.hpp"

namespace gensynth::testing {

/// A network with random weights, quantised by eight random images.
inline quantisation::QuantisedNetwork quantised_network(const Architecture& net, std::uint64_t seed,
                                                        const quantisation::QuantisationOptions& options = {}) {
  const Folded folded = fold(net, random_weights(net, seed));
  quantisation::StatisticsCollector collector(folded.architecture);
  libtorch::RoundedNetwork exact(folded.architecture, folded.weights);
  for (const bool first : {true, false}) {
    for (std::uint64_t i = 0; i < 8; ++i) {
      exact.run(random_image(net.shape(0), seed + 1 + i), [&](int v, const float* values, std::size_t count) {
        first ? collector.first_pass(v, values, count) : collector.second_pass(v, values, count);
      });
    }
  }
  return quantisation::quantised(folded.architecture, folded.weights, collector.take(), options);
}

/// The largest difference between `found` and the simulation in LibTorch, in steps of the output's encoding, or in
/// thousandths of the largest value where the output is not stored as int8.
inline double steps_apart(const quantisation::QuantisedNetwork& net, const std::vector<float>& image,
                          const std::vector<float>& found) {
  libtorch::RoundedNetwork simulation(net.network, net.weights, net.encodings);
  const std::vector<float> expected = simulation.run(image);
  if (found.size() != expected.size()) return 1e9;
  const auto& encoding = net.encodings[static_cast<std::size_t>(net.network.output())];
  double step = 1e-30;
  for (const float value : expected) step = std::max(step, std::abs(static_cast<double>(value)) / 1000);
  if (encoding) step = encoding->scale;
  double apart = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double difference = std::abs(static_cast<double>(expected[i]) - found[i]) / step;
    if (!(difference <= apart)) apart = difference;
  }
  return apart;
}

}  // namespace gensynth::testing
