#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/quantisation/encoding.hpp"

namespace gensynth::libtorch {

/// Called with the output of a vertex for one image: map (C, H, W), tokens (sets, tokens, C), vector (C).
using VisitValues = std::function<void(int vertex, const float* values, std::size_t count)>;

/// A network in inference form that rounds the output of each vertex to its encoding, as integer arithmetic does.
/// Vertices without an encoding, and all of them when `encodings` is empty, are not rounded. Throws the same Error as
/// `check_weights`. Not thread-safe.
class RoundedNetwork {
 public:
  RoundedNetwork(const Architecture& architecture, const Weights& weights,
                 std::vector<std::optional<quantisation::Encoding>> encodings = {});
  ~RoundedNetwork();
  RoundedNetwork(RoundedNetwork&&) noexcept;

  /// The output for one image (C, H, W).
  std::vector<float> run(const std::vector<float>& image, const VisitValues& visit = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gensynth::libtorch
