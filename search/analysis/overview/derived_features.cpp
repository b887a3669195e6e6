#include "search/analysis/overview/derived_features.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <variant>

namespace gensynth::analysis::overview {

const std::vector<std::string>& derived_feature_names() {
  static const std::vector<std::string> names = {"stages",     "columns (most)",       "columns (mean)",
                                                 "widest map", "convolutions",         "depthwise",
                                                 "blur pools", "attention condensers", "cross-column joins"};
  return names;
}

std::vector<double> derived_features(const Architecture& network) {
  std::map<int, std::set<int>> columns;  // by stage
  double convolutions = 0, depthwise = 0, blurs = 0, condensers = 0, joins = 0, widest = 0;
  std::set<std::tuple<int, int, int>> gated;
  for (int v = 0; v < network.size(); ++v) {
    const Placement& place = network[v].placement;
    if (place.stage >= 0 && place.column >= 0) columns[place.stage].insert(place.column);
    if (place.role == Role::condenser && gated.insert({place.stage, place.column, place.block}).second) ++condensers;
    if (network.shape(v).layout == Layout::map && place.role != Role::head) {
      widest = std::max(widest, static_cast<double>(network.shape(v).channels));
    }
    if (const auto* convolution = std::get_if<Convolution>(&network.op(v))) {
      ++convolutions;
      if (convolution->groups > 1 && convolution->groups == network.shape(network.input(v, 0)).channels) ++depthwise;
    }
    if (std::holds_alternative<BlurPool>(network.op(v))) ++blurs;
    std::set<int> read;
    for (const int input : network.inputs(v)) {
      const Placement& from = network[input].placement;
      if (from.stage >= 0 && from.column >= 0) read.insert(from.column);
    }
    if (read.size() > 1) ++joins;
  }
  double most = 0, sum = 0;
  for (const auto& [stage, found] : columns) {
    most = std::max(most, static_cast<double>(found.size()));
    sum += static_cast<double>(found.size());
  }
  const auto stages = static_cast<double>(columns.size());
  return {stages, most, stages > 0 ? sum / stages : 0, widest, convolutions, depthwise, blurs, condensers, joins};
}

}  // namespace gensynth::analysis::overview
