#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "architecture/architecture.hpp"
#include "runtime/data/dataset.hpp"

namespace gensynth::probe {

/// The response of one vertex to a stimulus (generative synthesis, arXiv:1809.05989: the reaction signals Y of the
/// vertices to x), at initialisation, over one batch.
struct VertexResponse {
  int vertex = 0;
  double mean = 0;       ///< of its output
  double deviation = 0;  ///< standard deviation of its output
  double dead = 0;       ///< share of channels whose output does not vary over batch and places
  double gradient = 0;   ///< root mean square of d loss / d output
  double saliency = 0;   ///< mean |output * gradient|: the first-order effect on the loss of removing the vertex
};

struct ProbeResult {
  std::vector<VertexResponse> responses;  ///< one per vertex, in index order
  double loss = 0;
  double gradient_norm = 0;
  bool finite = true;  ///< no NaN or infinity in any response
  double seconds = 0;
};

/// Sends one batch of `images` training images (or unit Gaussian noise when data is null) forward and back.
/// Deterministic in (architecture, data, seed).
ProbeResult probe(const Architecture& architecture, const data::Dataset* data, int images, std::uint64_t seed);

nlohmann::ordered_json to_json(const ProbeResult& result);
ProbeResult probe_from_json(const nlohmann::json& value, const std::string& source);

}  // namespace gensynth::probe
