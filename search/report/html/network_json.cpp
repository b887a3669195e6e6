#include "search/report/html/network_json.hpp"

#include <nlohmann/json.hpp>

#include "architecture/cost.hpp"
#include "runtime/drawing/describe.hpp"
#include "search/report/html/numbers.hpp"

namespace gensynth::report::html {
namespace {

using nlohmann::ordered_json;

ordered_json vertices_json(const Architecture& net) {
  ordered_json result;
  for (const char* key :
       {"id", "op", "label", "ink", "shape", "stage", "column", "block", "role", "params", "macs", "inputs"}) {
    result[key] = ordered_json::array();
  }
  for (int v = 0; v < net.size(); ++v) {
    const Vertex& vertex = net[v];
    const VertexCost cost = vertex_cost(net, v);
    result["id"].push_back(vertex.id);
    result["op"].push_back(operator_name(vertex.op));
    result["label"].push_back(drawing::short_label(net, v));
    result["ink"].push_back(drawing::ink_name(drawing::ink(net, v, true)));
    result["shape"].push_back(to_string(vertex.shape));
    result["stage"].push_back(vertex.placement.stage);
    result["column"].push_back(vertex.placement.column);
    result["block"].push_back(vertex.placement.block);
    result["role"].push_back(to_string(vertex.placement.role));
    result["params"].push_back(cost.params);
    result["macs"].push_back(cost.macs);
    ordered_json inputs = ordered_json::array();
    for (const int input : net.inputs(v)) inputs.push_back(input);
    result["inputs"].push_back(std::move(inputs));
  }
  return result;
}

ordered_json kernels_json(const analysis::NetworkProfile& profile) {
  ordered_json result;
  for (const char* key : {"vertices", "class", "stage", "ms", "macs", "bytes", "bound_by", "measured_range"}) {
    result[key] = ordered_json::array();
  }
  for (const latency::KernelLatency& kernel : profile.estimate.kernels) {
    result["vertices"].push_back(kernel.vertices);
    result["class"].push_back(kernel.kernel_class);
    result["stage"].push_back(profile.stage_of(kernel));
    result["ms"].push_back(compact(kernel.ms));
    result["macs"].push_back(kernel.macs);
    result["bytes"].push_back(kernel.bytes);
    result["bound_by"].push_back(to_string(kernel.bound));
    result["measured_range"].push_back(kernel.in_range ? 1 : 0);
  }
  return result;
}

}  // namespace

ordered_json network_json(const analysis::overview::TrialNetwork& network) {
  const analysis::NetworkProfile& profile = network.profile;
  ordered_json decisions = ordered_json::array();
  for (std::size_t i = 0; i < network.decisions.size(); ++i) {
    decisions.push_back({network.decisions[i], network.answers[i]});
  }
  return {{"trial", network.trial},
          {"latency_ms", compact(profile.estimate.ms)},
          {"low", compact(profile.estimate.low)},
          {"high", compact(profile.estimate.high)},
          {"in_range", profile.estimate.in_range},
          {"notes", profile.estimate.notes},
          {"params", profile.total.params},
          {"macs", profile.total.macs},
          {"vertices", vertices_json(profile.architecture)},
          {"kernels", kernels_json(profile)},
          {"decisions", std::move(decisions)}};
}

}  // namespace gensynth::report::html
