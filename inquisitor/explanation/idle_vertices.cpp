#include "inquisitor/explanation/idle_vertices.hpp"

#include <algorithm>
#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"

namespace gensynth::explanation {

std::vector<VertexCredit> credit_vertices(const Architecture& network, const probe::ProbeResult& probe) {
  const Cost whole = cost(network);
  std::vector<VertexCredit> result;
  double responses = 0;
  for (const probe::VertexResponse& answer : probe.responses) {
    if (answer.vertex < 0 || answer.vertex >= network.size()) {
      throw Error("probe of '" + network.name() + "': vertex " + std::to_string(answer.vertex) + ", expected 0 to " +
                  std::to_string(network.size() - 1));
    }
    const VertexCost own = vertex_cost(network, answer.vertex);
    if (own.macs == 0) continue;
    VertexCredit credit;
    credit.vertex = answer.vertex;
    credit.response = answer.saliency * std::sqrt(static_cast<double>(network.shape(answer.vertex).elements()));
    credit.dead = answer.dead;
    credit.params = static_cast<double>(own.params);
    credit.macs = static_cast<double>(own.macs);
    credit.params_share = credit.params / static_cast<double>(std::max<std::int64_t>(1, whole.params));
    credit.macs_share = credit.macs / static_cast<double>(std::max<std::int64_t>(1, whole.macs));
    responses += credit.response;
    result.push_back(credit);
  }
  const double even = 1 / static_cast<double>(std::max<std::size_t>(1, result.size()));
  for (VertexCredit& credit : result) {
    if (responses > 0) credit.response /= responses;
    credit.idle = credit.response < kIdleResponse * even || credit.dead >= kIdleDead;
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const VertexCredit& a, const VertexCredit& b) { return a.response < b.response; });
  return result;
}

}  // namespace gensynth::explanation
